//! What DRS shows of jobs: it is merged forward only, and it ends nothing by itself.

use domain::JobId;
use domain::execution::batch::JobStatus;
use domain::execution::batch_state::BatchState;
use domain::execution::event::{JobSighting, LaunchStatus, ServerSighting};
use domain::execution::queries::status::WaveStatus;
use domain::execution::server::{Arrival, Phase};
use domain::execution::{Event, Execution, Note, NoteCode, ServerState};
use domain::source_server::{DrillFlag, RecoveryInstance};
use proptest::prelude::*;

use crate::fake_drs::{Fate, Sight};
use crate::world::{World, at, cancel, find, instance, job, place, retry, server};

fn sighting(number: u32, status: LaunchStatus) -> ServerSighting {
    let launched = status == LaunchStatus::Launched;
    ServerSighting {
        id: server(number),
        status,
        phase: None,
        instance: launched.then(|| instance(number)),
        facts: None,
        error: None,
        warnings: vec![],
        unregistered: None,
    }
}

fn seen(id: JobId, status: JobStatus, servers: Vec<ServerSighting>) -> Event {
    Event::JobsObserved {
        place: place(1),
        jobs: vec![JobSighting {
            log_unread: None,
            id,
            status,
            servers,
        }],
    }
}

/// Two servers whose job has just begun.
fn following() -> World {
    let mut world = World::drill("db 1-2 | pause | need 1");
    world.run_to_launch_of(1);
    world
}

/// The state of server 1 after each look at it in turn.
fn check(looks: &[LaunchStatus], expected: ServerState) {
    let mut world = following();
    for status in looks {
        world.tell(&seen(
            job(1),
            JobStatus::Started,
            vec![sighting(1, *status)],
        ));
    }
    assert_eq!(world.state(1), expected, "{looks:?}");
}

#[test]
fn the_table_of_looks_at_one_server() {
    use LaunchStatus::{Failed, InProgress, Launched, Pending, Terminated};
    check(&[], ServerState::Launching);
    check(&[Pending, InProgress], ServerState::Launching);
    check(&[Launched], ServerState::Launched);
    check(&[Failed], ServerState::Failed);
    check(&[Launched, Pending], ServerState::Launched);
    check(&[Launched, InProgress, Failed], ServerState::Launched);
    check(&[Failed, Launched], ServerState::Failed);
    check(&[Failed, InProgress], ServerState::Failed);
    check(&[Launched, Terminated], ServerState::Launched);
    check(&[Terminated], ServerState::Terminated);
    check(&[Terminated, Launched], ServerState::Terminated);
}

#[test]
fn a_server_seen_terminated_before_it_launched_counts_as_not_launched() {
    let mut world = World::drill("db 1 | pause");
    world.run_to_launch_of(1);
    world.tell(&seen(
        job(1),
        JobStatus::Completed,
        vec![sighting(1, LaunchStatus::Terminated)],
    ));
    assert_eq!(world.summary(), "PAUSED: FAILED");
    world.command(retry("db", None)).unwrap();
    assert_eq!(world.state(1), ServerState::Queued);
    let mut world = World::drill("db 1 | pause");
    world.run_to_launch_of(1);
    world.tell(&seen(
        job(1),
        JobStatus::Started,
        vec![sighting(1, LaunchStatus::Launched)],
    ));
    world.tell(&seen(
        job(1),
        JobStatus::Completed,
        vec![sighting(1, LaunchStatus::Terminated)],
    ));
    assert_eq!(world.summary(), "COMPLETED: COMPLETED");
    assert_eq!(world.server(1).warnings.len(), 1);
}

/// Server 1 as its job and EC2 show it.
fn sighting_in_ec2(ec2_state: &str) -> ServerSighting {
    let instance = instance(1);
    let facts = RecoveryInstance {
        id: instance.clone(),
        server: Some(server(1)),
        job: Some(job(1)),
        drill: DrillFlag::Drill,
        ec2_state: Some(ec2_state.into()),
        private_ips: vec![],
        recovery_point_at: None,
        failback_state: None,
    };
    ServerSighting {
        instance: Some(instance),
        facts: Some(facts),
        ..sighting(1, LaunchStatus::Launched)
    }
}

/// How a drill of one server ends whose job says LAUNCHED when EC2 says this.
fn ended_in_ec2(ec2_states: &[&str]) -> World {
    let mut world = World::drill("db 1 | pause");
    world.run_to_launch_of(1);
    let (last, before) = ec2_states.split_last().unwrap();
    for ec2_state in before {
        let looked = vec![sighting_in_ec2(ec2_state)];
        world.tell(&seen(job(1), JobStatus::Started, looked));
    }
    let looked = vec![sighting_in_ec2(last)];
    world.tell(&seen(job(1), JobStatus::Completed, looked));
    world
}

#[test]
fn a_job_that_says_launched_of_an_instance_that_was_ended_meanwhile_proves_nothing() {
    for gone in ["TERMINATED", "SHUTTING-DOWN"] {
        let world = ended_in_ec2(&[gone]);
        assert_eq!(world.summary(), "PAUSED: FAILED", "{gone}");
        assert_eq!(world.state(1), ServerState::Terminated, "{gone}");
        let error = world.server(1).error.clone().unwrap();
        assert!(error.contains("ended before"), "{error:?}");
        let kept = world.server(1).instance.clone().map(|one| one.id);
        assert_eq!(kept, Some(instance(1)), "its record is cleaned up by id");
    }
    // The job's word comes looks before EC2's, which is asked for when the job ends.
    let mut world = World::drill("db 1 | pause");
    world.run_to_launch_of(1);
    let looked = vec![sighting(1, LaunchStatus::Launched)];
    world.tell(&seen(job(1), JobStatus::Started, looked));
    assert_eq!(world.state(1), ServerState::Launched);
    let looked = vec![sighting_in_ec2("SHUTTING-DOWN")];
    world.tell(&seen(job(1), JobStatus::Completed, looked));
    assert_eq!(world.summary(), "PAUSED: FAILED");
    world.command(retry("db", None)).unwrap();
    assert_eq!(world.state(1), ServerState::Queued);
    let world = ended_in_ec2(&["PENDING", "TERMINATED"]);
    assert_eq!(world.summary(), "COMPLETED: COMPLETED");
    assert_eq!(world.server(1).warnings.len(), 1, "it was up, and is gone");
    let world = ended_in_ec2(&["NOT_FOUND"]);
    assert_eq!(world.summary(), "COMPLETED: COMPLETED");
    assert_eq!(world.server(1).warnings.len(), 1, "EC2 may be late");
    let world = ended_in_ec2(&["STOPPED", "RUNNING"]);
    assert!(world.server(1).warnings.is_empty());
}

#[test]
fn the_end_of_a_job_whose_log_could_not_be_read_says_so() {
    let mut world = World::drill("db 1 | pause");
    world.run_to_launch_of(1);
    let looked = seen(
        job(1),
        JobStatus::Completed,
        vec![sighting(1, LaunchStatus::Launched)],
    );
    let Event::JobsObserved { place, mut jobs } = looked else {
        panic!("another event");
    };
    jobs[0].log_unread = Some("the service does not answer".into());
    world.tell(&Event::JobsObserved { place, jobs });
    assert_eq!(world.summary(), "COMPLETED: COMPLETED");
    let ended = |note: &&Note| note.code == NoteCode::JobEnded;
    let told = &world.notes.iter().find(ended).unwrap().text;
    assert!(told.contains("could not be read: the service"), "{told}");
    let known = &world.execution.waves[0].batches[0].jobs[0];
    let why = known.log_error.as_deref();
    assert_eq!(why, Some("the service does not answer"));
}

#[test]
fn no_wave_waits_for_a_job_that_goes_on_when_all_its_servers_have_a_result() {
    let mut world = World::drill("db 1-2 | pause\napp 3 | after db");
    world.run_to_launch_of(1);
    let half = vec![
        sighting(1, LaunchStatus::Launched),
        sighting(2, LaunchStatus::InProgress),
    ];
    world.tell(&seen(job(1), JobStatus::Started, half));
    world.wait(600);
    world.tell(&Event::Tick);
    assert_eq!(world.wave("db"), WaveStatus::Launching, "one is not up yet");
    let look = |world: &mut World| {
        let all = [1, 2].map(|number| sighting(number, LaunchStatus::Launched));
        world.tell(&seen(job(1), JobStatus::Started, all.to_vec()));
    };
    look(&mut world);
    world.wait(290);
    look(&mut world);
    assert_eq!(world.wave("db"), WaveStatus::Launching, "it may end yet");
    world.wait(20);
    look(&mut world);
    assert_eq!(world.wave("db"), WaveStatus::Completed);
    assert_eq!(world.wave("app"), WaveStatus::Queued);
    assert!(
        world.execution.waves[0].is_in_flight(),
        "the job is followed to its end"
    );
}

#[test]
fn the_phase_goes_forward_only_and_ends_with_the_launch() {
    let mut world = following();
    let mut look = |phase, status| {
        let sighting = ServerSighting {
            phase,
            ..sighting(1, status)
        };
        world.tell(&seen(job(1), JobStatus::Started, vec![sighting]));
        world.server(1).phase
    };
    let snapshot = Some(Phase::Snapshot);
    assert_eq!(look(snapshot, LaunchStatus::InProgress), snapshot);
    assert_eq!(
        look(Some(Phase::Launch), LaunchStatus::InProgress),
        Some(Phase::Launch)
    );
    assert_eq!(
        look(snapshot, LaunchStatus::InProgress),
        Some(Phase::Launch)
    );
    assert_eq!(look(None, LaunchStatus::Pending), Some(Phase::Launch));
    assert_eq!(look(Some(Phase::Launch), LaunchStatus::Launched), None);
}

#[test]
fn a_failure_is_explained_as_soon_as_the_log_explains_it() {
    let mut world = following();
    let mut look = |error: Option<&str>| {
        let error = error.map(str::to_owned);
        let sighting = ServerSighting {
            error: error.map(Into::into),
            ..sighting(1, LaunchStatus::Failed)
        };
        world.tell(&seen(job(1), JobStatus::Started, vec![sighting]));
        world.server(1).error.clone().unwrap()
    };
    let unexplained = look(None);
    assert!(unexplained.contains("permission"), "{unexplained}");
    assert_eq!(
        look(Some("CONVERSION_FAIL: no driver")),
        "CONVERSION_FAIL: no driver"
    );
    assert_eq!(look(None), "CONVERSION_FAIL: no driver");
}

#[test]
fn a_job_that_is_completed_proves_nothing_and_gets_three_more_looks_and_half_a_minute() {
    let mut world = following();
    let one = vec![sighting(1, LaunchStatus::Launched)];
    let began = world.now;
    for seconds in [0, 1, 2, 3, 4, 29] {
        world.now = began + jiff::SignedDuration::from_secs(seconds);
        world.tell(&seen(job(1), JobStatus::Completed, one.clone()));
        assert_eq!(world.state(2), ServerState::Launching, "{seconds} s");
        assert_eq!(world.summary(), "RUNNING: LAUNCHING");
    }
    world.wait(1);
    world.tell(&seen(job(1), JobStatus::Completed, one));
    assert_eq!(
        world.states(),
        [ServerState::Launched, ServerState::Unknown]
    );
    assert_eq!(world.summary(), "PARTIAL: PARTIAL");
}

#[test]
fn a_result_that_comes_within_the_half_minute_counts() {
    let mut world = following();
    let one = vec![sighting(1, LaunchStatus::Launched)];
    let both = vec![
        sighting(1, LaunchStatus::Launched),
        sighting(2, LaunchStatus::Launched),
    ];
    for _ in 0..3 {
        world.tell(&seen(job(1), JobStatus::Completed, one.clone()));
    }
    world.tell(&seen(job(1), JobStatus::Completed, both));
    assert_eq!(world.summary(), "COMPLETED: COMPLETED");
}

#[test]
fn an_empty_list_of_servers_is_no_result() {
    let mut world = following();
    for status in [JobStatus::Pending, JobStatus::Started] {
        world.tell(&seen(job(1), status, vec![]));
    }
    assert_eq!(world.states(), [ServerState::Launching; 2]);
    let batch = &world.execution.waves[0].batches[0];
    assert!(matches!(batch.state, BatchState::Following(_)));
}

#[test]
fn a_job_has_vanished_after_three_complete_looks_and_the_window() {
    let vanished = seen(job(1), JobStatus::Vanished, vec![]);
    let listed = seen(job(1), JobStatus::Started, vec![]);
    let mut world = following();
    let mut look = |seconds, event| {
        world.now = at(seconds);
        world.tell(event);
        world.states()
    };
    for seconds in 100..110 {
        assert_eq!(look(seconds, &vanished), [ServerState::Launching; 2]);
    }
    assert_eq!(
        look(279, &vanished),
        [ServerState::Launching; 2],
        "within the window"
    );
    look(279, &listed);
    look(280, &vanished);
    assert_eq!(
        look(1_000, &vanished),
        [ServerState::Launching; 2],
        "two looks"
    );
    look(1_001, &listed);
    for seconds in [2_000, 2_100, 2_179] {
        assert_eq!(look(seconds, &vanished), [ServerState::Launching; 2]);
    }
    assert_eq!(look(2_180, &vanished), [ServerState::Unknown; 2]);
    assert_eq!(world.summary(), "PAUSED: FAILED");
    let late = vec![
        sighting(1, LaunchStatus::Launched),
        sighting(2, LaunchStatus::Failed),
    ];
    world.tell(&seen(job(1), JobStatus::Started, late));
    assert_eq!(world.states(), [ServerState::Launched, ServerState::Failed]);
    assert_eq!(world.noted(NoteCode::LateLaunch), 1);
}

#[test]
fn a_look_at_another_job_or_in_another_place_changes_no_server() {
    let mut world = following();
    let before = world.execution.waves.clone();
    let launched = || vec![sighting(1, LaunchStatus::Launched)];
    world.tell(&seen(job(2), JobStatus::Completed, launched()));
    let Event::JobsObserved { jobs, .. } = seen(job(1), JobStatus::Completed, launched()) else {
        unreachable!("it was made so")
    };
    world.tell(&Event::JobsObserved {
        place: place(2),
        jobs,
    });
    assert_eq!(world.execution.waves, before);
}

#[test]
fn a_look_that_fails_ends_nothing_however_often() {
    let mut world = World::drill("db 1\napp 2");
    world.run_to_launch_of(1);
    world.drs.sight = Sight::Failing;
    world.run_for(3 * 3_600);
    assert_eq!(world.summary(), "RUNNING: LAUNCHING PENDING");
    let error = world.execution.head.observation.error.as_deref();
    assert_eq!(error, Some("DRS does not answer"));
    world.drs.sight = Sight::Clear;
    world.run_to_end();
    assert_eq!(world.summary(), "COMPLETED: COMPLETED COMPLETED");
}

/// What each of six servers shows over time: how many looks in progress, then its result.
fn histories() -> impl Strategy<Value = Vec<(u8, bool)>> {
    proptest::collection::vec((0u8..4, any::<bool>()), 6)
}

fn looks(histories: &[(u8, bool)]) -> Vec<Vec<ServerSighting>> {
    (0..5u8)
        .map(|round| {
            (1u32..)
                .zip(histories)
                .map(|(number, &(steps, launches))| {
                    let status = match (round > steps, launches) {
                        (false, _) => LaunchStatus::InProgress,
                        (true, true) => LaunchStatus::Launched,
                        (true, false) => LaunchStatus::Failed,
                    };
                    let error = (status == LaunchStatus::Failed).then(|| "it broke".to_owned());
                    let phase = (status == LaunchStatus::InProgress).then_some(Phase::Snapshot);
                    ServerSighting {
                        error: error.map(Into::into),
                        phase,
                        ..sighting(number, status)
                    }
                })
                .collect()
        })
        .collect()
}

fn after(order: &[usize], looks: &[Vec<ServerSighting>]) -> Execution {
    let mut world = World::drill("db 1-6 | pause");
    world.run_to_launch_of(1);
    for &index in order {
        world.tell(&seen(job(1), JobStatus::Started, looks[index].clone()));
    }
    world.execution
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn looks_in_any_order_and_number_end_in_the_same_state(
        histories in histories(),
        mut order in proptest::collection::vec(0usize..5, 0..20),
    ) {
        let looks = looks(&histories);
        order.push(4);
        let shuffled = after(&order, &looks);
        let straight = after(&[0, 1, 2, 3, 4], &looks);
        prop_assert_eq!(&shuffled.waves, &straight.waves);
        for (number, (_, launches)) in (1..).zip(histories) {
            let expected = if launches { ServerState::Launched } else { ServerState::Failed };
            prop_assert_eq!(find(&shuffled, number).state, expected);
        }
    }

    #[test]
    fn a_stale_look_takes_nothing_back(histories in histories(), stale in 0usize..5) {
        let looks = looks(&histories);
        let before = after(&[4], &looks);
        prop_assert_eq!(after(&[4, stale], &looks).waves, before.waves);
    }
}

#[test]
fn what_nobody_waited_for_is_marked_late_only_if_it_came_late() {
    let mut world = World::drill("db 1 | limit 30 | continue\napp 2 | gate");
    world.drs.fate(1, Fate::Sticks);
    world.run_until(|execution| execution.waves[0].end().is_some());
    world.drs.fate(1, Fate::Launches);
    world.run_for(30);
    assert_eq!(world.server(1).arrival, Arrival::Late);
    assert_eq!(world.summary(), "PAUSED: TIMED_OUT PAUSED");
}

#[test]
fn a_server_that_was_given_up_on_comes_up_late_though_its_wave_waits_for_another() {
    let mut world = World::drill("db 1-2");
    world.drs.fate(2, Fate::Sticks);
    world.run_to_launch_of(1);
    world.command(cancel(&[1])).unwrap();
    world.run_for(70);
    assert_eq!(world.summary(), "CANCELLING: LAUNCHING");
    assert_eq!(world.state(1), ServerState::Launched);
    assert_eq!(world.server(1).arrival, Arrival::Late);
}
