//! May this server be launched now? The table of the guard, and that of its replication.

use std::collections::BTreeMap;

use domain::Kind;
use domain::launchability::{
    Consent, InstanceOwner, LAG_SECONDS_MAX, Launchability, LiveInstance, ReplaceInstance,
    ServerLook, judge,
};
use domain::source_server::{Replication, SourceServer, Volumes};

use crate::world::{execution_id, instance, job, server};

pub(crate) fn look() -> ServerLook {
    ServerLook {
        id: server(1),
        launched_here: None,
        server: Some(SourceServer {
            staging_area: domain::source_server::StagingArea::Usable,
            id: server(1),
            hostname: None,
            replication: Replication::Continuous,
            lag_seconds: None,
            origin_region: None,
            tags: BTreeMap::new(),
            recovery_instance: None,
            last_launch_job: None,
            volumes: Volumes::Ready,
        }),
        in_job: None,
        in_doubt: None,
        live_instance: None,
    }
}

/// One word for an answer.
fn word(answer: &Launchability) -> &'static str {
    match answer {
        Launchability::Launch { replaces: None } => "launch",
        Launchability::Launch { replaces: Some(_) } => "replace",
        Launchability::NotRecoverable(_) => "not recoverable",
        Launchability::Lagging(_) => "lagging",
        Launchability::Guarded(..) => "guarded",
        Launchability::InJob(_) => "in job",
        Launchability::InDoubt(_) => "in doubt",
        Launchability::CarriedOver(..) => "carried over",
    }
}

/// What a drill and a recovery do with such a server.
fn check(look: &ServerLook, consent: &Consent, expected: [&str; 2]) {
    let found = [Kind::Drill, Kind::Recovery].map(|kind| word(&judge(look, kind, consent)));
    assert_eq!(found, expected, "{look:?}");
}

fn replicating(replication: Replication, lag_seconds: Option<u64>) -> ServerLook {
    let mut look = look();
    let server = look.server.as_mut().unwrap();
    server.replication = replication;
    server.lag_seconds = lag_seconds;
    look
}

#[test]
fn nothing_is_launched_while_the_launch_of_another_may_still_arrive() {
    let seen = ServerLook {
        in_doubt: Some(execution_id(7)),
        ..look()
    };
    check(&seen, &Consent::default(), ["in doubt", "in doubt"]);
    let in_its_job = ServerLook {
        in_job: Some(job(1)),
        ..seen
    };
    check(&in_its_job, &Consent::default(), ["in job", "in job"]);
}

#[test]
fn the_table_of_replication_states() {
    let none = Consent::default();
    let refused = ["not recoverable"; 2];
    for (replication, expected) in [
        (Replication::Stopped, refused),
        (Replication::Disconnected, refused),
        (Replication::Initiating, refused),
        (Replication::InitialSync, refused),
        (Replication::Stalled, ["lagging", "launch"]),
        (Replication::Backlog, ["lagging", "launch"]),
        (Replication::Paused, ["lagging", "launch"]),
        (Replication::Rescan, ["lagging", "launch"]),
        (Replication::Continuous, ["launch"; 2]),
        (Replication::CreatingSnapshot, ["launch"; 2]),
        (Replication::Other("NEWER".to_owned()), ["launch"; 2]),
    ] {
        check(&replicating(replication.clone(), None), &none, expected);
        assert_eq!(Replication::from_name(replication.name()), replication);
    }
}

#[test]
fn a_recovery_is_never_refused_for_lag_and_a_drill_only_without_a_word() {
    let none = Consent::default();
    let acknowledged = Consent {
        lag: Some("known".to_owned()),
        ..Consent::default()
    };
    let over = replicating(Replication::Continuous, Some(LAG_SECONDS_MAX + 1));
    let within = replicating(Replication::Continuous, Some(LAG_SECONDS_MAX));
    let stalled = replicating(Replication::Stalled, None);
    check(&within, &none, ["launch"; 2]);
    check(&over, &none, ["lagging", "launch"]);
    check(&over, &acknowledged, ["launch"; 2]);
    check(&stalled, &acknowledged, ["launch"; 2]);
    let stopped = replicating(Replication::Stopped, None);
    check(&stopped, &acknowledged, ["not recoverable"; 2]);
}

#[test]
fn an_unknown_server_and_one_with_missing_volumes_cannot_be_recovered() {
    let none = Consent::default();
    check(
        &ServerLook {
            server: None,
            ..look()
        },
        &none,
        ["not recoverable"; 2],
    );
    let mut missing = look();
    missing.server.as_mut().unwrap().volumes = Volumes::Missing;
    check(&missing, &none, ["not recoverable"; 2]);
}

fn with_instance(owner: InstanceOwner) -> ServerLook {
    ServerLook {
        live_instance: Some(LiveInstance {
            id: instance(1),
            owner,
        }),
        ..look()
    }
}

#[test]
fn the_table_of_live_instances() {
    let none = Consent::default();
    let drill = execution_id(9);
    for (owner, expected) in [
        (
            InstanceOwner::EndedDrill(drill.clone()),
            ["replace", "replace"],
        ),
        (InstanceOwner::LiveDrill(drill), ["replace", "replace"]),
        (InstanceOwner::ForeignDrill, ["guarded", "replace"]),
        (InstanceOwner::Recovery, ["guarded", "guarded"]),
        (InstanceOwner::FailingBack, ["guarded", "guarded"]),
    ] {
        check(&with_instance(owner), &none, expected);
    }
}

#[test]
fn only_a_recovery_replaces_an_instance_of_a_recovery_and_only_the_very_one_named() {
    let named = |number, replaced| Consent {
        replace_instances: vec![ReplaceInstance {
            server: server(number),
            instance: instance(replaced),
            reason: "it is broken".to_owned(),
        }],
        ..Consent::default()
    };
    let recovery = with_instance(InstanceOwner::Recovery);
    check(&recovery, &named(1, 1), ["guarded", "replace"]);
    check(&recovery, &named(1, 2), ["guarded", "guarded"]);
    check(&recovery, &named(2, 1), ["guarded", "guarded"]);
    let failing_back = with_instance(InstanceOwner::FailingBack);
    check(&failing_back, &named(1, 1), ["guarded", "guarded"]);
}

#[test]
fn the_guard_comes_before_a_job_in_progress_and_that_before_replication() {
    let none = Consent::default();
    let mut look = replicating(Replication::Stopped, None);
    look.in_job = Some(job(1));
    check(&look, &none, ["in job"; 2]);
    look.live_instance = with_instance(InstanceOwner::Recovery).live_instance;
    check(&look, &none, ["guarded"; 2]);
}
