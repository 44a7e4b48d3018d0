//! What is said of the whole: status, what it waits for, who drives it, how fresh the picture is.

use domain::execution::queries::freshness::{Freshness, freshness};
use domain::execution::queries::status::{Drive, drive};
use domain::execution::queries::waiting::{WaitingFor, waiting_for};
use domain::execution::{Command, Event, Status};
use domain::quota::Usage;

use crate::fake_drs::{Call, Fate, Sight};
use crate::world::{World, cancel, passing, place, resume, terminate, word};

/// The status, who drives it, and what it waits for, as words.
fn check(world: &World, expected: &str) {
    let waiting: Vec<String> = waiting_for(&world.execution, world.now)
        .iter()
        .map(|one| word(one.kind))
        .collect();
    let drive = match drive(&world.execution) {
        Drive::Soon => "soon",
        Drive::Held => "held",
        Drive::Done => "done",
    };
    let found = format!("{} {drive} {}", word(world.status()), waiting.join(" "));
    assert_eq!(found.trim(), expected);
}

#[test]
fn a_drill_from_its_start_to_its_rest() {
    let mut world = World::drill("db 1\napp 2 | gate");
    check(&world, "PENDING soon WAVES");
    world.tell(&Event::Tick);
    check(&world, "RUNNING soon WAVES");
    world.run_to_launch_of(1);
    check(&world, "RUNNING soon DRS_JOB");
    let gate = world.run_to_hold();
    check(&world, "PAUSED held GATE");
    world.command(resume(&[&gate.id], None)).unwrap();
    check(&world, "RUNNING soon WAVES");
    world.run_until(|execution| execution.waves[1].end().is_some());
    check(&world, "COMPLETED soon WAVES");
    world.run_to_rest();
    check(&world, "COMPLETED done");
    world.command(terminate()).unwrap();
    check(&world, "COMPLETED soon CLEAN_UP");
}

#[test]
fn what_holds_up_a_launch_is_named() {
    let mut world = World::drill("db 1");
    world.drs.usage = Usage {
        jobs: 20,
        servers_in_jobs: 20,
    };
    world.tick();
    check(&world, "RUNNING soon QUOTA");
    world.drs.usage = Usage::default();
    world.drs.sight = Sight::Failing;
    world.run_for(5);
    check(&world, "RUNNING soon DRS_UNAVAILABLE");
    world.drs.sight = Sight::Clear;
    let denied = domain::execution::event::LaunchAnswer::Denied("403".into());
    world.drs.calls.push_back(Call::IsRefused(denied));
    world.run_for(5);
    check(&world, "RUNNING soon ACCESS_DENIED");
    world.drs.calls.push_back(Call::LosesRequest);
    world.run_for(10);
    check(&world, "RUNNING soon RECONCILING");
    world.drs.sight = Sight::Failing;
    world.run_for(700);
    check(&world, "PAUSED held UNDECIDED");
}

#[test]
fn pauses_failures_cancels_and_stops() {
    let mut world = World::drill("a 1 | after nothing | pause\nb 2 | after nothing | stop\nc 3");
    world.drs.fate(1, Fate::Fails);
    world.drs.fate(2, Fate::Sticks);
    world.run_to_hold();
    check(&world, "RUNNING soon DRS_JOB FAILURE");
    world.command(Command::Pause).unwrap();
    check(&world, "PAUSING soon DRS_JOB FAILURE MANUAL");
    let cancelled = {
        let mut world = world.clone();
        world.command(cancel(&[])).unwrap();
        world
    };
    check(&cancelled, "CANCELLING soon DRS_JOB");
    world.drs.fate(2, Fate::Fails);
    world.run_to_end();
    check(&world, "FAILED soon WAVES");
    let mut world = World::drill("a 1 | after nothing | pause\nb 2 | after nothing");
    world.drs.fate(1, Fate::Fails);
    world.run_to_status(Status::Paused);
    check(&world, "PAUSED held FAILURE");
}

#[test]
fn an_ended_execution_with_a_job_in_progress_is_driven_on_and_says_for_what() {
    let mut world = World::drill("db 1 | limit 30");
    world.drs.fate(1, Fate::Sticks);
    world.run_to_end();
    check(&world, "TIMED_OUT soon DRS_JOB");
    let waiting = waiting_for(&world.execution, world.now);
    assert_eq!(waiting[0].job, Some(world.drs.jobs[0].id.clone()));
    assert_eq!(waiting[0].waves, [0]);
    assert_eq!(waiting[0].kind, WaitingFor::DrsJob);
}

#[test]
fn the_picture_is_current_stale_after_a_minute_and_failing_after_an_error() {
    let mut world = World::drill("db 1 2@2");
    let fresh = |world: &World| freshness(&world.execution, world.now);
    assert_eq!(fresh(&world), Freshness::Current);
    world.drs.fate(1, Fate::Sticks);
    world.run_to_launch_of(1);
    assert_eq!(fresh(&world), Freshness::Current);
    world.wait(60);
    assert_eq!(fresh(&world), Freshness::Current);
    world.wait(1);
    assert_eq!(fresh(&world), Freshness::Stale);
    let place = place(1);
    world.tell(&Event::LookFailed {
        place,
        fault: passing(),
    });
    assert_eq!(fresh(&world), Freshness::Failing);
    world.run_for(15);
    assert_eq!(fresh(&world), Freshness::Current);
    world.drs.fate(1, Fate::Launches);
    world.run_to_rest();
    world.wait(100_000);
    assert_eq!(
        fresh(&world),
        Freshness::Current,
        "nothing is looked at any more"
    );
}

#[test]
fn looks_are_asked_for_every_ten_seconds_and_not_more_often() {
    use domain::execution::Effect;
    let mut world = World::drill("db 1");
    world.drs.fate(1, Fate::Sticks);
    world.run_to_launch_of(1);
    let mut looks = 0;
    for _ in 0..120 {
        world.wait(1);
        for effect in world.tell(&Event::Tick) {
            assert!(matches!(effect, Effect::Observe { .. }));
            looks += 1;
            world.carry_out(&effect);
        }
    }
    assert!((11..=12).contains(&looks), "{looks}");
}
