//! The look before a launch: what it takes out, what it lets wait, and when it is no use.

use domain::Kind;
use domain::execution::event::{FailedLook, FaultClass, WorldFault};
use domain::execution::{BatchReference, Effect, Event, NoteCode, ServerState};
use domain::launchability::{Consent, InstanceOwner, LiveInstance};
use domain::quota::{Limits, Usage};
use domain::source_server::{DrillFlag, RecoveryInstance, Replication};

use crate::fake_drs::{Naming, Sight, foreign_instance};
use crate::world::{World, execution_id, execution_with, instance, passing, retry, server};

#[test]
fn a_failed_look_before_a_launch_delays_it_however_often() {
    let mut world = World::drill("db 1");
    world.drs.sight = Sight::Failing;
    world.run_for(3 * 3_600);
    assert_eq!(world.summary(), "RUNNING: QUEUED");
    assert!(world.drs.jobs.is_empty());
    world.drs.sight = Sight::Clear;
    world.run_to_end();
    assert_eq!(world.summary(), "COMPLETED: COMPLETED");
}

#[test]
fn a_batch_is_split_where_drs_takes_fewer_servers_in_one_job() {
    let mut world = World::drill("db 1-10");
    world.drs.limits = Limits {
        servers_per_job: 4,
        ..Limits::DEFAULT
    };
    world.run_to_end();
    assert_eq!(world.summary(), "COMPLETED: COMPLETED");
    let mut sizes: Vec<usize> = world.drs.jobs.iter().map(|job| job.servers.len()).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [2, 4, 4]);
}

#[test]
fn only_a_recovery_that_was_told_so_launches_without_a_look() {
    let launches = |kind, unverified: Option<&str>| {
        let consent = Consent {
            unverified: unverified.map(str::to_owned),
            ..Consent::default()
        };
        let mut world = World::of(execution_with(kind, "db 1", consent));
        world.drs.sight = Sight::Failing;
        world.run_for(60);
        world.drs.launches_of(1)
    };
    assert_eq!(launches(Kind::Recovery, Some("the Region is on fire")), 1);
    assert_eq!(launches(Kind::Recovery, None), 0);
    assert_eq!(launches(Kind::Drill, Some("the Region is on fire")), 0);
}

#[test]
fn capacity_that_was_waited_for_does_not_count_as_looks_that_failed() {
    let unverified = Some("the Region is on fire".to_owned());
    let consent = Consent {
        unverified,
        ..Consent::default()
    };
    let execution = execution_with(Kind::Recovery, "db 1", consent);
    let mut world = World::of(execution);
    world.drs.usage = Usage {
        jobs: 20,
        servers_in_jobs: 0,
    };
    world.run_for(300);
    world.drs.sight = Sight::Failing;
    world.wait(60);
    let batch = BatchReference { wave: 0, batch: 0 };
    let effects = world.tell(&Event::LaunchLooked {
        batch,
        look: Err(passing().into()),
    });
    assert!(
        !effects
            .iter()
            .any(|effect| matches!(effect, Effect::StartRecovery { .. }))
    );
}

#[test]
fn a_look_that_began_long_ago_launches_nothing() {
    let mut world = World::drill("db 1");
    let looks = world.tell(&Event::Tick);
    let clear = world.drs.perform(&world.execution, &looks[0], world.now);
    world.wait(91);
    let before = world.execution.clone();
    world.tell(&clear[0]);
    assert_eq!(world.execution, before);
    world.run_to_end();
    assert_eq!(world.summary(), "COMPLETED: COMPLETED");
}

#[test]
fn a_look_from_before_the_batch_was_put_off_is_not_used() {
    let mut world = World::drill("db 1");
    let looks = world.tell(&Event::Tick);
    let clear = world.drs.perform(&world.execution, &looks[0], world.now);
    world.drs.usage = Usage {
        jobs: 20,
        servers_in_jobs: 0,
    };
    world.carry_out(&looks[0]);
    let delayed = world.execution.clone();
    world.tell(&clear[0]);
    assert_eq!(world.execution, delayed);
    assert!(world.drs.jobs.is_empty());
}

#[test]
fn a_look_that_did_not_ask_for_a_server_that_now_waits_is_not_used() {
    let mut world = World::recovery("db 1-2");
    world
        .drs
        .replication
        .insert(server(2), Replication::Stopped);
    world.drs.usage = Usage {
        jobs: 20,
        servers_in_jobs: 0,
    };
    world.tick();
    assert_eq!(world.states(), [ServerState::Queued, ServerState::Failed]);
    world.drs.usage = Usage::default();
    world.drs.replication.clear();
    world.wait(5);
    let look = world.tell(&Event::Tick).remove(0);
    let without = world
        .drs
        .perform(&world.execution, &look, world.now)
        .remove(0);
    world.command(retry("db", None)).unwrap();
    assert!(world.tell(&without).is_empty());
    assert_eq!(world.states(), [ServerState::Queued; 2]);
    world.run_to_end();
    assert_eq!(world.summary(), "COMPLETED: COMPLETED");
    assert_eq!(world.drs.jobs.len(), 1);
}

#[test]
fn an_instance_counts_as_replaced_only_when_its_server_is_really_launched_again() {
    let mut world = World::drill("db 1");
    let other = execution_id(9);
    let live = foreign_instance();
    world
        .drs
        .foreign
        .push((live, InstanceOwner::EndedDrill(other.clone())));
    world.drs.usage = Usage {
        jobs: 20,
        servers_in_jobs: 0,
    };
    world.tick();
    assert_eq!(world.noted(NoteCode::InstanceReplaced), 0);
    world.drs.usage = Usage::default();
    world.wait(5);
    let look = world.tell(&Event::Tick).remove(0);
    let events = world.drs.perform(&world.execution, &look, world.now);
    let effects = world.tell(&events[0]);
    assert!(matches!(effects[..], [Effect::StartRecovery { .. }]));
    assert_eq!(world.noted(NoteCode::InstanceReplaced), 0, "DRS may refuse");
    let answers = world.drs.perform(&world.execution, &effects[0], world.now);
    let effects = world.tell(&answers[0]);
    let told = Effect::TellReplaced {
        execution: other,
        instances: vec![instance(9)],
    };
    assert!(effects.contains(&told), "{effects:?}");
    assert_eq!(world.noted(NoteCode::InstanceReplaced), 1);
}

#[test]
fn a_launch_that_drs_refuses_replaces_nothing() {
    let mut world = World::drill("db 1");
    let live = foreign_instance();
    let other = InstanceOwner::EndedDrill(execution_id(9));
    world.drs.foreign.push((live, other));
    world.drs.refused.insert(server(1), Naming::Named);
    world.run_to_end();
    assert_eq!(world.state(1), ServerState::Failed);
    assert!(world.noted(NoteCode::LaunchIntended) > 1);
    assert_eq!(world.noted(NoteCode::InstanceReplaced), 0);
}

/// What a batch of a recovery, started in spite of what could not be verified, does after many
/// looks that failed so.
fn after_faults(class: FaultClass) -> World {
    let text = "DRS says no".to_owned();
    after_failed_looks(
        "db 1 | pause",
        &WorldFault {
            class,
            text: text.into(),
        }
        .into(),
    )
}

fn after_failed_looks(plan: &str, failed: &FailedLook) -> World {
    let unverified = Some("the Region is on fire".to_owned());
    let consent = Consent {
        unverified,
        ..Consent::default()
    };
    let mut world = World::of(execution_with(Kind::Recovery, plan, consent));
    world.tell(&Event::Tick);
    let batch = BatchReference { wave: 0, batch: 0 };
    for _ in 0..20 {
        world.wait(15);
        let look = Err(failed.clone());
        world.tell(&Event::LaunchLooked { batch, look });
    }
    world
}

#[test]
fn the_class_of_a_fault_decides_what_a_launch_does() {
    let launched = |world: &World| world.noted(NoteCode::LaunchIntended);
    let passing = after_faults(FaultClass::Passing);
    assert_eq!(launched(&passing), 1);
    assert_eq!(passing.server(1).warnings.len(), 1);
    let denied = after_faults(FaultClass::Denied);
    assert_eq!(launched(&denied), 1);
    assert_eq!(denied.server(1).warnings.len(), 1);
    let not_initialised = after_faults(FaultClass::NotInitialised);
    assert_eq!(launched(&not_initialised), 0);
    assert_eq!(not_initialised.state(1), ServerState::Failed);
    assert_eq!(
        not_initialised.server(1).error.as_deref(),
        Some("DRS says no")
    );
    assert_eq!(not_initialised.summary(), "PAUSED: FAILED");
}

#[test]
fn a_launch_without_a_look_waits_for_servers_whose_launch_by_another_is_in_doubt() {
    let failed = FailedLook {
        fault: passing(),
        live_instances: vec![],
        in_doubt: vec![(server(2), execution_id(7))],
    };
    let world = after_failed_looks("db 1-3", &failed);
    let expected = [
        ServerState::Reconciling,
        ServerState::Queued,
        ServerState::Reconciling,
    ];
    assert_eq!([1, 2, 3].map(|number| world.state(number)), expected);
}

#[test]
fn a_launch_without_a_look_spares_the_instances_that_were_seen_all_the_same() {
    let live = |number, owner| {
        let id = instance(number);
        (server(number), LiveInstance { id, owner })
    };
    let failed = FailedLook {
        fault: passing(),
        live_instances: vec![
            live(1, InstanceOwner::Recovery),
            live(2, InstanceOwner::EndedDrill(execution_id(7))),
        ],
        in_doubt: vec![],
    };
    let world = after_failed_looks("db 1-3", &failed);
    let expected = [
        ServerState::Failed,
        ServerState::Reconciling,
        ServerState::Reconciling,
    ];
    assert_eq!(world.states(), expected);
    assert_eq!(world.noted(NoteCode::ServersTakenOut), 1);
    let error = world.server(1).error.clone().unwrap_or_else(|| "".into());
    assert!(error.contains("name it to replace it"), "{error}");
    let world = after_failed_looks("db 1", &failed);
    assert_eq!(world.noted(NoteCode::LaunchIntended), 0);
    assert_eq!(world.states(), [ServerState::Failed]);
}

#[test]
fn what_cannot_be_launched_is_taken_out_and_the_rest_is_judged_by_need() {
    let mut world = World::recovery("db 1-10 | need 9");
    world
        .drs
        .replication
        .insert(server(4), Replication::Disconnected);
    world.run_to_end();
    assert_eq!(world.summary(), "PARTIAL: PARTIAL");
    assert_eq!(world.state(4), ServerState::Failed);
    assert_eq!(world.drs.launches_of(4), 0);
    assert_eq!(world.drs.jobs.len(), 1);
    assert_eq!(world.noted(NoteCode::ServersTakenOut), 1);
    let mut world = World::recovery("db 1-10");
    for number in 1..=10 {
        world
            .drs
            .replication
            .insert(server(number), Replication::Stalled);
    }
    world.run_to_end();
    assert_eq!(world.summary(), "COMPLETED: COMPLETED");
    let warned = &world.server(10).warnings;
    assert_eq!(*warned, ["launched although its replication is stalled"]);
}

#[test]
fn a_live_instance_of_a_recovery_that_appears_between_two_waves_keeps_a_drill_away() {
    let mut world = World::drill("db 1\napp 2-3 | need 1");
    world.run_to_launch_of(1);
    let live = RecoveryInstance {
        server: Some(server(2)),
        drill: DrillFlag::Recovery,
        ..foreign_instance()
    };
    world.drs.foreign.push((live, InstanceOwner::Recovery));
    world.run_to_end();
    assert_eq!(world.summary(), "PARTIAL: COMPLETED PARTIAL");
    assert_eq!([2, 3].map(|number| world.drs.launches_of(number)), [0, 1]);
    assert!(
        world
            .server(2)
            .error
            .as_deref()
            .unwrap()
            .contains("live instance")
    );
    assert!(!world.drs.destroyed(&instance(9)));
}
