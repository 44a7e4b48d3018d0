//! What somebody is told without asking: once each, and reminders while a recovery is held.

use domain::execution::clean_up::CleanUpStatus;
use domain::execution::notice::NoticeKind;
use domain::execution::queries::holds::open_holds;
use domain::execution::queries::left_instances::sleeps_until;
use jiff::SignedDuration;

use crate::fake_drs::{Fate, Sight};
use crate::world::{World, go_on, terminate};

fn told(world: &World) -> Vec<NoticeKind> {
    world.notices.iter().map(|notice| notice.kind).collect()
}

fn count(world: &World, kind: NoticeKind) -> usize {
    told(world).into_iter().filter(|one| *one == kind).count()
}

#[test]
fn a_recovery_tells_its_start_and_its_end_and_a_drill_only_its_end() {
    let mut recovery = World::recovery("db 1");
    recovery.run_to_end();
    assert_eq!(
        told(&recovery),
        [NoticeKind::RecoveryStarted, NoticeKind::ExecutionEnded]
    );
    let mut drill = World::drill("db 1");
    drill.run_to_end();
    assert_eq!(told(&drill), [NoticeKind::ExecutionEnded]);
}

#[test]
fn a_failed_wave_and_its_hold_are_told() {
    let mut world = World::recovery("db 1 | pause\napp 2");
    world.drs.fate(1, Fate::Fails);
    world.run_to_hold();
    let all = told(&world);
    assert!(all.contains(&NoticeKind::WaveFailed), "{all:?}");
    assert!(all.contains(&NoticeKind::HoldOpened), "{all:?}");
}

#[test]
fn a_held_recovery_reminds_every_quarter_of_an_hour_and_a_drill_never() {
    for (mut world, expected) in [
        (World::recovery("db 1\napp 2 | gate"), 4),
        (World::drill("db 1\napp 2 | gate"), 0),
    ] {
        world.run_to_hold();
        world.run_for(3_660);
        assert_eq!(count(&world, NoticeKind::HoldWaits), expected);
        let hold = open_holds(&world.execution)[0].clone();
        world.command(go_on(&hold)).unwrap();
        world.run_to_end();
        assert_eq!(count(&world, NoticeKind::HoldWaits), expected);
    }
}

#[test]
fn drs_out_of_sight_is_told_once_until_it_is_seen_again() {
    let mut world = World::recovery("db 1");
    world.drs.fate(1, Fate::Sticks);
    world.run_to_launch_of(1);
    let failing = |world: &World| count(world, NoticeKind::ObservationFailing);
    world.drs.sight = Sight::Failing;
    world.run_for(30);
    assert_eq!(failing(&world), 0, "a minute is given");
    world.run_for(600);
    assert_eq!(failing(&world), 1);
    world.drs.sight = Sight::Clear;
    world.run_for(60);
    world.drs.sight = Sight::Failing;
    world.run_for(600);
    assert_eq!(failing(&world), 2);
}

#[test]
fn a_day_after_a_drill_somebody_is_told_that_its_instances_are_still_there() {
    let day = SignedDuration::from_hours(24);
    let mut world = World::drill("db 1");
    world.run_to_rest();
    let ended_at = world.execution.head.ending.as_ref().unwrap().at;
    assert_eq!(sleeps_until(&world.execution), Some(ended_at + day));
    let mut cleaned = world.clone();
    world.wait(24 * 3_600 - 120);
    world.tick();
    assert_eq!(count(&world, NoticeKind::DrillInstancesAlive), 0);
    world.wait(240);
    world.tick();
    world.tick();
    assert_eq!(count(&world, NoticeKind::DrillInstancesAlive), 1);
    assert_eq!(sleeps_until(&world.execution), None);

    cleaned.command(terminate()).unwrap();
    assert_eq!(sleeps_until(&cleaned.execution), None);
    cleaned.run_to_rest();
    assert_eq!(cleaned.execution.head.clean_up.status, CleanUpStatus::Done);
    assert_eq!(sleeps_until(&cleaned.execution), None);
}

#[test]
fn an_ended_recovery_sleeps_for_nothing() {
    let mut world = World::recovery("db 1");
    world.run_to_rest();
    assert_eq!(sleeps_until(&world.execution), None);
}
