//! Every state of a batch with every event, once: what it becomes, or that nothing changes.

use std::fmt::Write as _;

use domain::execution::batch::JobStatus;
use domain::execution::batch_state::BatchState;
use domain::execution::effect::PlanLock;
use domain::execution::event::{
    AttemptSearch, JobSighting, LaunchAnswer, LaunchStatus, ServerSighting,
};
use domain::execution::{BatchReference, Effect, Event, Fence, NoteCode};
use jiff::SignedDuration;

use crate::fake_drs::{Call, Fate, Sight};
use crate::world::{
    World, cancel, execution_id, instance, job, no_answer, nothing_seen, passing, place, server,
    word,
};

const FIRST: BatchReference = BatchReference { wave: 0, batch: 0 };

/// One world for each state that a batch can be in, with its name.
fn worlds() -> Vec<(&'static str, World)> {
    let fresh = || World::drill("db 1-2 | pause\napp 3");
    let in_doubt = || {
        let mut world = fresh();
        world.drs.calls.push_back(Call::LosesRequest);
        world.tick();
        world
    };
    let mut queued = fresh();
    queued.tell(&Event::Tick);
    let mut launching = fresh();
    launching.drs.calls.push_back(Call::Dies);
    launching.tick();
    let mut undecided = in_doubt();
    undecided.drs.sight = Sight::Failing;
    undecided.run_to_hold();
    let mut following = fresh();
    following.run_to_launch_of(1);
    let mut over = fresh();
    over.drs.fate(2, Fate::Fails);
    over.run_to_hold();
    let mut ended = fresh();
    ended.run_to_launch_of(1);
    ended.command(cancel(&[])).unwrap();
    ended.run_to_rest();
    vec![
        ("Idle, not started", fresh()),
        ("Queued", queued),
        ("Launching", launching),
        ("Reconciling", in_doubt()),
        ("Undecided", undecided),
        ("Following", following),
        ("Idle, wave failed", over),
        ("Idle, execution ended", ended),
    ]
}

/// The fence that fits the batch as it stands, or would if it were in flight.
fn fence(world: &World) -> Fence {
    let batch = world.execution.batch(FIRST).unwrap();
    Fence {
        batch: FIRST,
        attempt: batch.attempt,
        intent_at: batch.intent_at().unwrap_or(world.now),
    }
}

fn answers() -> Vec<(&'static str, LaunchAnswer)> {
    let text = || domain::text::Reason::from("");
    let invalid = |offender| LaunchAnswer::Invalid {
        offender,
        text: text(),
    };
    vec![
        ("Started", LaunchAnswer::Started(job(7))),
        ("NotSent", LaunchAnswer::NotSent(text())),
        ("Quota", LaunchAnswer::Quota(text())),
        ("TooLarge", LaunchAnswer::TooLarge(text())),
        ("Throttled", LaunchAnswer::Throttled(text())),
        ("Denied", LaunchAnswer::Denied(text())),
        ("Invalid, offender", invalid(Some(server(1)))),
        ("Invalid, nobody", invalid(None)),
        (
            "Conflict",
            LaunchAnswer::Conflict {
                offender: None,
                text: text(),
            },
        ),
        ("Doubt", no_answer()),
    ]
}

fn finds() -> Vec<(&'static str, AttemptSearch)> {
    vec![
        ("Ours", AttemptSearch::Ours(job(7))),
        ("Nothing", AttemptSearch::Nothing),
        ("ServerInJob", AttemptSearch::ServerInJob(job(99))),
        ("Unclear", AttemptSearch::Unclear(String::new().into())),
        ("Failed", AttemptSearch::Failed(passing())),
    ]
}

fn observed(number: u32, status: JobStatus, launch: LaunchStatus) -> Event {
    let sighting = |number| ServerSighting {
        id: server(number),
        status: launch,
        phase: None,
        instance: (launch == LaunchStatus::Launched).then(|| instance(number)),
        facts: None,
        error: None,
        warnings: vec![],
        unregistered: None,
    };
    let servers = match status {
        JobStatus::Vanished => vec![],
        JobStatus::Pending | JobStatus::Started | JobStatus::Completed => {
            vec![sighting(1), sighting(2)]
        }
    };
    Event::JobsObserved {
        place: place(1),
        jobs: vec![JobSighting {
            log_unread: None,
            id: job(number),
            status,
            servers,
        }],
    }
}

/// A look at the batch's servers, in this world, as DRS would show them now.
fn looked(world: &World) -> Event {
    let servers = vec![server(1), server(2)];
    let look = Effect::CheckBeforeLaunch {
        batch: FIRST,
        place: place(1),
        servers,
        taken_from: vec![],
    };
    let mut drs = world.drs.clone();
    drs.sight = Sight::Clear;
    drs.perform(&world.execution, &look, world.now).remove(0)
}

/// One event of each kind about the first batch.
pub(crate) fn events(world: &World) -> Vec<(String, Event)> {
    let fence = fence(world);
    let mut all = vec![
        ("Tick".to_owned(), Event::Tick),
        ("LaunchLooked, clear".to_owned(), looked(world)),
        (
            "LaunchLooked, failed".to_owned(),
            Event::LaunchLooked {
                batch: FIRST,
                look: Err(passing().into()),
            },
        ),
    ];
    for (name, answer) in answers() {
        all.push((
            format!("LaunchAnswered {name}"),
            Event::LaunchAnswered { fence, answer },
        ));
    }
    for (name, found) in finds() {
        all.push((
            format!("AttemptSearched {name}"),
            Event::AttemptSearched { fence, found },
        ));
    }
    for status in [
        JobStatus::Started,
        JobStatus::Completed,
        JobStatus::Vanished,
    ] {
        for launch in [
            LaunchStatus::InProgress,
            LaunchStatus::Launched,
            LaunchStatus::Failed,
        ] {
            if status != JobStatus::Vanished || launch == LaunchStatus::InProgress {
                let name = format!("JobsObserved {status:?} {launch:?}");
                all.push((name, observed(1, status, launch)));
            }
        }
    }
    let fault = passing();
    all.push((
        "LookFailed".to_owned(),
        Event::LookFailed {
            place: place(1),
            fault,
        },
    ));
    let release = |plan| Event::LocksReleased {
        batches: vec![FIRST],
        plan,
    };
    all.push(("LocksReleased".to_owned(), release(PlanLock::Release)));
    let replaced = Event::InstanceReplaced {
        instances: vec![instance(9)],
        by: execution_id(9),
    };
    all.push(("InstanceReplaced, another".to_owned(), replaced));
    all.push(("CleanUpLooked".to_owned(), nothing_seen()));
    let instances = vec![instance(1)];
    let answer = domain::execution::event::TerminateAnswer::Doubt(String::new().into());
    let terminated = Event::TerminateAnswered { instances, answer };
    all.push(("TerminateAnswered".to_owned(), terminated));
    let text = "Item size has exceeded".into();
    all.push(("SaveRefused".to_owned(), Event::SaveRefused { text }));
    all
}

fn state_name(world: &World) -> String {
    let batch = world.execution.batch(FIRST).unwrap();
    let state = match &batch.state {
        BatchState::Idle => "Idle",
        BatchState::Queued(_) => "Queued",
        BatchState::Launching { .. } => "Launching",
        BatchState::Reconciling(_) => "Reconciling",
        BatchState::Undecided { .. } => "Undecided",
        BatchState::Following(_) => "Following",
    };
    let servers: Vec<String> = batch.servers.iter().map(|one| word(one.state)).collect();
    format!("{state} #{} {}", batch.attempt, servers.join(" "))
}

fn effect_name(effect: &Effect) -> &'static str {
    match effect {
        Effect::CheckBeforeLaunch { .. } => "CheckBeforeLaunch",
        Effect::StartRecovery { .. } => "StartRecovery",
        Effect::GiveUpRoom { .. } => "GiveUpRoom",
        Effect::SearchForAttempt { .. } => "SearchForAttempt",
        Effect::Observe { .. } => "Observe",
        Effect::ReleaseLocks { .. } => "ReleaseLocks",
        Effect::TellReplaced { .. } => "TellReplaced",
        Effect::LookForCleanUp { .. } => "LookForCleanUp",
        Effect::Terminate { .. } => "Terminate",
    }
}

#[test]
fn every_state_of_a_batch_with_every_event() {
    let mut table = String::new();
    for (name, world) in worlds() {
        writeln!(table, "{name}: {}", state_name(&world)).unwrap();
        for (event_name, event) in events(&world) {
            let mut after = world.clone();
            let effects = after.tell(&event);
            let same = after.execution == world.execution;
            let mut line = if same {
                "-".to_owned()
            } else {
                state_name(&after)
            };
            let head = &after.execution.head;
            if !same && after.execution.waves == world.execution.waves {
                line = "only what is known of the whole".to_owned();
            }
            if head.ending != world.execution.head.ending {
                line += ", ended";
            }
            for effect in &effects {
                write!(line, ", {}", effect_name(effect)).unwrap();
            }
            writeln!(table, "  {event_name:34} {line}").unwrap();
        }
    }
    insta::assert_snapshot!("every_state_of_a_batch_with_every_event", table);
}

/// The events about one attempt, told with this fence.
fn about(fence: Fence) -> Vec<Event> {
    let answered = answers().into_iter();
    let answered = answered.map(|(_, answer)| Event::LaunchAnswered { fence, answer });
    let searches = finds().into_iter();
    answered
        .chain(searches.map(|(_, found)| Event::AttemptSearched { fence, found }))
        .collect()
}

#[test]
fn what_is_about_another_attempt_intent_or_batch_changes_nothing() {
    for (name, world) in worlds() {
        let right = fence(&world);
        let second = SignedDuration::from_secs(1);
        let elsewhere = |wave, batch| BatchReference { wave, batch };
        for wrong in [
            Fence {
                attempt: right.attempt + 1,
                ..right
            },
            Fence {
                attempt: right.attempt.wrapping_sub(1),
                ..right
            },
            Fence {
                intent_at: right.intent_at - second,
                ..right
            },
            Fence {
                intent_at: right.intent_at + second,
                ..right
            },
            Fence {
                batch: elsewhere(1, 0),
                ..right
            },
            Fence {
                batch: elsewhere(0, 1),
                ..right
            },
            Fence {
                batch: elsewhere(9, 0),
                ..right
            },
        ] {
            for event in about(wrong) {
                let mut after = world.clone();
                after.tell(&event);
                assert_eq!(after.execution, world.execution, "{name} {event:?}");
                assert_eq!(after.notes, world.notes, "{name} {event:?}");
            }
        }
    }
}

#[test]
fn what_is_about_another_job_changes_no_wave() {
    for (name, world) in worlds() {
        for status in [
            JobStatus::Started,
            JobStatus::Completed,
            JobStatus::Vanished,
        ] {
            for launch in [LaunchStatus::Launched, LaunchStatus::Failed] {
                let mut after = world.clone();
                after.tell(&observed(42, status, launch));
                assert_eq!(after.execution.waves, world.execution.waves, "{name}");
            }
        }
    }
}

#[test]
fn an_answer_and_a_finding_count_once() {
    for (name, world) in worlds() {
        for event in about(fence(&world)) {
            let mut once = world.clone();
            once.tell(&event);
            let mut twice = once.clone();
            twice.tell(&event);
            let intended = |world: &World| world.noted(NoteCode::LaunchIntended);
            assert_eq!(intended(&twice), intended(&once), "{name} {event:?}");
            if matches!(event, Event::LaunchAnswered { .. }) {
                assert_eq!(twice.execution, once.execution, "{name} {event:?}");
            }
        }
    }
}
