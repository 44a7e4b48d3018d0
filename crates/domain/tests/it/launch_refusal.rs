//! What DRS refuses, and nothing in progress explains: it ends for the server that spoils it, and
//! the others launch.

use std::collections::BTreeSet;

use domain::execution::event::LaunchAnswer;
use domain::execution::queries::freshness::{Freshness, freshness, observation_error};
use domain::execution::queries::holds::open_holds;
use domain::execution::queries::waiting::{WaitingFor, waiting_for};
use domain::execution::{BatchState, NoteCode, ServerState, Status};
use domain::quota::Usage;
use jiff::SignedDuration;

use crate::fake_drs::{Call, Naming, Sight};
use crate::world::{World, cancel, find, server};

fn launched(world: &World) -> usize {
    let states = world.states();
    states
        .iter()
        .filter(|state| **state == ServerState::Launched)
        .count()
}

#[test]
fn a_server_that_drs_names_in_a_conflict_fails_alone_and_the_others_launch() {
    let mut world = World::drill("db 1-4 | need 50%");
    world.drs.refused.insert(server(4), Naming::Named);
    world.run_until(|execution| {
        let up = execution
            .servers()
            .filter(|one| one.state == ServerState::Launched);
        up.count() == 3
    });
    // One proof of absence, and no more, stands between the refusal and the launch of the others.
    assert_eq!(world.server(1).attempts, 2);
    world.run_to_end();
    assert_eq!(world.state(4), ServerState::Failed);
    let error = world.server(4).error.clone().unwrap();
    assert!(error.contains("it is archived"), "{error}");
    assert_eq!(world.server(4).attempts, 3);
    assert_eq!(world.status(), Status::Partial);
}

#[test]
fn a_conflict_that_names_nobody_is_found_by_halves() {
    let mut world = World::drill("db 1-8 | need 50%");
    world.drs.refused.insert(server(5), Naming::Unnamed);
    world.run_to_end();
    assert_eq!(launched(&world), 7);
    assert_eq!(world.state(5), ServerState::Failed);
    // Two proofs make a crowd suspect, one each half of it, three a single server.
    assert_eq!(world.server(5).attempts, 2 + 2 + 3);
}

#[test]
fn of_two_that_spoil_the_same_launch_each_fails_alone() {
    for (first, second) in [(1, 2), (1, 8), (4, 5)] {
        let mut world = World::drill("db 1-8 | need 50%");
        world.drs.refused.insert(server(first), Naming::Unnamed);
        world.drs.refused.insert(server(second), Naming::Unnamed);
        world.run_to_end();
        assert_eq!(launched(&world), 6, "{first} and {second}");
        assert_eq!(world.state(first), ServerState::Failed);
        assert_eq!(world.state(second), ServerState::Failed);
        assert_eq!(world.status(), Status::Partial);
    }
}

#[test]
fn the_story_of_refusals_names_whom_it_is_about_and_ends_with_the_last_word() {
    let mut world = World::drill("db 1-2 | need 50%");
    world.drs.refused.insert(server(2), Naming::Unnamed);
    world.run_to_end();
    let story: Vec<(NoteCode, String)> = world
        .notes
        .iter()
        .map(|note| (note.code, note.text.to_string()))
        .collect();
    let of = |code: NoteCode| story.iter().filter(move |(is, _)| *is == code);
    for (_, text) in of(NoteCode::LaunchRefused).chain(of(NoteCode::LaunchInDoubt)) {
        assert!(text.contains(&server(2).to_string()), "{text}");
        assert!(
            !text.contains("it is not known"),
            "DRS has answered: {text}"
        );
    }
    let end = story
        .iter()
        .rposition(|(code, _)| *code == NoteCode::ServersTakenOut)
        .unwrap();
    let text = &story[end].1;
    assert!(
        text.contains("not asked for again: DRS refused it 3 times by itself"),
        "{text}"
    );
    let delayed = story
        .iter()
        .rposition(|(code, _)| *code == NoteCode::LaunchDelayed);
    let refused = story
        .iter()
        .rposition(|(code, _)| *code == NoteCode::LaunchRefused)
        .unwrap();
    assert!(
        delayed < Some(refused),
        "what is over does not wait: {story:#?}"
    );
}

#[test]
fn a_launch_in_doubt_is_looked_at_and_says_when() {
    let mut world = World::drill("db 1");
    world.drs.refused.insert(server(1), Naming::Unnamed);
    world.tick();
    world.run_until(|execution| find(execution, 1).state == ServerState::Reconciling);
    world.run_for(10);
    let seen = world.execution.head.observation.observed_at.unwrap();
    assert!(world.now.duration_since(seen) <= SignedDuration::from_secs(10));
    assert_eq!(freshness(&world.execution, world.now), Freshness::Current);
    world.drs.sight = Sight::Failing;
    world.run_for(10);
    assert_eq!(freshness(&world.execution, world.now), Freshness::Failing);
    assert!(observation_error(&world.execution).is_some());
}

#[test]
fn when_drs_was_seen_never_goes_back() {
    let mut world = World::drill("db 1");
    world.drs.refused.insert(server(1), Naming::Unnamed);
    world.tick();
    let mut seen = None;
    while !world.execution.has_ended() {
        let now = world.execution.head.observation.observed_at;
        assert!(now >= seen, "{now:?} after {seen:?}");
        seen = now;
        world.run_for(1);
    }
    assert!(seen.is_some());
}

#[test]
fn a_person_who_decides_about_a_launch_is_told_that_drs_cannot_be_looked_at() {
    let mut world = World::drill("db 1");
    world.drs.calls.push_back(Call::LosesRequest);
    world.run_until(|execution| find(execution, 1).state == ServerState::Reconciling);
    world.drs.sight = Sight::Failing;
    let hold = world.run_to_hold();
    world.run_for(120);
    assert_eq!(freshness(&world.execution, world.now), Freshness::Failing);
    let holds = open_holds(&world.execution);
    assert_eq!(holds[0].id, hold.id);
    let told = holds[0].detail.clone().unwrap();
    assert!(told.starts_with("DRS could not be looked at"), "{told}");
    world.drs.sight = Sight::Clear;
    world.run_for(600);
    assert_eq!(freshness(&world.execution, world.now), Freshness::Current);
}

#[test]
fn the_words_of_a_refusal_are_shown_while_it_is_explained_and_while_it_is_asked_again() {
    let mut world = World::drill("db 1");
    world.drs.refused.insert(server(1), Naming::Unnamed);
    world.tick();
    let mut seen = BTreeSet::new();
    while !world.execution.has_ended() {
        for one in waiting_for(&world.execution, world.now) {
            if matches!(one.kind, WaitingFor::Reconciling | WaitingFor::DrsRefused) {
                assert!(one.detail.contains("it is archived"), "{}", one.detail);
                seen.insert(format!("{:?}", one.kind));
            }
            assert_ne!(one.kind, WaitingFor::DrsUnavailable, "DRS has answered");
        }
        world.run_for(1);
    }
    assert_eq!(seen.len(), 2, "{seen:?}");
}

#[test]
fn who_is_given_up_before_drs_named_a_job_is_not_told_of_a_job() {
    let mut world = World::drill("db 1");
    world.drs.calls.push_back(Call::LosesRequest);
    world.tick();
    world.command(cancel(&[1])).unwrap();
    let error = world.server(1).error.clone().unwrap();
    assert!(error.contains("is still being found out"), "{error}");
    let mut world = World::drill("db 1");
    world.run_to_launch_of(1);
    world.command(cancel(&[1])).unwrap();
    let error = world.server(1).error.clone().unwrap();
    assert!(error.contains("its job is still followed"), "{error}");
}

#[test]
fn an_answered_conflict_is_in_doubt_for_the_visibility_window_alone() {
    let mut world = World::drill("db 1");
    world.drs.refused.insert(server(1), Naming::Named);
    world.tick();
    let begun = world.now;
    world.run_until(|execution| execution.waves[0].batches[0].attempt == 2);
    let window = i64::from(world.execution.head.waits.visibility_window);
    let took = world.now.duration_since(begun).as_secs();
    assert!((window..window + 30).contains(&took), "it took {took} s");
}

#[test]
fn a_quota_smaller_than_known_divides_the_batch_and_all_launch() {
    let mut world = World::drill("db 1-7");
    world.drs.takes_at_once = 2;
    world.run_to_end();
    assert_eq!(world.status(), Status::Completed);
    assert_eq!(launched(&world), 7);
}

#[test]
fn a_server_without_room_while_nothing_is_in_progress_is_not_waiting_for_quota() {
    let mut world = World::drill("db 1-2 | need 50%");
    world.drs.takes_at_once = 0;
    world.run_to_end();
    assert_eq!(world.states(), [ServerState::Failed; 2]);
    let error = world.server(1).error.clone().unwrap();
    assert!(error.contains("nothing else is in progress"), "{error}");
}

#[test]
fn a_launch_without_room_waits_whole_for_the_jobs_of_others() {
    let mut world = World::drill("db 1-4");
    world.drs.takes_at_once = 2;
    world.drs.usage = Usage {
        jobs: 1,
        servers_in_jobs: 10,
    };
    world.run_for(3_600);
    assert_eq!(world.execution.waves[0].batches.len(), 1);
    assert!(matches!(
        world.execution.waves[0].batches[0].state,
        BatchState::Queued(_)
    ));
    world.drs.usage = Usage::default();
    world.run_to_end();
    assert_eq!(launched(&world), 4);
}

#[test]
fn a_batch_larger_than_a_job_is_divided_whoever_else_is_at_work() {
    let mut world = World::drill("db 1-4");
    world.drs.usage = Usage {
        jobs: 1,
        servers_in_jobs: 10,
    };
    let too_large = LaunchAnswer::TooLarge("a job can have at most 2 source servers".into());
    world.drs.calls.push_back(Call::IsRefused(too_large));
    world.run_to_end();
    assert_eq!(launched(&world), 4);
    assert_eq!(world.execution.waves[0].batches.len(), 2);
}

#[test]
fn a_limit_of_servers_in_all_jobs_below_a_batch_divides_it() {
    let mut world = World::drill("db 1-6");
    world.drs.limits.servers_in_all_jobs = 3;
    world.run_to_end();
    assert_eq!(launched(&world), 6);
}

#[test]
fn refusals_that_name_no_server_and_pass_blame_none() {
    let mut world = World::drill("db 1-2");
    for _ in 0..3 {
        world
            .drs
            .calls
            .push_back(Call::IsRefused(LaunchAnswer::Invalid {
                offender: None,
                text: "SomethingNew: the header is not valid".into(),
            }));
    }
    world.run_to_end();
    assert_eq!(world.status(), Status::Completed);
}

#[test]
fn a_server_that_drs_says_a_job_has_is_waited_for_though_no_job_is_shown() {
    let mut world = World::drill("db 1-2");
    let text = "One or more of the Source Servers included in API call are currently being \
                processed by a Job";
    for _ in 0..6 {
        world
            .drs
            .calls
            .push_back(Call::IsRefused(LaunchAnswer::Conflict {
                offender: None,
                text: text.into(),
            }));
    }
    world.run_to_end();
    assert_eq!(world.status(), Status::Completed);
    assert_eq!(world.execution.waves[0].batches.len(), 1);
}
