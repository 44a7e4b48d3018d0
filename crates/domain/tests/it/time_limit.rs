//! Time limits: they stop the waiting, never the watching.

use domain::execution::event::LaunchAnswer;
use domain::execution::queries::status::{Drive, WaveStatus, drive};
use domain::execution::server::{Arrival, Awaited};
use domain::execution::{Effect, Lock, NoteCode, ServerState, Status};
use domain::quota::Usage;

use crate::fake_drs::{Call, Fate};
use crate::world::{World, place, resume, retry};

const MINUTE: i64 = 60;

#[test]
fn the_time_in_a_queue_is_not_counted() {
    let mut world = World::drill("db 1 | limit 30");
    world.drs.usage = Usage {
        jobs: 20,
        servers_in_jobs: 20,
    };
    world.run_for(180 * MINUTE);
    assert_eq!(world.summary(), "RUNNING: QUEUED");
    world.drs.usage = Usage::default();
    world.run_to_end();
    assert_eq!(world.summary(), "COMPLETED: COMPLETED");
}

#[test]
fn the_time_at_a_gate_is_not_counted() {
    let mut world = World::drill("db 1 | gate | limit 30");
    let gate = world.run_to_hold();
    world.run_for(180 * MINUTE);
    world.command(resume(&[&gate.id], None)).unwrap();
    world.run_to_end();
    assert_eq!(world.summary(), "COMPLETED: COMPLETED");
}

#[test]
fn the_clock_runs_from_the_first_launch_to_the_limit() {
    let mut world = World::drill("db 1 | limit 30");
    world.drs.fate(1, Fate::Sticks);
    world.run_to_launch_of(1);
    world.run_for(30 * MINUTE - 10);
    assert_eq!(world.wave("db"), WaveStatus::Launching);
    world.run_for(15);
    assert_eq!(world.wave("db"), WaveStatus::TimedOut);
}

#[test]
fn the_job_of_a_timed_out_wave_is_followed_and_its_late_launch_recorded() {
    let mut world = World::drill("db 1-2 | limit 30");
    world.drs.fate(2, Fate::Sticks);
    world.run_to_end();
    assert_eq!(world.summary(), "TIMED_OUT: TIMED_OUT");
    assert_eq!(world.state(2), ServerState::Unknown);
    assert_eq!(world.server(2).awaited, Awaited::GivenUp);
    let ending = world.execution.head.ending.clone();
    world.run_for(60 * MINUTE);
    assert_eq!(drive(&world.execution), Drive::Soon);
    assert_eq!(world.execution.waves[0].batches[0].locks, Lock::Held);
    assert_eq!(world.execution.head.plan_lock, Lock::Free);
    world.drs.fate(2, Fate::Launches);
    world.run_to_rest();
    assert_eq!(world.state(2), ServerState::Launched);
    assert_eq!(world.server(2).arrival, Arrival::Late);
    assert_eq!(world.server(1).arrival, Arrival::InTime);
    assert!(world.server(2).instance.is_some());
    assert_eq!(world.noted(NoteCode::LateLaunch), 1);
    assert_eq!(world.execution.waves[0].batches[0].locks, Lock::Free);
    assert_eq!(world.execution.head.ending, ending);
    assert_eq!(world.drs.jobs.len(), 1);
}

#[test]
fn a_late_failure_is_recorded_too() {
    let mut world = World::drill("db 1 | limit 30");
    world.drs.fate(1, Fate::Sticks);
    world.run_to_end();
    world.drs.fate(1, Fate::Fails);
    world.run_to_rest();
    assert_eq!(world.state(1), ServerState::Failed);
    assert_eq!(world.summary(), "TIMED_OUT: TIMED_OUT");
}

#[test]
fn a_wave_whose_limit_passes_in_doubt_is_sought_on_and_sends_nothing_more() {
    let mut world = World::drill("db 1 | limit 1\napp 2");
    world.drs.calls.push_back(Call::LosesAnswer);
    world.drs.hides_jobs_for = 170;
    world.run_to_end();
    assert_eq!(world.summary(), "TIMED_OUT: TIMED_OUT CANCELLED");
    assert_eq!(world.state(1), ServerState::Unknown);
    world.run_to_rest();
    assert_eq!(world.state(1), ServerState::Launched);
    assert_eq!(world.server(1).arrival, Arrival::Late);
    assert_eq!(world.drs.jobs.len(), 1);
}

#[test]
fn a_wave_whose_limit_passes_before_absence_is_proved_has_failed_for_good() {
    let mut world = World::drill("db 1 | limit 1");
    world.drs.calls.push_back(Call::LosesRequest);
    world.run_to_rest();
    assert_eq!(world.summary(), "TIMED_OUT: TIMED_OUT");
    assert_eq!(world.state(1), ServerState::Failed);
    assert!(world.drs.jobs.is_empty());
}

#[test]
fn servers_that_were_never_sent_fail_at_the_limit() {
    let mut world = World::drill("db 1 2@2 | limit 30");
    world.drs.fate(1, Fate::Sticks);
    let refusal = LaunchAnswer::Quota("no room".into());
    world.drs.calls.push_back(Call::Works);
    for _ in 0..10_000 {
        world.drs.calls.push_back(Call::IsRefused(refusal.clone()));
    }
    world.run_to_end();
    assert_eq!(world.states(), [ServerState::Unknown, ServerState::Failed]);
    assert_eq!(world.status(), Status::TimedOut);
}

#[test]
fn a_wave_whose_end_is_seen_after_its_limit_is_judged_by_what_it_brought() {
    let mut world = World::drill("db 1 | limit 30");
    world.run_to_launch_of(1);
    // Nobody drives it for an hour; meanwhile its job has ended well.
    world.wait(60 * MINUTE);
    let jobs = vec![world.drs.jobs[0].id.clone()];
    let look = Effect::Observe {
        place: place(1),
        jobs,
    };
    world.carry_out(&look);
    assert_eq!(world.summary(), "COMPLETED: COMPLETED");
}

#[test]
fn a_met_need_lets_a_timed_out_wave_release_those_after_it() {
    let mut world = World::drill("db 1-2 | need 1 | limit 30 | stop\napp 3");
    world.drs.fate(2, Fate::Sticks);
    world.run_to_end();
    assert_eq!(world.summary(), "PARTIAL: TIMED_OUT COMPLETED");
}

#[test]
fn a_retry_that_comes_as_the_limit_passes_is_of_the_timed_out_wave_and_has_its_own_time() {
    let mut world = World::drill("db 1-2 | pause | limit 30");
    world.drs.fate(1, Fate::Fails);
    world.drs.fate(2, Fate::Sticks);
    world.run_to_launch_of(2);
    world.run_for(29 * MINUTE);
    assert_eq!(world.state(1), ServerState::Failed);
    // The limit passes, and nobody has taken a turn since.
    world.wait(2 * MINUTE);
    world.drs.fate(1, Fate::Launches);
    world.command(retry("db", None)).unwrap();
    assert_eq!(world.states(), [ServerState::Queued, ServerState::Unknown]);
    assert_eq!(world.wave("db"), WaveStatus::Launching);
    world.drs.fate(2, Fate::Launches);
    world.run_to_end();
    assert_eq!(world.summary(), "COMPLETED: COMPLETED");
}
