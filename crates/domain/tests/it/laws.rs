//! The laws of the product, over random walks. The fake DRS judges too: it panics at a second
//! launch of a server, and where something of somebody else would be destroyed.

use domain::execution::BatchReference;
use domain::execution::command::CommandName;
use domain::execution::queries::holds::open_holds;
use domain::execution::queries::status::{Drive, drive};
use domain::execution::queries::waiting::waiting_for;
use domain::execution::{Command, Course, Effect, Event, Execution, Gate, Outcome, ServerState};
use domain::execution::{Status, WaveOutcome, WaveState, decide};
use domain::{Kind, WaveKey};
use proptest::prelude::*;
use std::collections::BTreeSet;

use crate::batch_events::events;
use crate::commands::{disagreement, every_command};
use crate::walk::{Moved, Walk, steps};
use crate::world::{World, nothing_seen, passing, place};

fn walk((plan, steps): &(usize, Vec<(u8, u16)>), judge: impl FnMut(&Moved<'_>)) -> Walk {
    let mut walk = Walk::new(*plan);
    walk.run(steps, judge);
    walk
}

/// As many walks as `PROPTEST_CASES` says.
fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// What an ended execution must keep: how it ended, its course and its waves' ends.
fn kept(execution: &Execution) -> impl PartialEq + std::fmt::Debug {
    let waves = execution.waves.iter().map(|wave| wave.head.clone());
    let attempts = execution.batches().map(|(_, batch)| batch.attempt);
    (
        execution.head.ending.clone(),
        execution.head.course.clone(),
        waves.collect::<Vec<_>>(),
        attempts.collect::<Vec<_>>(),
    )
}

fn check_ended(moved: &Moved<'_>) {
    let Moved {
        before,
        effects,
        world,
        event,
    } = moved;
    if !before.has_ended() {
        return;
    }
    assert_eq!(kept(before), kept(&world.execution), "{event:?}");
    for (old, new) in before.servers().zip(world.execution.servers()) {
        let same = old.state == new.state;
        assert!(
            same || old.state == ServerState::Unknown,
            "{old:?} became {new:?}"
        );
    }
    let launch = |effect: &&Effect| {
        matches!(
            effect,
            Effect::StartRecovery { .. } | Effect::CheckBeforeLaunch { .. }
        )
    };
    assert_eq!(effects.iter().find(launch), None);
}

fn check_starts(moved: &Moved<'_>) {
    let after = &moved.world.execution;
    for (old, new) in moved.before.waves.iter().zip(&after.waves) {
        if old.head.state != WaveState::Pending || new.head.state != WaveState::Started {
            continue;
        }
        let released = new
            .head
            .depends_on
            .iter()
            .all(|&other| after.waves[other].is_released());
        assert!(
            released,
            "{} started before what it depends on",
            new.head.key
        );
        assert!(
            matches!(new.head.gate, Gate::None | Gate::Open { .. }),
            "{:?}",
            new.head.gate
        );
        assert_eq!(after.head.course, Course::Running);
    }
}

/// A wave that released those after it did so as its need, its policy or a person says.
fn check_releases(moved: &Moved<'_>) {
    use domain::execution::queries::outcome::need_is_met;
    use domain::recovery_plan::OnFailure;
    for (old, new) in moved.before.waves.iter().zip(&moved.world.execution.waves) {
        if old.is_released() || !new.is_released() || is_asked_for(moved.event, &new.head.key) {
            continue;
        }
        let servers: Vec<ServerState> = new.servers().map(|server| server.state).collect();
        let launched = servers
            .iter()
            .filter(|state| **state == ServerState::Launched)
            .count();
        let met = need_is_met(new.head.need, launched, servers.len());
        assert!(
            met || new.head.on_failure == OnFailure::Continue,
            "{:?}",
            new.head
        );
    }
}

/// Whether a person asks, by this event, to go on without the wave.
fn is_asked_for(event: &Event, wave: &WaveKey) -> bool {
    let Event::Command { command, .. } = event else {
        return false;
    };
    matches!(command, Command::Skip { wave: named, .. } if named == wave)
        || matches!(command, Command::Resume { .. })
}

fn check_success(moved: &Moved<'_>) {
    let after = &moved.world.execution;
    let launched = |state: ServerState| state == ServerState::Launched;
    for wave in &after.waves {
        let completed = wave
            .end()
            .is_some_and(|end| end.outcome == WaveOutcome::Completed);
        assert!(
            !completed || wave.servers().all(|server| launched(server.state)),
            "{wave:?}"
        );
    }
    if after
        .head
        .ending
        .as_ref()
        .is_some_and(|end| end.outcome == Outcome::Completed)
    {
        assert!(after.servers().all(|server| launched(server.state)));
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn law_1_a_server_is_launched_once_per_attempt(steps in steps()) {
        let walk = walk(&steps, |moved| {
            // At one time a server is in one call or one job, and only in one batch.
            let mut asked = BTreeSet::new();
            for effect in moved.effects {
                if let Effect::StartRecovery { servers, .. } = effect {
                    for server in servers {
                        assert!(asked.insert(server.clone()), "{server} is asked for twice");
                    }
                }
            }
            let ids: BTreeSet<_> = moved.world.execution.servers().map(|one| &one.id).collect();
            assert_eq!(ids.len(), moved.world.execution.servers().count());
        });
        let mut tags = BTreeSet::new();
        for job in &walk.world.drs.jobs {
            if let Some(tag) = &job.tag {
                prop_assert!(tags.insert(tag.clone()), "{} has two jobs", tag);
            }
        }
    }

    #[test]
    fn law_2_an_execution_that_has_ended_never_changes_again(steps in steps()) {
        walk(&steps, check_ended);
    }

    #[test]
    fn law_3_a_wave_starts_only_when_all_that_it_depends_on_has_ended(steps in steps()) {
        walk(&steps, |moved| {
            check_starts(moved);
            check_releases(moved);
        });
    }

    #[test]
    fn law_4_a_failed_look_is_not_a_failed_wave(steps in steps()) {
        let world = walk(&steps, |_| {}).world;
        // An event about nothing shows what time alone does.
        let nothing = nothing_seen();
        let mut world = world;
        if drive(&world.execution) == Drive::Done || world.execution.head.clean_up.by.is_some() {
            return Ok(());
        }
        let alone = decide(&world.execution, &nothing, world.now).unwrap().next;
        for number in 1..=2 {
            let failed = Event::LookFailed { place: place(number), fault: passing() };
            let told = decide(&world.execution, &failed, world.now).unwrap().next;
            prop_assert_eq!(&told.waves, &alone.waves);
            prop_assert_eq!(&told.head.ending, &alone.head.ending);
        }
        world.execution = alone;
        world.drs.sight = crate::fake_drs::Sight::Failing;
        let ended = world.execution.has_ended();
        let blind = world.tell(&Event::Tick);
        for effect in blind {
            if !matches!(effect, Effect::StartRecovery { .. } | Effect::ReleaseLocks { .. }) {
                let states = world.states();
                for event in world.drs.perform(&world.execution.clone(), &effect, world.now) {
                    world.tell(&event);
                }
                prop_assert_eq!(world.states(), states);
                prop_assert_eq!(world.execution.has_ended(), ended);
            }
        }
    }

    #[test]
    fn law_5_success_is_judged_server_by_server(steps in steps()) {
        let walk = walk(&steps, check_success);
        for server in walk.world.execution.servers() {
            if server.state == ServerState::Launched {
                let brought = walk.world.drs.brought_up(&server.id, walk.world.now);
                prop_assert!(brought, "{} was never launched", server.id);
            }
        }
    }

    #[test]
    fn law_6_what_cannot_be_verified_is_never_taken_for_fine(steps in steps()) {
        walk(&steps, |moved| {
            let unseen = matches!(moved.event, Event::LaunchLooked { look: Err(_), .. });
            let launches = moved.effects.iter().any(|e| matches!(e, Effect::StartRecovery { .. }));
            // Nobody has acknowledged anything in a walk.
            assert!(!(unseen && launches), "launched without a look");
        });
    }

    #[test]
    fn law_7_nothing_that_was_not_launched_here_is_terminated(steps in steps()) {
        let walk = walk(&steps, |moved| {
            let terminates = moved.effects.iter().any(|e| matches!(e, Effect::Terminate { .. }));
            assert!(!terminates || moved.world.execution.head.kind == Kind::Drill);
        });
        let drs = &walk.world.drs;
        if walk.world.execution.head.kind == Kind::Drill {
            for (foreign, _) in &drs.foreign {
                prop_assert!(!drs.destroyed(&foreign.id), "{} was destroyed", foreign.id);
            }
        }
    }

    #[test]
    fn law_8_a_repeated_command_has_no_second_effect(steps in steps()) {
        walk(&steps, |moved| {
            let Event::Command { command, .. } = moved.event else { return };
            let world = moved.world;
            // A resume of all holds is said again about those that came of the first.
            let of_all = matches!(command, Command::Resume { holds, .. } if holds.is_empty());
            if of_all && !open_holds(&world.execution).is_empty() {
                return;
            }
            let repeated = decide(&world.execution, moved.event, world.now);
            if let Ok(repeated) = repeated {
                assert_eq!(repeated.next, world.execution, "{command:?}");
            }
        });
    }

    #[test]
    fn law_11_when_faults_stop_it_goes_on_ends_or_waits_for_what_it_names(steps in steps()) {
        let mut world = walk(&steps, |_| {}).calm();
        world.run_until(|execution| {
            drive(execution) == Drive::Done || !open_holds(execution).is_empty()
        });
        // Then a person who answers whatever is asked brings it to its end.
        for _ in 0..50 {
            let Some(hold) = open_holds(&world.execution).into_iter().next() else { break };
            let command = crate::world::go_on(&hold);
            world.drs.vouched.extend(world.execution.servers().map(|server| server.id.clone()));
            world.command(command).unwrap();
            world.run_until(|execution| {
                drive(execution) == Drive::Done || !open_holds(execution).is_empty()
            });
        }
        prop_assert_eq!(drive(&world.execution), Drive::Done, "{}", world.picture());
    }

    #[test]
    fn what_it_waits_for_is_never_empty_while_work_is_left(steps in steps()) {
        walk(&steps, |moved| {
            let world = moved.world;
            let waiting = waiting_for(&world.execution, world.now);
            let done = drive(&world.execution) == Drive::Done;
            assert_eq!(waiting.is_empty(), done, "{}", world.picture());
        });
    }

    #[test]
    fn a_paused_execution_has_nothing_in_progress_and_names_its_holds(steps in steps()) {
        walk(&steps, |moved| {
            let world = moved.world;
            let holds = open_holds(&world.execution);
            if world.status() == Status::Paused {
                assert!(!holds.is_empty());
                let jobs = world.execution.batches().filter_map(|(_, batch)| batch.job_in_flight());
                assert_eq!(jobs.count(), 0);
            }
            let ids: BTreeSet<&str> = holds.iter().map(|hold| hold.id.as_str()).collect();
            assert_eq!(ids.len(), holds.len());
        });
    }

    #[test]
    fn every_event_has_an_answer_in_every_state_that_can_be_reached(steps in steps()) {
        let world = walk(&steps, |_| {}).world;
        let elsewhere = [(9, 0), (0, 9), (1, 0)].map(|(wave, batch)| BatchReference { wave, batch });
        for (_, event) in events(&world) {
            let mut all = vec![event.clone()];
            all.extend(elsewhere.map(|batch| moved_to(&event, batch)));
            for event in all {
                let decided = decide(&world.execution, &event, world.now);
                prop_assert!(decided.is_ok(), "{:?}", event);
            }
        }
        for command in every_command(&world.execution) {
            let by = "ben@example.com".to_owned();
            // Either answer will do: what matters is that there is one.
            drop(decide(&world.execution, &Event::Command { by, command }, world.now));
        }
    }

    #[test]
    fn a_turn_taken_twice_is_taken_once(steps in steps()) {
        let world = walk(&steps, |_| {}).world;
        let once = decide(&world.execution, &Event::Tick, world.now).unwrap();
        let twice = decide(&once.next, &Event::Tick, world.now).unwrap();
        prop_assert_eq!(&twice.next, &once.next);
        prop_assert_eq!(twice.notes, vec![]);
        prop_assert_eq!(twice.effects, once.effects);
    }
}

/// The same event about another batch, where it is about one.
fn moved_to(event: &Event, batch: BatchReference) -> Event {
    let mut event = event.clone();
    match &mut event {
        Event::LaunchLooked { batch: about, .. } => *about = batch,
        Event::LaunchAnswered { fence, .. } | Event::AttemptSearched { fence, .. } => {
            fence.batch = batch;
        }
        Event::LocksReleased { batches, .. } => *batches = vec![batch],
        Event::Tick
        | Event::Command { .. }
        | Event::JobsObserved { .. }
        | Event::LookFailed { .. }
        | Event::InstanceReplaced { .. }
        | Event::TakenOver(_)
        | Event::CleanUpLooked { .. }
        | Event::SaveRefused { .. }
        | Event::TerminateAnswered { .. } => {}
    }
    event
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(60)
    })]

    #[test]
    fn what_is_shown_as_allowed_is_what_is_accepted(steps in steps()) {
        walk(&steps, |moved| {
            let world = moved.world;
            let differs: Option<CommandName> = disagreement(&world.execution, world.now);
            assert_eq!(differs, None, "{}", world.picture());
        });
    }
}

#[test]
fn a_walk_gets_far_enough_to_mean_something() {
    let far = |world: &World| {
        world
            .execution
            .servers()
            .any(|s| s.state == ServerState::Launched)
    };
    let mut reached = 0;
    let mut numbers = 7_u64;
    for round in 0..50 {
        let steps: Vec<(u8, u16)> = (0..150)
            .map(|_| {
                // A linear congruence is random enough for this.
                numbers = numbers
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                let bytes = numbers.to_be_bytes();
                (bytes[0], u16::from_be_bytes([bytes[1], bytes[2]]))
            })
            .collect();
        let world = walk(&(round % 8, steps), |_| {}).world;
        reached += usize::from(far(&world));
    }
    assert!(
        reached >= 10,
        "only {reached} of 50 walks launched anything"
    );
}
