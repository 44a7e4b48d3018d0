//! Retry and skip: failed servers again, the others untouched, the wave judged anew.

use domain::execution::queries::holds::open_holds;
use domain::execution::{Command, Refusal, ServerState, Status};

use crate::fake_drs::Fate;
use crate::world::{World, place, resume, retry, server, skip};

/// A wave of three of which server 2 has failed, held; another wave waits.
fn failed() -> World {
    let mut world = World::drill("db 1-3 | pause\napp 4");
    world.drs.fate(2, Fate::Fails);
    world.run_to_hold();
    world
}

fn refused(world: &mut World, command: Command, part: &str) {
    let before = world.execution.clone();
    let refusal = world.command(command).unwrap_err();
    assert!(refusal.to_string().contains(part), "{refusal}");
    assert_eq!(world.execution, before);
}

#[test]
fn a_retry_launches_only_the_failed_servers_and_the_wave_is_judged_again() {
    let mut world = failed();
    let instances = |world: &World| [1, 3].map(|number| world.server(number).instance.clone());
    let before = instances(&world);
    let started_at = world.execution.waves[0].head.started_at;
    assert!(started_at.is_some());
    assert!(before.iter().all(Option::is_some));
    world.drs.fate(2, Fate::Launches);
    world.command(retry("db", None)).unwrap();
    assert_eq!(world.summary(), "RUNNING: QUEUED PENDING");
    assert!(open_holds(&world.execution).is_empty());
    world.run_to_end();
    assert_eq!(world.summary(), "COMPLETED: COMPLETED COMPLETED");
    assert_eq!(instances(&world), before);
    assert_eq!(world.execution.waves[0].head.started_at, started_at);
    assert_eq!(
        [1, 2, 3].map(|number| world.drs.launches_of(number)),
        [1, 2, 1]
    );
    assert_eq!(
        [1, 2, 3].map(|number| world.server(number).attempts),
        [1, 2, 1]
    );
    let jobs = &world.execution.waves[0].batches[0].jobs;
    assert_eq!(
        jobs.iter().map(|job| job.attempt).collect::<Vec<_>>(),
        [1, 2]
    );
}

#[test]
fn a_retry_that_fails_again_opens_a_new_hold() {
    let mut world = failed();
    let first = open_holds(&world.execution)[0].id.clone();
    world.command(retry("db", None)).unwrap();
    let second = world.run_to_hold();
    assert_ne!(second.id, first);
    assert_eq!(world.summary(), "PAUSED: FAILED PENDING");
}

#[test]
fn what_comes_after_a_wave_waits_for_its_retry() {
    let mut world = failed();
    world.drs.fate(2, Fate::Sticks);
    world.command(retry("db", None)).unwrap();
    world.run_for(600);
    assert_eq!(world.summary(), "RUNNING: LAUNCHING PENDING");
}

#[test]
fn a_retry_is_refused_for_what_has_not_failed() {
    let mut world = failed();
    refused(&mut world, retry("db", Some(&[1])), "has not failed");
    refused(&mut world, retry("db", Some(&[2, 1])), "has not failed");
    refused(&mut world, retry("db", Some(&[])), "No server is named");
    refused(
        &mut world,
        retry("db", Some(&[4])),
        "wave `db` has no server",
    );
    refused(
        &mut world,
        retry("app", None),
        "No server of wave `app` has failed",
    );
    refused(&mut world, retry("web", None), "no wave `web`");
}

#[test]
fn a_retry_when_nothing_has_failed_is_refused() {
    let mut world = World::drill("db 1");
    refused(&mut world, retry("db", None), "No server has failed");
    world.run_to_end();
    refused(&mut world, retry("db", None), "The execution has ended");
}

#[test]
fn a_server_that_fails_while_its_job_runs_waits_for_the_end_of_that_job() {
    let mut world = World::drill("db 1-2 | pause");
    world.drs.fate(1, Fate::Fails);
    world.drs.fate(2, Fate::Sticks);
    world.run_until(|execution| execution.servers().any(|s| s.state == ServerState::Failed));
    world.command(retry("db", None)).unwrap();
    assert_eq!(world.state(1), ServerState::Queued);
    world.run_for(600);
    assert_eq!(world.state(1), ServerState::Queued);
    assert_eq!(world.drs.launches_of(1), 1);
    world.drs.fate(1, Fate::Launches);
    world.drs.fate(2, Fate::Launches);
    world.run_to_end();
    assert_eq!(world.summary(), "COMPLETED: COMPLETED");
    assert_eq!([1, 2].map(|number| world.drs.launches_of(number)), [2, 1]);
}

#[test]
fn a_pause_holds_back_a_retry_that_waits_for_its_job() {
    let mut world = World::drill("db 1-2 | pause");
    world.drs.fate(1, Fate::Fails);
    world.drs.fate(2, Fate::Sticks);
    world.run_until(|execution| execution.servers().any(|s| s.state == ServerState::Failed));
    world.command(retry("db", None)).unwrap();
    world.command(Command::Pause).unwrap();
    world.drs.fate(2, Fate::Launches);
    world.run_to_status(Status::Paused);
    world.run_for(300);
    assert_eq!(world.drs.launches_of(1), 1);
}

/// A wave whose server 1 is UNKNOWN, because its job ended without a word about it.
fn forgotten() -> World {
    let mut world = World::drill("db 1-2 | pause");
    world.drs.fate(1, Fate::IsForgotten);
    world.run_to_hold();
    assert_eq!(
        world.states(),
        [ServerState::Unknown, ServerState::Launched]
    );
    world
}

#[test]
fn an_unknown_server_is_launched_again_only_by_name() {
    let mut world = forgotten();
    refused(
        &mut world,
        retry("db", None),
        "No server of wave `db` has failed",
    );
    world.drs.fate(1, Fate::Launches);
    world.command(retry("db", Some(&[1]))).unwrap();
    world.run_to_end();
    assert_eq!(world.summary(), "COMPLETED: COMPLETED");
    assert_eq!([1, 2].map(|number| world.drs.launches_of(number)), [2, 1]);
}

#[test]
fn an_unknown_server_whose_job_still_runs_is_not_launched_again() {
    let mut world = World::drill("db 1 | pause | limit 30");
    world.drs.fate(1, Fate::Sticks);
    world.run_to_hold();
    assert_eq!(world.state(1), ServerState::Unknown);
    refused(&mut world, retry("db", Some(&[1])), "No server has failed");
    world.drs.fate(1, Fate::IsForgotten);
    world.run_for(120);
    world.drs.fate(1, Fate::Launches);
    world.command(retry("db", Some(&[1]))).unwrap();
    world.run_to_end();
    assert_eq!(world.summary(), "COMPLETED: COMPLETED");
}

#[test]
fn of_a_timed_out_wave_a_failed_server_can_be_named_and_one_whose_job_runs_cannot() {
    let mut world = World::drill("db 1-2 | pause | limit 30");
    world.drs.fate(1, Fate::Fails);
    world.drs.fate(2, Fate::Sticks);
    world.run_to_hold();
    refused(
        &mut world,
        retry("db", Some(&[2])),
        "still runs and may yet bring it up",
    );
    refused(
        &mut world,
        retry("db", Some(&[1, 2])),
        "still runs and may yet bring it up",
    );
    world.command(retry("db", Some(&[1]))).unwrap();
    assert_eq!(world.states(), [ServerState::Queued, ServerState::Unknown]);
}

#[test]
fn a_late_look_at_the_job_of_an_earlier_attempt_says_nothing_about_the_next_one() {
    use domain::execution::Effect;
    let mut world = failed();
    let jobs = vec![world.drs.jobs[0].id.clone()];
    let look = Effect::Observe {
        place: place(1),
        jobs,
    };
    let late = world
        .drs
        .perform(&world.execution, &look, world.now)
        .remove(0);
    world.drs.fate(2, Fate::Launches);
    world.command(retry("db", None)).unwrap();
    world.tell(&late);
    assert_eq!(world.state(2), ServerState::Queued);
    world.run_to_launch_of(2);
    world.tell(&late);
    assert_eq!(world.state(2), ServerState::Launching);
    world.run_to_end();
    assert_eq!(world.state(2), ServerState::Launched);
    world.tell(&late);
    assert_eq!(world.state(2), ServerState::Launched);
}

#[test]
fn a_retry_of_a_timed_out_wave_has_the_whole_limit_again() {
    let mut world = World::drill("db 1-2 | pause | limit 30");
    world.drs.fate(1, Fate::IsForgotten);
    world.drs.fate(2, Fate::Sticks);
    world.run_to_hold();
    assert_eq!(world.summary(), "RUNNING: TIMED_OUT");
    world.drs.fate(2, Fate::Launches);
    world.run_to_status(Status::Paused);
    world.drs.fate(1, Fate::Sticks);
    world.command(retry("db", Some(&[1]))).unwrap();
    world.run_for(29 * 60);
    assert_eq!(world.summary(), "RUNNING: LAUNCHING");
    world.run_to_hold();
    assert_eq!(
        world.wave("db"),
        domain::execution::queries::status::WaveStatus::TimedOut
    );
}

#[test]
fn a_wave_that_started_and_has_not_failed_cannot_be_skipped() {
    let mut world = World::drill("db 1\napp 2");
    world.run_to_launch_of(1);
    refused(&mut world, skip("db"), "has started and has not failed");
    refused(&mut world, skip("web"), "no wave `web`");
    world.command(skip("app")).unwrap();
    refused(&mut world, skip("app"), "No wave is left");
}

#[test]
fn a_skip_of_a_failed_wave_lets_those_after_it_start() {
    let mut world = failed();
    world.command(skip("db")).unwrap();
    assert!(open_holds(&world.execution).is_empty());
    world.run_to_end();
    assert_eq!(world.summary(), "PARTIAL: SKIPPED COMPLETED");
    assert_eq!(world.state(2), ServerState::Failed);
}

#[test]
fn a_skipped_wave_can_still_be_retried() {
    let mut world = World::drill("db 1 | pause\napp 2 | gate");
    world.drs.fate(1, Fate::Fails);
    world.run_to_hold();
    world.command(skip("db")).unwrap();
    let gate = world.run_to_hold();
    world.drs.fate(1, Fate::Launches);
    world.command(retry("db", None)).unwrap();
    world.command(resume(&[&gate.id], None)).unwrap();
    assert_eq!(world.summary(), "RUNNING: QUEUED PENDING");
    world.run_to_end();
    assert_eq!(world.summary(), "COMPLETED: COMPLETED COMPLETED");
}

#[test]
fn a_server_taken_out_before_the_launch_can_be_retried_when_it_is_well_again() {
    use domain::source_server::Replication;
    let mut world = World::recovery("db 1-3 | need 2");
    world
        .drs
        .replication
        .insert(server(2), Replication::Disconnected);
    world.drs.fate(3, Fate::Sticks);
    world.run_to_launch_of(1);
    assert_eq!(world.state(2), ServerState::Failed);
    assert!(
        world
            .server(2)
            .error
            .as_deref()
            .unwrap()
            .contains("disconnected")
    );
    assert_eq!(world.server(2).attempts, 0);
    world.drs.replication.clear();
    world.command(retry("db", None)).unwrap();
    world.drs.fate(3, Fate::Launches);
    world.run_to_end();
    assert_eq!(world.summary(), "COMPLETED: COMPLETED");
    assert_eq!(
        [1, 2, 3].map(|number| world.drs.launches_of(number)),
        [1; 3]
    );
}

#[test]
fn a_refused_server_that_is_retried_while_the_others_are_asked_for_is_not_in_their_job() {
    use crate::fake_drs::Call;
    use domain::execution::event::LaunchAnswer;
    use domain::execution::{Effect, Event};
    let mut world = World::drill("db 1-3");
    world
        .drs
        .calls
        .push_back(Call::IsRefused(LaunchAnswer::Invalid {
            offender: Some(server(1)),
            text: "its launch template is wrong".into(),
        }));
    world.tick();
    assert_eq!(world.state(1), ServerState::Failed);
    world.wait(5);
    // The second call is on its way when a person asks for the refused server again.
    for look in world.tell(&Event::Tick) {
        for event in world
            .drs
            .perform(&world.execution.clone(), &look, world.now)
        {
            for launch in world.tell(&event) {
                assert!(matches!(launch, Effect::StartRecovery { .. }));
                world.command(retry("db", None)).unwrap();
                world.carry_out(&launch);
            }
        }
    }
    assert_eq!(world.state(1), ServerState::Queued);
    assert_eq!(world.server(1).job, None);
    world.run_to_end();
    assert_eq!(world.summary(), "COMPLETED: COMPLETED");
    assert_eq!(
        [1, 2, 3].map(|number| world.drs.launches_of(number)),
        [1; 3]
    );
}

#[test]
fn a_repeated_retry_has_no_second_effect() {
    let mut world = failed();
    world.command(retry("db", None)).unwrap();
    let refusal = world.command(retry("db", None)).unwrap_err();
    assert!(matches!(refusal, Refusal::NotAllowedNow(_)), "{refusal:?}");
}
