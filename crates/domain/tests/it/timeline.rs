//! Each kind of hold over time, and each go at a wave, by the notes that decisions really make.

use domain::execution::Command;
use domain::execution::NoteCode;
use domain::execution::command::Resolution;
use domain::execution::queries::holds::{HoldType, open_holds};
use domain::execution::queries::timeline::{GoResult, HoldSpan, Timeline, timeline};
use proptest::prelude::*;

use crate::fake_drs::{Call, Fate, Sight};
use crate::walk::{Walk, steps};
use crate::world::{World, cancel, job, no_job, resume, retry, skip};

fn told(world: &World) -> Timeline {
    let log = world.noted_at.iter().copied().zip(&world.notes);
    timeline(&world.execution, log)
}

/// The only hold of a story.
fn only(world: &World) -> HoldSpan {
    let [span] = told(world).holds.try_into().unwrap();
    span
}

/// How long the only hold was open, in seconds; nothing while it is.
fn seconds_open(world: &World) -> Option<i64> {
    let span = only(world);
    Some(span.to?.duration_since(span.from).as_secs())
}

/// A story that has just come to its only hold, 40 seconds ago.
fn held(text: &str, prepare: impl FnOnce(&mut World)) -> World {
    let mut world = World::drill(text);
    prepare(&mut world);
    world.run_to_hold();
    assert_eq!(seconds_open(&world), None);
    world.wait(40);
    world
}

fn undecided() -> World {
    held("db 1-2\napp 3", |world| {
        world.drs.calls.push_back(Call::LosesRequest);
        world.tick();
        world.drs.sight = Sight::Failing;
    })
}

fn failed() -> World {
    held("db 1-2 | pause\napp 3", |world| {
        world.drs.fate(1, Fate::Fails);
    })
}

#[test]
fn a_gate_is_held_from_when_it_was_reached_to_its_resume() {
    let mut world = held("db 1 | gate", |_| {});
    world.command(resume(&[], None)).unwrap();
    world.run_to_end();
    assert_eq!(only(&world).kind, HoldType::Gate);
    assert_eq!(only(&world).wave, Some(0));
    assert_eq!(seconds_open(&world), Some(40));
}

#[test]
fn a_skip_ends_the_gate_of_its_wave() {
    let mut world = held("db 1 | gate", |_| {});
    world.command(skip("db")).unwrap();
    world.wait(60);
    world.run_to_end();
    assert_eq!(seconds_open(&world), Some(40));
}

#[test]
fn of_two_gates_a_resume_ends_the_one_that_it_names() {
    let mut world = World::drill("a 1 | after nothing | gate\nb 2 | after nothing | gate");
    world.tick();
    let [first, second] = open_holds(&world.execution).try_into().unwrap();
    world.wait(10);
    world.command(resume(&[&second.id], None)).unwrap();
    let ends = told(&world).holds;
    assert_eq!((&ends[0].id, ends[0].to), (&first.id, None));
    assert_eq!((&ends[1].id, ends[1].to), (&second.id, Some(world.now)));
}

#[test]
fn a_failure_is_held_until_it_is_retried_and_each_go_is_a_span_of_its_own() {
    let mut world = failed();
    world.command(retry("db", None)).unwrap();
    world.drs.fate(1, Fate::Launches);
    world.run_to_end();
    let span = only(&world);
    assert_eq!(
        (span.kind, seconds_open(&world)),
        (HoldType::Failure, Some(40))
    );
    let goes = told(&world).goes;
    let of_db: Vec<_> = goes.iter().filter(|go| go.wave == 0).collect();
    assert_eq!(of_db.len(), 2, "{goes:?}");
    assert_eq!(
        (of_db[0].to, of_db[0].result),
        (Some(span.from), GoResult::Failed)
    );
    assert_eq!(
        (Some(of_db[1].from), of_db[1].result),
        (span.to, GoResult::Fine)
    );
}

#[test]
fn a_failure_is_held_until_a_person_goes_on_without_the_wave() {
    for (what, command) in [
        ("resumed", resume(&[], Some("it is spare"))),
        ("skipped", skip("db")),
        ("cancelled", cancel(&[])),
    ] {
        let mut world = failed();
        world.command(command).unwrap();
        world.wait(60);
        world.run_to_end();
        assert_eq!(seconds_open(&world), Some(40), "{what}");
        assert_eq!(told(&world).goes[0].result, GoResult::Failed, "{what}");
    }
}

#[test]
fn a_pause_is_held_from_its_command_to_its_resume_or_to_the_end_of_all() {
    for (what, command) in [("resumed", resume(&[], None)), ("cancelled", cancel(&[]))] {
        let mut world = World::drill("db 1\napp 2");
        world.tick();
        world.command(Command::Pause).unwrap();
        assert_eq!(seconds_open(&world), None, "{what}");
        world.wait(40);
        world.command(command).unwrap();
        world.run_to_end();
        let span = only(&world);
        assert_eq!((span.kind, span.wave), (HoldType::Manual, None), "{what}");
        assert_eq!(seconds_open(&world), Some(40), "{what}");
    }
}

#[test]
fn a_launch_in_doubt_is_held_until_a_person_resolves_it() {
    for resolution in [
        Resolution::Job(job(77)),
        Resolution::NoJob("the console of DRS shows none (hold undecided-9)".to_owned()),
    ] {
        let mut world = undecided();
        let hold = open_holds(&world.execution)[0].id.clone();
        world
            .command(Command::Resolve { hold, resolution })
            .unwrap();
        let span = only(&world);
        assert_eq!((span.kind, span.wave), (HoldType::Undecided, Some(0)));
        assert_eq!(seconds_open(&world), Some(40));
    }
}

#[test]
fn a_launch_in_doubt_is_held_until_its_job_is_found() {
    let mut world = held("db 1-2\napp 3", |world| {
        world.drs.calls.push_back(Call::LosesAnswer);
        world.tick();
        world.drs.sight = Sight::Failing;
    });
    world.drs.sight = Sight::Clear;
    world.run_to_end();
    let found = world
        .notes
        .iter()
        .position(|note| note.code == NoteCode::JobAdopted);
    assert_eq!(only(&world).to, found.map(|index| world.noted_at[index]));
}

#[test]
fn a_launch_in_doubt_is_held_on_after_the_whole_was_cancelled() {
    let mut world = undecided();
    world.command(cancel(&[])).unwrap();
    world.run_for(60);
    assert_eq!(seconds_open(&world), None);
    let hold = open_holds(&world.execution)[0].id.clone();
    world.command(no_job(&hold, "DRS shows none")).unwrap();
    assert_eq!(only(&world).to, Some(world.now));
}

#[test]
fn what_is_held_is_ended_by_the_wave_that_stops_the_whole() {
    let mut world =
        World::drill("a 1 | after nothing | gate\nb 2 | after nothing | stop\nc 3 | after b");
    world.drs.fate(2, Fate::Fails);
    world.run_to_end();
    let stopped = world
        .notes
        .iter()
        .position(|note| note.code == NoteCode::WaveEnded);
    assert_eq!(only(&world).to, stopped.map(|index| world.noted_at[index]));
}

proptest! {
    #[test]
    fn the_holds_without_an_end_are_those_that_are_open_and_none_ends_as_it_begins(
        (number, steps) in steps()
    ) {
        let mut walk = Walk::new(number);
        walk.run(&steps, |moved| {
            let told = told(moved.world);
            let mut lasting: Vec<_> = told
                .holds
                .iter()
                .filter(|span| span.to.is_none())
                .map(|span| (span.id.clone(), span.kind, span.wave, span.from))
                .collect();
            lasting.sort_by(|one, other| one.0.cmp(&other.0));
            let mut open: Vec<_> = open_holds(&moved.world.execution)
                .into_iter()
                .map(|hold| (hold.id, hold.kind, hold.wave, hold.since))
                .collect();
            open.sort_by(|one, other| one.0.cmp(&other.0));
            assert_eq!(lasting, open);
            for span in &told.holds {
                assert!(span.to.is_none_or(|to| to > span.from), "{span:?} {:?}", moved.event);
            }
        });
    }
}
