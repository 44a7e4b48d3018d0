//! Holds: gates, failures and pauses, and how people open them.

use domain::HoldId;
use domain::execution::queries::holds::{HoldType, open_holds};
use domain::execution::{Execution, Refusal, ServerState, Status};

use crate::fake_drs::{Call, Fate};
use crate::world::{World, cancel, find, resume, retry, server, skip};
use domain::execution::{Command, NoteCode};

fn holds(world: &World) -> Vec<(HoldType, Option<usize>)> {
    open_holds(&world.execution)
        .iter()
        .map(|hold| (hold.kind, hold.wave))
        .collect()
}

fn hold_ids(world: &World) -> Vec<HoldId> {
    open_holds(&world.execution)
        .into_iter()
        .map(|hold| hold.id)
        .collect()
}

#[test]
fn a_gate_before_the_first_wave_holds_the_first_turn() {
    let mut world = World::drill("db 1 | gate");
    assert_eq!(world.status(), Status::Pending);
    assert!(open_holds(&world.execution).is_empty());
    let hold = world.run_to_hold();
    assert_eq!(world.summary(), "PAUSED: PAUSED");
    world.run_for(600);
    assert!(world.drs.jobs.is_empty());
    world.command(resume(&[&hold.id], None)).unwrap();
    assert_eq!(world.summary(), "RUNNING: QUEUED");
    world.run_to_end();
    assert_eq!(world.summary(), "COMPLETED: COMPLETED");
}

#[test]
fn of_two_open_gates_a_resume_opens_exactly_the_one_it_names() {
    let mut world = World::drill("a 1 | after nothing | gate\nb 2 | after nothing | gate");
    world.tick();
    assert_eq!(
        holds(&world),
        [(HoldType::Gate, Some(0)), (HoldType::Gate, Some(1))]
    );
    let [first, second] = hold_ids(&world).try_into().unwrap();
    world.command(resume(&[&second], None)).unwrap();
    assert_eq!(holds(&world), [(HoldType::Gate, Some(0))]);
    for _ in 0..10 {
        let refusal = world.command(resume(&[&second], None)).unwrap_err();
        assert_eq!(refusal, Refusal::HoldClosed(second.clone()));
    }
    assert_eq!(holds(&world), [(HoldType::Gate, Some(0))]);
    world.run_until(|execution| execution.waves[1].end().is_some());
    assert_eq!(world.summary(), "PAUSED: PAUSED COMPLETED");
    world.command(resume(&[&first], None)).unwrap();
    world.run_to_end();
    assert_eq!(world.status(), Status::Completed);
}

#[test]
fn without_hold_ids_a_resume_is_allowed_only_when_exactly_one_is_open() {
    let mut world = World::drill("a 1 | after nothing | gate\nb 2 | after nothing | gate");
    let refused = |world: &mut World, part: &str| {
        let refusal = world.command(resume(&[], None)).unwrap_err();
        assert!(refusal.to_string().contains(part), "{refusal}");
    };
    refused(&mut world, "Nothing is held.");
    world.tick();
    refused(&mut world, "2 holds are open: name those to resume.");
    let first = hold_ids(&world)[0].clone();
    world.command(resume(&[&first], None)).unwrap();
    world.command(resume(&[], None)).unwrap();
    assert!(open_holds(&world.execution).is_empty());
}

#[test]
fn a_resume_that_names_one_closed_hold_opens_none_of_the_others() {
    let mut world = World::drill("a 1 | gate");
    let hold = world.run_to_hold();
    let unknown: HoldId = "gate-99".parse().unwrap();
    let before = world.execution.clone();
    let refusal = world
        .command(resume(&[&hold.id, &unknown], None))
        .unwrap_err();
    assert_eq!(refusal, Refusal::HoldClosed(unknown));
    assert_eq!(world.execution, before);
}

#[test]
fn a_hold_named_twice_is_opened_once() {
    let mut world = World::drill("a 1 | gate");
    let hold = world.run_to_hold();
    world.command(resume(&[&hold.id, &hold.id], None)).unwrap();
    assert_eq!(world.noted(NoteCode::Resumed), 1);
}

#[test]
fn the_id_of_a_hold_is_never_used_again() {
    let mut world = World::drill("a 1 | gate | pause\nb 2 | gate");
    world.drs.fate(1, Fate::Fails);
    let mut seen = vec![world.run_to_hold().id];
    world.command(resume(&[&seen[0]], None)).unwrap();
    for _ in 0..2 {
        world.command(Command::Pause).unwrap();
        let manual = hold_ids(&world)[0].clone();
        world.command(resume(&[&manual], None)).unwrap();
        seen.push(manual);
    }
    for _ in 0..2 {
        seen.push(world.run_to_hold().id);
        world.command(retry("a", None)).unwrap();
    }
    seen.push(world.run_to_hold().id);
    let failure = seen.last().unwrap().clone();
    world.command(resume(&[&failure], Some("known"))).unwrap();
    seen.push(world.run_to_hold().id);
    let different: std::collections::BTreeSet<_> = seen.iter().map(HoldId::as_str).collect();
    assert_eq!(different.len(), seen.len(), "{seen:?}");
    for closed in &seen[..seen.len() - 1] {
        let refusal = world.command(resume(&[closed], Some("again"))).unwrap_err();
        assert_eq!(refusal, Refusal::HoldClosed(closed.clone()));
    }
}

#[test]
fn going_on_without_a_failed_wave_needs_a_comment_and_leaves_the_wave_failed() {
    let mut world = World::drill("db 1-2 | pause\napp 3");
    world.drs.fate(2, Fate::Fails);
    let hold = world.run_to_hold();
    assert_eq!(hold.kind, HoldType::Failure);
    for comment in [None, Some(""), Some("  ")] {
        let refusal = world.command(resume(&[&hold.id], comment)).unwrap_err();
        assert!(
            matches!(
                refusal,
                Refusal::MissingMember {
                    path: "comment",
                    ..
                }
            ),
            "{refusal:?}"
        );
    }
    world
        .command(resume(&[&hold.id], Some("it is spare")))
        .unwrap();
    world.run_to_end();
    assert_eq!(world.summary(), "PARTIAL: FAILED COMPLETED");
    let note = world
        .notes
        .iter()
        .find(|note| note.code == NoteCode::Resumed)
        .unwrap();
    assert!(note.text.contains("it is spare"), "{}", note.text);
    assert_eq!(note.actor.as_deref(), Some("ben@example.com"));
}

#[test]
fn a_pause_at_a_gate_is_a_hold_of_its_own() {
    let mut world = World::drill("db 1 | gate");
    let gate = world.run_to_hold();
    world.command(Command::Pause).unwrap();
    assert_eq!(holds(&world).len(), 2);
    world.command(resume(&[&gate.id], None)).unwrap();
    assert_eq!(holds(&world), [(HoldType::Manual, None)]);
    world.run_for(60);
    assert_eq!(world.summary(), "PAUSED: PENDING");
    assert!(world.drs.jobs.is_empty());
    world.command(resume(&[], None)).unwrap();
    world.run_to_end();
    assert_eq!(world.status(), Status::Completed);
}

#[test]
fn a_gate_is_reached_under_a_pause_and_stays_closed_after_it() {
    let mut world = World::drill("db 1\napp 2 | gate");
    world.run_to_launch_of(1);
    world.command(Command::Pause).unwrap();
    world.run_to_status(Status::Paused);
    assert_eq!(holds(&world).len(), 2);
    let manual = open_holds(&world.execution)
        .into_iter()
        .find(|hold| hold.kind == HoldType::Manual)
        .unwrap();
    world.command(resume(&[&manual.id], None)).unwrap();
    assert_eq!(holds(&world), [(HoldType::Gate, Some(1))]);
}

#[test]
fn a_pause_while_jobs_run_is_pausing_until_they_have_ended() {
    let mut world = World::drill("db 1\napp 2");
    world.run_to_launch_of(1);
    world.command(Command::Pause).unwrap();
    assert_eq!(world.summary(), "PAUSING: LAUNCHING PENDING");
    world.run_to_status(Status::Paused);
    assert_eq!(world.summary(), "PAUSED: COMPLETED PENDING");
    world.run_for(600);
    assert_eq!(world.drs.launches_of(2), 0);
    world.command(resume(&[], None)).unwrap();
    world.run_to_end();
    assert_eq!(world.status(), Status::Completed);
}

#[test]
fn a_resume_during_pausing_goes_on_as_if_nothing_had_been() {
    let mut world = World::drill("db 1\napp 2");
    world.run_to_launch_of(1);
    let before = world.execution.clone();
    world.command(Command::Pause).unwrap();
    world.command(resume(&[], None)).unwrap();
    let holds_made = world.execution.head.holds_made;
    let same = |execution: &Execution| (execution.waves.clone(), execution.head.course.clone());
    assert_eq!(same(&world.execution), same(&before));
    assert_eq!(holds_made, before.head.holds_made + 1);
    world.run_to_end();
    assert_eq!(world.status(), Status::Completed);
}

#[test]
fn a_pause_between_the_look_and_the_intent_sends_nothing() {
    let mut world = World::drill("db 1");
    let effects = world.tell(&domain::execution::Event::Tick);
    world.command(Command::Pause).unwrap();
    for effect in &effects {
        world.carry_out(effect);
    }
    assert_eq!(world.summary(), "PAUSED: PAUSED");
    assert!(world.drs.jobs.is_empty());
}

#[test]
fn a_pause_during_the_last_wave_is_refused() {
    let mut world = World::drill("db 1");
    world.run_to_launch_of(1);
    let refusal = world.command(Command::Pause).unwrap_err();
    assert!(
        refusal.to_string().contains("Nothing is left to start"),
        "{refusal}"
    );
}

#[test]
fn a_pause_before_the_first_turn_holds_it() {
    let mut world = World::drill("db 1");
    world.command(Command::Pause).unwrap();
    world.run_for(60);
    assert_eq!(world.status(), Status::Paused);
    assert!(world.drs.jobs.is_empty());
}

#[test]
fn a_cancel_before_the_first_turn_ends_at_once() {
    let mut world = World::drill("db 1 | gate\napp 2");
    world.command(cancel(&[])).unwrap();
    assert_eq!(world.summary(), "CANCELLED: CANCELLED CANCELLED");
    world.run_to_rest();
    assert!(world.drs.jobs.is_empty());
}

#[test]
fn a_cancel_at_a_gate_or_a_pause_ends_at_once() {
    let mut world = World::drill("db 1 | gate");
    world.run_to_hold();
    world.command(Command::Pause).unwrap();
    world.command(cancel(&[])).unwrap();
    assert_eq!(world.summary(), "CANCELLED: CANCELLED");
    assert!(open_holds(&world.execution).is_empty());
}

#[test]
fn a_cancel_while_launching_follows_the_job_and_terminates_nothing() {
    let mut world = World::drill("db 1\napp 2");
    world.run_to_launch_of(1);
    world.command(cancel(&[])).unwrap();
    assert_eq!(world.summary(), "CANCELLING: LAUNCHING CANCELLED");
    world.run_to_end();
    assert_eq!(world.summary(), "CANCELLED: COMPLETED CANCELLED");
    assert_eq!(
        world.states(),
        [ServerState::Launched, ServerState::Cancelled]
    );
    world.run_to_rest();
    assert_eq!(world.drs.jobs.len(), 1);
    assert_eq!(world.drs.live_instances(world.now).len(), 1);
}

#[test]
fn a_cancel_closes_the_holds_of_failed_waves() {
    let mut world = World::drill("a 1 | after nothing | pause\nb 2 | after nothing");
    world.drs.fate(1, Fate::Fails);
    world.drs.fate(2, Fate::Sticks);
    world.run_to_hold();
    world.command(cancel(&[])).unwrap();
    assert_eq!(world.status(), Status::Cancelling);
    assert!(open_holds(&world.execution).is_empty());
}

#[test]
fn a_cancel_while_in_doubt_waits_until_the_job_is_adopted() {
    let mut world = World::drill("db 1\napp 2");
    world.drs.calls.push_back(Call::LosesAnswer);
    world.drs.hides_jobs_for = 60;
    world.run_until(|execution| {
        execution
            .servers()
            .any(|s| s.state == ServerState::Reconciling)
    });
    world.command(cancel(&[])).unwrap();
    assert_eq!(world.status(), Status::Cancelling);
    world.run_to_end();
    assert_eq!(world.summary(), "CANCELLED: COMPLETED CANCELLED");
    assert_eq!(world.drs.jobs.len(), 1);
}

#[test]
fn a_cancel_while_in_doubt_waits_until_absence_is_proved_and_sends_nothing_more() {
    let mut world = World::drill("db 1\napp 2");
    world.drs.calls.push_back(Call::LosesRequest);
    world.run_until(|execution| {
        execution
            .servers()
            .any(|s| s.state == ServerState::Reconciling)
    });
    world.command(cancel(&[])).unwrap();
    world.run_for(325);
    assert_eq!(world.status(), Status::Cancelling);
    world.run_to_end();
    assert_eq!(world.summary(), "CANCELLED: CANCELLED CANCELLED");
    assert!(world.drs.jobs.is_empty());
}

#[test]
fn servers_given_up_on_are_unknown_at_once_and_locked_until_their_job_ends() {
    let mut world = World::drill("db 1-2\napp 3");
    world.drs.fate(2, Fate::Sticks);
    world.run_to_launch_of(1);
    world.command(cancel(&[1, 2])).unwrap();
    assert_eq!(world.summary(), "CANCELLED: FAILED CANCELLED");
    assert_eq!(world.state(2), ServerState::Unknown);
    world.run_for(600);
    assert_eq!(world.state(1), ServerState::Launched);
    assert_eq!(
        world.execution.waves[0].batches[0].locks,
        domain::execution::Lock::Held
    );
    assert_eq!(
        world.execution.waves[1].batches[0].locks,
        domain::execution::Lock::Free
    );
    world.drs.fate(2, Fate::Launches);
    world.run_to_rest();
    assert_eq!(world.state(2), ServerState::Launched);
    assert_eq!(world.summary(), "CANCELLED: FAILED CANCELLED");
}

#[test]
fn a_second_cancel_gives_up_on_more_and_one_without_servers_is_refused() {
    let mut world = World::drill("db 1-2");
    world.drs.fate(1, Fate::Sticks);
    world.drs.fate(2, Fate::Sticks);
    world.run_to_launch_of(1);
    world.command(cancel(&[1])).unwrap();
    assert_eq!(world.status(), Status::Cancelling);
    let refusal = world.command(cancel(&[])).unwrap_err();
    assert!(
        refusal
            .to_string()
            .contains("name the servers to give up on"),
        "{refusal}"
    );
    world.command(cancel(&[2])).unwrap();
    assert_eq!(world.status(), Status::Cancelled);
}

#[test]
fn giving_up_names_servers_of_the_execution() {
    let mut world = World::drill("db 1\napp 2");
    world.run_to_launch_of(1);
    let before = world.execution.clone();
    let refusal = world.command(cancel(&[1, 9])).unwrap_err();
    assert!(
        matches!(&refusal, Refusal::UnknownMember { path, .. } if path == "giveUpOn[1]"),
        "{refusal:?}"
    );
    assert_eq!(world.execution, before);
}

#[test]
fn a_server_that_has_not_been_asked_for_may_be_given_up_on_and_is_cancelled() {
    let mut world = World::drill("db 1\napp 2");
    world.run_to_launch_of(1);
    world.command(cancel(&[1, 2])).unwrap();
    assert_eq!(world.state(1), ServerState::Unknown);
    world.run_to_end();
    assert_eq!(world.state(2), ServerState::Cancelled);
}

#[test]
fn what_is_up_already_cannot_be_given_up_on_while_the_rest_is_followed() {
    let mut world = World::drill("db 1-2");
    world.drs.fate(2, Fate::Sticks);
    world.run_to_launch_of(2);
    world.command(cancel(&[])).unwrap();
    world.run_until(|execution| find(execution, 1).state == ServerState::Launched);
    let refusal = world.command(cancel(&[1])).unwrap_err();
    assert!(
        matches!(&refusal, Refusal::NotAllowedNow(text) if text.contains("Nobody waits for s-")),
        "{refusal:?}"
    );
    world.command(cancel(&[1, 2])).unwrap();
    assert_eq!(world.state(1), ServerState::Launched);
    assert_eq!(world.state(2), ServerState::Unknown);
    let told = world
        .notes
        .iter()
        .rfind(|note| note.code == NoteCode::Cancelled);
    let told = told.unwrap().text.to_string();
    let (up, given_up) = (server(1), server(2));
    assert!(told.contains(&format!("gave up on {given_up}")), "{told}");
    assert!(
        told.contains(&format!("waiting for the launch of {up}")),
        "{told}"
    );
}

#[test]
fn a_skip_at_a_gate_closes_the_gate_for_good() {
    let mut world = World::drill("db 1 | gate\napp 2");
    let gate = world.run_to_hold();
    world.command(skip("db")).unwrap();
    let refusal = world.command(resume(&[&gate.id], None)).unwrap_err();
    assert!(matches!(refusal, Refusal::NotAllowedNow(_)), "{refusal:?}");
    world.run_to_end();
    assert_eq!(world.summary(), "PARTIAL: SKIPPED COMPLETED");
}
