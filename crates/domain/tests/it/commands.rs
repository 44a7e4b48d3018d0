//! Every situation with every command: allowed, or refused and with what.

use std::fmt::Write as _;

use domain::execution::command::CommandName;
use domain::execution::queries::allowed_actions::allowed;
use domain::execution::queries::allowed_actions::allowed_actions;
use domain::execution::queries::holds::open_holds;
use domain::execution::{Command, Event, Execution, decide};
use jiff::Timestamp;

use crate::fake_drs::{Call, Fate, Sight};
use crate::world::{World, cancel, no_job, resume, retry, skip, terminate};

/// One world for each situation that matters to a command, with its name.
fn situations() -> Vec<(&'static str, World)> {
    let mut all = vec![("pending", World::drill("db 1-2 | pause\napp 3"))];
    all.extend(running());
    all.extend(held());
    all.extend(leaving());
    all.extend(over());
    all
}

fn running() -> Vec<(&'static str, World)> {
    let mut queued = World::drill("db 1\napp 2");
    queued.tell(&Event::Tick);
    let mut launching = World::drill("db 1\napp 2");
    launching.run_to_launch_of(1);
    let mut last = World::drill("db 1");
    last.run_to_launch_of(1);
    let mut doubtful = World::drill("db 1");
    doubtful.drs.calls.push_back(Call::LosesRequest);
    doubtful.tick();
    let mut one_failed = World::drill("db 1-2\napp 3");
    one_failed.drs.fate(1, Fate::Fails);
    one_failed.drs.fate(2, Fate::Sticks);
    one_failed.run_for(50);
    vec![
        ("queued", queued),
        ("launching", launching),
        ("launching the last wave", last),
        ("in doubt in the last wave", doubtful),
        ("launching, one failed", one_failed),
    ]
}

fn held() -> Vec<(&'static str, World)> {
    let mut gate = World::drill("db 1 | gate");
    gate.run_to_hold();
    let mut gates = World::drill("a 1 | after nothing | gate\nb 2 | after nothing | gate");
    gates.tick();
    let mut failed = World::drill("db 1 | pause\napp 2");
    failed.drs.fate(1, Fate::Fails);
    failed.run_to_hold();
    let mut pausing = World::drill("db 1\napp 2");
    pausing.run_to_launch_of(1);
    pausing.command(Command::Pause).unwrap();
    let mut paused = pausing.clone();
    paused.run_for(120);
    let mut undecided = World::drill("db 1");
    undecided.drs.calls.push_back(Call::LosesRequest);
    undecided.tick();
    undecided.drs.sight = Sight::Failing;
    undecided.run_to_hold();
    let mut timed_out = World::drill("db 1 | pause | limit 5");
    timed_out.drs.fate(1, Fate::Sticks);
    timed_out.run_to_hold();
    vec![
        ("at a gate", gate),
        ("at two gates", gates),
        ("held by a failure", failed),
        ("held by a limit, its job followed", timed_out),
        ("pausing", pausing),
        ("paused", paused),
        ("undecided", undecided),
    ]
}

fn leaving() -> Vec<(&'static str, World)> {
    let mut stopping = World::drill("a 1 | after nothing | stop\nb 2 | after nothing");
    stopping.drs.fate(1, Fate::Fails);
    stopping.drs.fate(2, Fate::Sticks);
    stopping.run_until(|execution| execution.waves[0].end().is_some());
    let mut cancelling = World::drill("db 1\napp 2");
    cancelling.run_to_launch_of(1);
    cancelling.command(cancel(&[])).unwrap();
    let mut launched = cancelling.clone();
    launched.run_until(|execution| execution.servers().next().unwrap().instance.is_some());
    let mut undecided = World::drill("db 1");
    undecided.drs.calls.push_back(Call::LosesRequest);
    undecided.tick();
    undecided.drs.sight = Sight::Failing;
    undecided.run_to_hold();
    undecided.command(cancel(&[])).unwrap();
    let mut given_up = undecided.clone();
    given_up.command(cancel(&[1])).unwrap();
    vec![
        ("stopping", stopping),
        ("cancelling", cancelling),
        ("cancelling, all launched, job not over", launched),
        ("cancelling, undecided", undecided),
        ("cancelled, undecided", given_up),
    ]
}

fn over() -> Vec<(&'static str, World)> {
    let mut drill = World::drill("db 1");
    drill.run_to_end();
    let mut recovery = World::recovery("db 1");
    recovery.run_to_end();
    let mut nothing = World::drill("db 1");
    nothing.command(cancel(&[])).unwrap();
    let mut cleaning = drill.clone();
    cleaning.command(terminate()).unwrap();
    let mut clean = cleaning.clone();
    clean.run_to_rest();
    vec![
        ("an ended drill", drill),
        ("an ended recovery", recovery),
        ("a drill that launched nothing", nothing),
        ("being cleaned up", cleaning),
        ("cleaned up", clean),
    ]
}

#[test]
fn every_situation_with_every_command() {
    let mut table = String::new();
    for (name, world) in situations() {
        writeln!(table, "{name} ({})", world.summary()).unwrap();
        for command in CommandName::ALL {
            let answer = match allowed(&world.execution, command) {
                Ok(()) => "yes".to_owned(),
                Err(refusal) => format!("no: {refusal}"),
            };
            writeln!(table, "  {:20} {answer}", format!("{command:?}")).unwrap();
        }
    }
    insta::assert_snapshot!("every_situation_with_every_command", table);
}

#[test]
fn what_is_shown_as_allowed_is_what_is_accepted_in_every_situation() {
    for (name, world) in situations() {
        assert_eq!(disagreement(&world.execution, world.now), None, "{name}");
    }
}

#[test]
fn every_command_is_listed_once_and_under_its_own_name() {
    for (_, world) in situations() {
        let actions = allowed_actions(&world.execution);
        let names: Vec<CommandName> = actions.iter().map(|action| action.command).collect();
        assert_eq!(names, CommandName::ALL);
    }
    for command in every_command(&situations()[0].1.execution) {
        assert!(CommandName::ALL.contains(&command.name()));
    }
}

/// Every command that could make sense for this execution.
pub(crate) fn every_command(execution: &Execution) -> Vec<Command> {
    let mut commands = vec![
        Command::Pause,
        cancel(&[]),
        terminate(),
        resume(&[], Some("why")),
    ];
    for hold in open_holds(execution) {
        commands.push(resume(&[&hold.id], Some("why")));
        commands.push(no_job(&hold.id, "why"));
    }
    for wave in &execution.waves {
        let key = wave.head.key.as_str();
        commands.extend([retry(key, None), skip(key)]);
        for server in wave.servers() {
            commands.push(Command::Retry {
                wave: wave.head.key.clone(),
                servers: Some(vec![server.id.clone()]),
                reason: None,
            });
            commands.push(Command::Cancel {
                reason: None,
                give_up_on: vec![server.id.clone()],
            });
        }
    }
    commands
}

/// The command of which it is shown that it is allowed while none is accepted, or the other
/// way round.
pub(crate) fn disagreement(execution: &Execution, now: Timestamp) -> Option<CommandName> {
    let accepted: Vec<CommandName> = every_command(execution)
        .into_iter()
        .filter(|command| {
            let (by, command) = ("ben".to_owned(), command.clone());
            decide(execution, &Event::Command { by, command }, now).is_ok()
        })
        .map(|command| command.name())
        .collect();
    allowed_actions(execution)
        .into_iter()
        .find(|action| action.refusal.is_none() != accepted.contains(&action.command))
        .map(|action| action.command)
}
