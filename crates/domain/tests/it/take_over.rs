//! A recovery takes servers over: from drills, which give way, and from the recovery that it
//! continues, whose instances it keeps.

use domain::execution::clean_up::{CleanUpInstanceState, CleanUpStatus};
use domain::execution::take_over::{TakeOver, TakeOverProgress};
use domain::execution::{BatchState, Event, NoteCode, Refusal, ServerState, Status};
use domain::launchability::{Consent, InstanceOwner, Launchability, LiveInstance, judge};
use domain::source_server::{DrillFlag, RecoveryInstance};
use domain::{Kind, Place, SourceServerId};
use jiff::SignedDuration;

use crate::fake_drs::Fate;
use crate::launchability::look;
use crate::world::{World, cancel, execution_id, instance, job, place, server, terminate};

fn take_over(numbers: &[u32]) -> Event {
    take_over_by(9, TakeOverProgress::Done, numbers)
}

fn take_over_by(recovery: u32, progress: TakeOverProgress, numbers: &[u32]) -> Event {
    let servers: Vec<(Place, SourceServerId)> = numbers
        .iter()
        .map(|&number| (place(1), server(number)))
        .collect();
    Event::TakenOver(TakeOver {
        to: execution_id(recovery),
        by: "cho@example.com".to_owned(),
        reason: "the site is down".to_owned(),
        servers,
        progress,
    })
}

fn passed(world: &World, number: u32) -> bool {
    world.server(number).passed_to == Some(execution_id(9))
}

#[test]
fn a_drill_at_a_gate_gives_way_and_ends() {
    let mut world = World::drill("db 1-2\napp 3 | gate");
    world.run_to_hold();
    assert_eq!(world.status(), Status::Paused);
    world.tell(&take_over(&[1, 2, 3]));
    assert_eq!(world.status(), Status::Cancelled);
    assert!([1, 2, 3].iter().all(|&number| passed(&world, number)));
    world.run_to_rest();
    assert_eq!(world.drs.launches_of(3), 0);
    let codes: Vec<NoteCode> = world.notes.iter().map(|note| note.code).collect();
    assert!(codes.contains(&NoteCode::TakenOver), "{codes:?}");
}

#[test]
fn a_launching_drill_starts_nothing_more_and_follows_its_jobs_to_their_end() {
    let mut world = World::drill("db 1-2\napp 3");
    world.run_to_launch_of(1);
    world.tell(&take_over(&[1, 2, 3]));
    assert_eq!(world.status(), Status::Cancelling);
    world.run_to_end();
    assert_eq!(world.summary(), "CANCELLED: COMPLETED CANCELLED");
    assert_eq!(world.drs.launches_of(3), 0);
    assert_eq!(world.state(1), ServerState::Launched);
}

#[test]
fn the_servers_of_a_followed_job_are_told_unless_it_is_older_than_what_is_asked_for() {
    let mut world = World::drill("db 1-2");
    world.run_until(|execution| {
        let mut batches = execution.batches();
        batches.any(|(_, batch)| batch.job_in_flight().is_some())
    });
    let batch = &world.execution.waves[0].batches[0];
    let BatchState::Following(following) = &batch.state else {
        panic!("it is followed: {batch:?}");
    };
    let followed = |since| -> Vec<SourceServerId> {
        let servers = batch.followed_servers(since);
        servers.map(|(server, _)| server.id.clone()).collect()
    };
    assert_eq!(followed(following.since), [server(1), server(2)]);
    let later = following.since + SignedDuration::from_secs(1);
    assert_eq!(followed(later), []);
}

#[test]
fn only_the_servers_that_are_taken_pass() {
    let mut world = World::drill("db 1-2\napp 3 | gate");
    world.run_to_hold();
    world.tell(&take_over(&[2]));
    assert_eq!((passed(&world, 1), passed(&world, 2)), (false, true));
}

#[test]
fn of_recoveries_that_begin_at_once_the_servers_are_those_of_the_one_that_gets_the_locks() {
    let mut world = World::drill("db 1-2 | gate");
    world.run_to_hold();
    world.tell(&take_over_by(9, TakeOverProgress::Announced, &[1, 2]));
    world.tell(&take_over_by(8, TakeOverProgress::Announced, &[1, 2]));
    world.tell(&take_over_by(8, TakeOverProgress::Done, &[1, 2]));
    assert_eq!(world.server(1).passed_to, Some(execution_id(8)));
    world.tell(&take_over_by(7, TakeOverProgress::Announced, &[1, 2]));
    assert_eq!(world.server(1).passed_to, Some(execution_id(8)));
}

#[test]
fn a_take_over_that_is_told_again_changes_nothing() {
    let mut world = World::drill("db 1-2\napp 3 | gate");
    world.run_to_hold();
    world.tell(&take_over(&[1, 2, 3]));
    let (before, notes) = (world.execution.clone(), world.notes.len());
    world.tell(&take_over(&[1, 2, 3]));
    assert_eq!((&world.execution, world.notes.len()), (&before, notes));
}

#[test]
fn a_clean_up_leaves_the_instances_of_servers_that_pass() {
    let mut world = World::drill("db 1-2");
    world.run_to_end();
    world.command(terminate()).unwrap();
    world.tell(&take_over(&[1, 2]));
    world.run_to_rest();
    let clean_up = &world.execution.head.clean_up;
    assert_eq!(clean_up.status, CleanUpStatus::Incomplete);
    for known in &clean_up.instances {
        assert_eq!(known.state, CleanUpInstanceState::Refused);
        let reason = known.reason.as_deref().unwrap();
        assert!(reason.contains("left to recovery"), "{reason}");
    }
    // Once the recovery is over, and the locks are had again, the rest can go.
    world.command(terminate()).unwrap();
    assert!(!passed(&world, 1));
    world.run_to_rest();
    assert_eq!(world.execution.head.clean_up.status, CleanUpStatus::Done);
}

#[test]
fn a_recovery_gives_way_only_once_it_has_ended() {
    let mut world = World::recovery("db 1\napp 2");
    world.run_to_launch_of(1);
    let refusal = world.try_tell(&take_over(&[1, 2])).unwrap_err();
    assert!(matches!(refusal, Refusal::NotAllowedNow(_)), "{refusal:?}");
    world.command(cancel(&[])).unwrap();
    world.run_to_end();
    let ending = world.execution.head.ending.clone();
    world.tell(&take_over(&[1, 2]));
    assert_eq!(world.execution.head.ending, ending);
    assert!(passed(&world, 1));
}

#[test]
fn a_forgotten_drill_is_cancelled_and_a_recovery_never_is() {
    let four_hours = 4 * 3_600;
    let mut failed = World::drill("db 1 | pause\napp 2");
    failed.drs.fate(1, Fate::Fails);
    for (mut world, expected) in [
        (World::drill("db 1\napp 2 | gate"), Status::Cancelled),
        (failed, Status::Cancelled),
        (World::recovery("db 1\napp 2 | gate"), Status::Paused),
    ] {
        world.run_to_hold();
        world.run_for(four_hours - 60);
        assert_eq!(world.status(), Status::Paused);
        world.run_for(120);
        assert_eq!(world.status(), expected, "{}", world.picture());
    }
}

fn launched_by(owner: InstanceOwner, execution: u32) -> domain::launchability::ServerLook {
    let facts = RecoveryInstance {
        id: instance(1),
        server: Some(server(1)),
        job: Some(job(1)),
        drill: DrillFlag::Recovery,
        ec2_state: Some("RUNNING".into()),
        private_ips: Vec::new(),
        recovery_point_at: None,
        failback_state: None,
    };
    domain::launchability::ServerLook {
        live_instance: Some(LiveInstance {
            id: instance(1),
            owner,
        }),
        launched_here: Some((execution_id(execution), facts)),
        ..look()
    }
}

#[test]
fn a_recovery_carries_on_only_with_instances_of_the_one_that_it_continues() {
    let continues = |execution| Consent {
        continues: Some(execution_id(execution)),
        ..Consent::default()
    };
    let seen = launched_by(InstanceOwner::Recovery, 7);
    let answer = judge(&seen, Kind::Recovery, &continues(7));
    assert!(
        matches!(answer, Launchability::CarriedOver(..)),
        "{answer:?}"
    );
    let answer = judge(&seen, Kind::Recovery, &continues(8));
    assert!(matches!(answer, Launchability::Guarded(..)), "{answer:?}");
    let after_both = Consent {
        continues_earlier: continues(7).lineage(),
        ..continues(8)
    };
    let answer = judge(&seen, Kind::Recovery, &after_both);
    assert!(
        matches!(answer, Launchability::CarriedOver(..)),
        "{answer:?}"
    );
    let answer = judge(&seen, Kind::Recovery, &Consent::default());
    assert!(matches!(answer, Launchability::Guarded(..)), "{answer:?}");
}
