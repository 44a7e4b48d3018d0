//! Doubt: what is taken for proof that DRS has no job, and what is not.

use domain::execution::batch::Batch;
use domain::execution::batch_state::{BatchState, Obstacle};
use domain::execution::command::Resolution;
use domain::execution::event::{AttemptSearch, LaunchAnswer};
use domain::execution::queries::holds::{HoldType, open_holds};
use domain::execution::queries::waiting::{WaitingFor, waiting_for};
use domain::execution::{
    BatchReference, Command, Effect, Event, Execution, Fence, NoteCode, Refusal,
};
use domain::execution::{ServerState, Status, Waits};
use domain::{JobId, Kind};

use crate::fake_drs::{Call, Fate, Sight};
use crate::world::{
    World, at, cancel, job, no_answer, no_job, passing, place, resume, retry, server,
};

const FIRST: BatchReference = BatchReference { wave: 0, batch: 0 };

fn batch(world: &World) -> &Batch {
    world.execution.batch(FIRST).unwrap()
}

fn fence(world: &World) -> Fence {
    let batch = batch(world);
    Fence {
        batch: FIRST,
        attempt: batch.attempt,
        intent_at: batch.intent_at().unwrap(),
    }
}

/// An attempt of which nothing is known but that it was asked for at the beginning.
fn in_doubt(call: Call) -> World {
    let mut world = World::drill("db 1-2 | pause\napp 3");
    world.drs.calls.push_back(call);
    world.run_until(|execution| {
        execution
            .servers()
            .any(|s| s.state == ServerState::Reconciling)
    });
    world
}

fn look(world: &mut World, seconds: i64, found: AttemptSearch) {
    world.now = at(seconds);
    let fence = fence(world);
    world.tell(&Event::AttemptSearched { fence, found });
}

/// Whether the looks at these seconds prove that there is no job.
fn check(looks: &[(i64, AttemptSearch)], proved: &str) {
    let mut world = in_doubt(Call::LosesRequest);
    for (seconds, found) in looks {
        look(&mut world, *seconds, found.clone());
    }
    let state = match &batch(&world).state {
        BatchState::Reconciling(_) => "in doubt",
        BatchState::Queued(_) => "proved",
        BatchState::Undecided { .. } => "undecided",
        BatchState::Following(_) => "adopted",
        BatchState::Idle | BatchState::Launching { .. } => "neither",
    };
    assert_eq!(state, proved, "{looks:?}");
}

#[test]
fn absence_is_proved_by_three_clean_looks_over_the_window_after_the_call_must_be_over() {
    let clean = |seconds| (seconds, AttemptSearch::Nothing);
    let failed = |seconds| (seconds, AttemptSearch::Failed(passing()));
    let locked = |seconds| (seconds, AttemptSearch::ServerInJob(job(99)));
    let unclear = |seconds| {
        (
            seconds,
            AttemptSearch::Unclear("another last launch".into()),
        )
    };
    // Function timeout 120 s, call timeout 30 s, window 180 s: over at 330 s.
    check(&[clean(150), clean(160), clean(330)], "proved");
    check(&[clean(150), clean(160), clean(329)], "in doubt");
    check(&[clean(100), clean(340)], "in doubt");
    check(&[clean(151), clean(200), clean(330)], "in doubt");
    check(&[clean(151), clean(200), clean(330), clean(331)], "proved");
    for spoilt in [failed, locked, unclear] {
        check(
            &[clean(50), spoilt(200), clean(201), clean(300), clean(380)],
            "in doubt",
        );
        check(
            &[clean(50), spoilt(200), clean(201), clean(300), clean(381)],
            "proved",
        );
        check(&[clean(50), clean(100), spoilt(340)], "in doubt");
    }
    check(
        &[clean(50), clean(100), (200, AttemptSearch::Ours(job(7)))],
        "adopted",
    );
}

#[test]
fn an_attempt_that_is_proved_absent_is_followed_by_another_with_a_tag_of_its_own() {
    let mut world = in_doubt(Call::LosesRequest);
    let first = fence(&world);
    world.run_to_end();
    assert_eq!(world.status(), Status::Completed);
    assert_eq!(world.noted(NoteCode::LaunchAbsent), 1);
    assert_eq!(world.server(1).attempts, 2);
    let job = &world.drs.jobs[0];
    assert!(job.tag.as_deref().unwrap().ends_with(".0.0.2"), "{job:?}");
    assert!(job.at.duration_since(first.intent_at).as_secs() >= 330);
}

#[test]
fn a_lost_job_is_adopted_by_its_tag_however_late_it_shows() {
    for hidden in [0, 5, 60, 179] {
        for call in [Call::LosesAnswer, Call::Dies] {
            let mut world = World::drill("db 1-2\napp 3");
            world.drs.calls.push_back(call);
            world.drs.hides_jobs_for = hidden;
            world.run_to_end();
            assert_eq!(world.summary(), "COMPLETED: COMPLETED COMPLETED");
            assert_eq!([1, 3].map(|number| world.drs.launches_of(number)), [1, 1]);
            assert_eq!(world.noted(NoteCode::JobAdopted), 1);
        }
    }
}

#[test]
fn a_job_is_adopted_while_its_caller_may_still_be_calling() {
    let mut world = World::drill("db 1");
    world.drs.calls.push_back(Call::Dies);
    world.tick();
    assert!(matches!(batch(&world).state, BatchState::Launching { .. }));
    world.wait(6);
    world.tick();
    assert!(matches!(batch(&world).state, BatchState::Following(_)));
}

#[test]
fn a_look_that_finds_nothing_while_the_caller_may_be_calling_says_nothing() {
    let mut world = World::drill("db 1");
    world.drs.calls.push_back(Call::Dies);
    world.tick();
    let before = world.execution.clone();
    look(&mut world, 6, AttemptSearch::Nothing);
    look(&mut world, 7, AttemptSearch::Failed(passing()));
    look(&mut world, 8, AttemptSearch::ServerInJob(job(99)));
    assert_eq!(world.execution.waves[0].batches, before.waves[0].batches);
}

#[test]
fn an_answer_that_comes_late_is_honoured_as_long_as_the_attempt_lives() {
    let started = |world: &mut World| {
        let fence = fence(world);
        let answer = LaunchAnswer::Started(job(7));
        world.tell(&Event::LaunchAnswered { fence, answer });
        matches!(batch(world).state, BatchState::Following(_))
    };
    assert!(started(&mut in_doubt(Call::LosesRequest)));
    assert!(started(&mut undecided()));
    let mut world = World::drill("db 1");
    world.drs.calls.push_back(Call::Dies);
    world.tick();
    assert!(started(&mut world));
}

#[test]
fn an_attempt_in_doubt_is_never_sent_again_before_its_absence_is_proved() {
    let mut world = in_doubt(Call::LosesRequest);
    for _ in 0..60 {
        world.wait(5);
        for effect in world.tell(&Event::Tick) {
            assert!(
                matches!(effect, Effect::SearchForAttempt { .. }),
                "{effect:?}"
            );
            world.carry_out(&effect);
        }
        assert_eq!(world.state(1), ServerState::Reconciling);
    }
}

/// A foreign job has server 1 just before ours is asked for.
fn conflict() -> (World, JobId) {
    let mut world = World::drill("db 1-2");
    let looks = world.tell(&Event::Tick);
    let Effect::CheckBeforeLaunch { .. } = &looks[0] else {
        panic!("{looks:?}")
    };
    let seen = world.drs.perform(&world.execution, &looks[0], world.now);
    world.drs.fate(1, Fate::Sticks);
    let foreign = world
        .drs
        .commit(&place(1), Kind::Drill, &[server(1)], None, world.now);
    world.tell_and_do(&seen[0]);
    (world, foreign)
}

#[test]
fn after_a_conflict_with_a_foreign_job_its_server_waits_for_that_job_and_the_others_launch() {
    let (mut world, foreign) = conflict();
    assert!(matches!(batch(&world).state, BatchState::Reconciling(_)));
    world.run_until(|execution| execution.waves[0].batches.len() == 2);
    let waiting = waiting_for(&world.execution, world.now);
    let kinds: Vec<WaitingFor> = waiting.iter().map(|one| one.kind).collect();
    assert_eq!(kinds, [WaitingFor::DrsJob, WaitingFor::ServerInJob]);
    assert_eq!(waiting[1].job, Some(foreign));
    assert_eq!(
        world.states(),
        [ServerState::Launching, ServerState::Queued]
    );
    world.run_for(600);
    assert_eq!(world.drs.launches_of(1), 0);
    world.drs.fate(1, Fate::Fails);
    world.run_for(60);
    assert_eq!(world.drs.launches_of(1), 1);
    assert_eq!(world.drs.launches_of(2), 1);
}

#[test]
fn a_server_in_a_foreign_job_at_the_look_is_put_apart_before_anything_is_sent() {
    let mut world = World::drill("db 1-2");
    world.drs.fate(1, Fate::Sticks);
    world
        .drs
        .commit(&place(1), Kind::Drill, &[server(1)], None, at(-60));
    world.tick();
    let batches = &world.execution.waves[0].batches;
    assert_eq!(batches.len(), 2);
    let BatchState::Queued(queued) = &batches[1].state else {
        panic!("{:?}", batches[1].state)
    };
    assert_eq!(queued.obstacle, Obstacle::ServerInJob(job(1)));
    assert_eq!(world.drs.launches_of(2), 1);
}

/// DRS cannot be looked at for longer than a doubt may last.
fn undecided() -> World {
    let mut world = in_doubt(Call::LosesRequest);
    world.drs.sight = Sight::Failing;
    world.run_to_hold();
    world
}

#[test]
fn after_ten_minutes_of_doubt_a_person_is_asked_and_the_other_branches_go_on() {
    let mut world = World::drill("a 1 | after nothing\nb 2 | after nothing\nc 3 | after b");
    world.drs.calls.push_back(Call::LosesRequest);
    world.tick();
    let foreign = |execution: &Execution| {
        open_holds(execution)
            .iter()
            .any(|hold| hold.kind == HoldType::Undecided)
    };
    // Something else has launched the server since, so absence is never proved.
    world
        .drs
        .commit(&place(1), Kind::Drill, &[server(1)], None, world.now);
    world.run_until(foreign);
    assert!((600..=610).contains(&world.now.duration_since(at(0)).as_secs()));
    assert_eq!(world.summary(), "PAUSED: LAUNCHING COMPLETED COMPLETED");
}

#[test]
fn an_undecided_attempt_is_looked_for_on_and_adopted() {
    let mut world = in_doubt(Call::LosesAnswer);
    world.drs.sight = Sight::Failing;
    let hold = world.run_to_hold();
    assert_eq!(hold.kind, HoldType::Undecided);
    assert_eq!(world.status(), Status::Paused);
    world.drs.sight = Sight::Clear;
    world.run_to_end();
    assert_eq!(world.summary(), "COMPLETED: COMPLETED COMPLETED");
    assert_eq!(world.drs.launches_of(1), 1);
}

#[test]
fn an_undecided_attempt_is_not_sent_again_by_a_proof_but_by_its_person() {
    let mut world = undecided();
    let hold = open_holds(&world.execution)[0].id.clone();
    world.drs.sight = Sight::Clear;
    world.run_for(3_600);
    assert!(matches!(batch(&world).state, BatchState::Undecided { .. }));
    assert_eq!(world.server(1).attempts, 1);
    world
        .command(no_job(&hold, "every look shows no job"))
        .unwrap();
    world.run_to_end();
    assert_eq!(world.summary(), "COMPLETED: COMPLETED COMPLETED");
    assert_eq!(world.server(1).attempts, 2);
}

#[test]
fn a_proof_ends_the_doubt_of_a_cancelled_execution() {
    let mut world = undecided();
    world.command(cancel(&[])).unwrap();
    world.drs.sight = Sight::Clear;
    world.run_to_end();
    assert_eq!(world.status(), Status::Cancelled);
    assert_eq!(world.drs.launches_of(1), 0);
}

#[test]
fn a_launch_in_doubt_is_not_resumed_but_resolved() {
    let mut world = undecided();
    let hold = open_holds(&world.execution)[0].id.clone();
    for holds in [vec![], vec![&hold]] {
        let refusal = world.command(resume(&holds, Some("go on"))).unwrap_err();
        assert!(refusal.to_string().contains("resolve it"), "{refusal}");
    }
    let other = "undecided-99".parse().unwrap();
    let refusal = world.command(no_job(&other, "none")).unwrap_err();
    assert_eq!(refusal, Refusal::HoldClosed(other));
}

#[test]
fn a_person_can_name_the_job_of_an_undecided_attempt() {
    let mut world = undecided();
    let hold = open_holds(&world.execution)[0].id.clone();
    world
        .command(Command::Resolve {
            hold,
            resolution: Resolution::Job(job(77)),
        })
        .unwrap();
    assert_eq!(batch(&world).job_in_flight(), Some(&job(77)));
    assert_eq!(batch(&world).attempt, 1);
    assert_eq!(world.server(1).state, ServerState::Launching);
    assert!(open_holds(&world.execution).is_empty());
    let codes: Vec<NoteCode> = world.notes.iter().map(|note| note.code).collect();
    assert!(
        codes.ends_with(&[NoteCode::Resolved, NoteCode::JobAdopted]),
        "{codes:?}"
    );
}

#[test]
fn a_person_can_say_that_an_undecided_attempt_launched_nothing() {
    let mut world = undecided();
    let hold = open_holds(&world.execution)[0].id.clone();
    world
        .command(no_job(&hold, "the console of DRS shows no job"))
        .unwrap();
    assert!(open_holds(&world.execution).is_empty());
    assert_eq!(batch(&world).attempt, 2);
    world.drs.sight = Sight::Clear;
    world.run_to_end();
    assert_eq!(world.summary(), "COMPLETED: COMPLETED COMPLETED");
}

#[test]
fn a_doubt_asks_nobody_while_somebody_may_still_be_calling() {
    let mut execution = crate::world::execution(Kind::Drill, "db 1");
    execution.head.waits = Waits {
        doubt_limit: 1,
        ..Waits::DEFAULT
    };
    let mut world = World::of(execution);
    world.drs.calls.push_back(Call::LosesRequest);
    world.tick();
    world.drs.sight = Sight::Failing;
    world.run_for(325);
    assert!(matches!(batch(&world).state, BatchState::Reconciling(_)));
    world.run_for(10);
    assert!(matches!(batch(&world).state, BatchState::Undecided { .. }));
}

#[test]
fn a_late_answer_without_news_does_not_begin_the_doubt_anew_or_close_its_hold() {
    let mut world = undecided();
    for answer in [
        no_answer(),
        LaunchAnswer::Conflict {
            offender: None,
            text: "a job has it".into(),
        },
    ] {
        let fence = fence(&world);
        world.tell(&Event::LaunchAnswered { fence, answer });
        assert_eq!(open_holds(&world.execution).len(), 1);
    }
    let mut world = in_doubt(Call::LosesRequest);
    let before = batch(&world).clone();
    world.wait(30);
    let fence = fence(&world);
    world.tell(&Event::LaunchAnswered {
        fence,
        answer: no_answer(),
    });
    assert_eq!(*batch(&world), before);
}

#[test]
fn a_cancel_that_gives_up_in_doubt_ends_at_once_and_locks_until_it_is_known() {
    let mut world = undecided();
    world.command(cancel(&[1, 2])).unwrap();
    assert_eq!(world.summary(), "CANCELLED: FAILED CANCELLED");
    let kinds = |world: &World| -> Vec<WaitingFor> {
        waiting_for(&world.execution, world.now)
            .iter()
            .map(|one| one.kind)
            .collect()
    };
    assert_eq!(kinds(&world), [WaitingFor::Undecided]);
    world.drs.sight = Sight::Clear;
    world.run_to_rest();
    assert_eq!(kinds(&world), []);
    assert_eq!(
        world.states(),
        [
            ServerState::Failed,
            ServerState::Failed,
            ServerState::Cancelled
        ]
    );
    assert!(world.drs.jobs.is_empty());
}

#[test]
fn a_person_can_end_the_doubt_of_a_cancelled_execution() {
    let mut world = undecided();
    world.command(cancel(&[])).unwrap();
    assert_eq!(world.status(), Status::Cancelling);
    world.run_for(600);
    assert_eq!(world.status(), Status::Cancelling);
    let hold = open_holds(&world.execution)[0].id.clone();
    world
        .command(no_job(&hold, "no job in the console"))
        .unwrap();
    assert_eq!(world.summary(), "CANCELLED: CANCELLED CANCELLED");
}

#[test]
fn a_person_can_end_the_doubt_of_an_ended_execution_and_so_free_its_servers() {
    let mut world = undecided();
    world.command(cancel(&[1, 2])).unwrap();
    assert!(world.execution.has_ended());
    let hold = open_holds(&world.execution)[0].id.clone();
    world
        .command(no_job(&hold, "no job in the console"))
        .unwrap();
    assert_eq!(
        world.states()[..2],
        [ServerState::Failed, ServerState::Failed]
    );
    world.run_to_rest();
    let refusal = world.command(no_job(&hold, "again")).unwrap_err();
    assert!(refusal.to_string().contains("No launch waits"), "{refusal}");
}

#[test]
fn a_server_in_doubt_cannot_be_retried() {
    let mut world = undecided();
    let refusal = world.command(retry("db", Some(&[1]))).unwrap_err();
    assert!(matches!(refusal, Refusal::NotAllowedNow(_)), "{refusal:?}");
}

#[test]
fn definite_refusals_keep_the_attempt_and_are_tried_again() {
    for answer in [
        LaunchAnswer::Quota("402".into()),
        LaunchAnswer::Throttled("429".into()),
        LaunchAnswer::Denied("403".into()),
        LaunchAnswer::NotSent("too late".into()),
    ] {
        let mut world = World::drill("db 1");
        world.drs.calls.push_back(Call::IsRefused(answer.clone()));
        world.tick();
        assert_eq!(world.summary(), "RUNNING: QUEUED", "{answer:?}");
        world.run_to_end();
        assert_eq!(world.status(), Status::Completed);
        assert_eq!(world.server(1).attempts, 1);
    }
}

#[test]
fn a_launch_that_is_refused_again_and_again_is_tried_less_and_less_often() {
    let mut world = World::drill("db 1");
    for _ in 0..9 {
        let refusal = LaunchAnswer::Throttled("429".into());
        world.drs.calls.push_back(Call::IsRefused(refusal));
    }
    world.run_for(30);
    assert_eq!(
        world.drs.calls.len(),
        5,
        "tried after 0, 2, 4 and 8 seconds"
    );
    world.run_for(30);
    assert_eq!(world.drs.calls.len(), 3, "and then every 15 seconds");
}

#[test]
fn of_a_batch_that_drs_refuses_the_offender_is_taken_out() {
    let mut world = World::recovery("db 1-5 | need 4");
    world
        .drs
        .calls
        .push_back(Call::IsRefused(LaunchAnswer::Invalid {
            offender: Some(server(3)),
            text: "its launch template is wrong".into(),
        }));
    world.run_to_end();
    assert_eq!(world.summary(), "PARTIAL: PARTIAL");
    assert_eq!(world.state(3), ServerState::Failed);
    assert_eq!(world.drs.jobs.len(), 1);
}

#[test]
fn a_batch_that_drs_refuses_without_an_offender_is_halved_until_it_is_found() {
    for spoilers in [vec![3], vec![1, 16], vec![7, 8]] {
        let mut world = World::recovery("db 1-16 | need 1");
        world.drs.spoilers = spoilers.iter().map(|&number| server(number)).collect();
        world.run_to_end();
        for number in 1..=16 {
            let spoils = spoilers.contains(&number);
            let expected = if spoils {
                ServerState::Failed
            } else {
                ServerState::Launched
            };
            assert_eq!(world.state(number), expected, "{number} of {spoilers:?}");
            assert_eq!(world.drs.launches_of(number), usize::from(!spoils));
        }
    }
}
