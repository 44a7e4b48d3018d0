//! The border: what the product has stored, said and refused, as facts for the checker. It copies
//! and judges nothing; it is the only place that names types of the product and of the checker.

mod execution;

use std::sync::Arc;

use domain::execution::{self as product, Command};
use domain::{Kind, Place};
use engine::ports::ExecutionStore;
use engine::ports::execution_store::{LockKey, Stage, StoredEvent, StoredExecution};
use engine::{EngineError, RefusalCode};
use futures::FutureExt;
use jiff::Timestamp;
use test_support::memory::MemoryStore;

use crate::facts;
use crate::latest::Latest;
use crate::store::Entry;
use crate::story::{FaultKind, Story};

/// What an entry of the record says, at this time. The latest executions are brought up to date.
pub(crate) fn fact(entry: Entry, latest: &mut Latest, now: Timestamp) -> facts::Fact {
    match entry {
        Entry::Saved {
            process,
            after,
            events,
        } => facts::Fact::Saved(save(process, &after, &events, latest, now)),
        Entry::TooLarge(id) => facts::Fact::TooLarge(id.to_string()),
        Entry::Freed { owner, keys } => facts::Fact::Freed {
            owner: owner.to_string(),
            locks: keys.iter().map(freed).collect(),
        },
        Entry::Asked(last) => facts::Fact::Asked(last),
        Entry::Told(told) => facts::Fact::Told(told),
    }
}

/// What a person asks of an execution that they see like this.
pub(crate) fn request(execution: &product::Execution, command: &Command) -> facts::Request {
    facts::Request {
        execution: execution.head.id.to_string(),
        status: execution::status_word(execution),
        word: command.name().word(),
        command: match command {
            Command::Resume { holds, .. } => facts::Command::Resume(texts(holds)),
            Command::Retry { wave, servers, .. } => facts::Command::Retry {
                wave: wave.to_string(),
                servers: servers.as_deref().map_or_else(Vec::new, texts),
            },
            Command::Skip { .. } => facts::Command::Skip,
            Command::TerminateInstances { .. } => facts::Command::TerminateInstances,
            Command::Pause | Command::Cancel { .. } | Command::Resolve { .. } => {
                facts::Command::Other
            }
        },
    }
}

/// The execution for which a start was refused, where it was refused because that one is active.
pub(crate) fn refused_for(error: &EngineError) -> Option<String> {
    let EngineError::Refused(refused) = error else {
        return None;
    };
    let is_for_active = matches!(
        refused.code,
        RefusalCode::PlanHasActiveExecution | RefusalCode::ServerInActiveExecution
    );
    let about = refused.about.execution.as_ref();
    about.filter(|_| is_for_active).map(ToString::to_string)
}

/// What a story does to DRS.
pub(crate) fn story(story: &Story) -> facts::StoryFacts {
    let refuses = |kind| matches!(kind, FaultKind::Spoiled | FaultKind::RefusedForGood);
    let faults = &story.faults;
    facts::StoryFacts {
        refused_servers: faults
            .iter()
            .filter(|fault| refuses(fault.kind))
            .map(|fault| fault.server.clone())
            .collect(),
        jobs_vanish: faults
            .iter()
            .any(|fault| fault.kind == FaultKind::VanishedJob),
    }
}

/// The locks of a store.
#[derive(Debug)]
pub(crate) struct StoredLocks<'a>(pub(crate) &'a MemoryStore);

impl facts::LockTable for StoredLocks<'_> {
    fn on_server(&self, place: &facts::Place, server: &str) -> facts::LockState {
        let parsed = (place.account.parse(), place.region.parse(), server.parse());
        let (Ok(account), Ok(region), Ok(server)) = parsed else {
            return facts::LockState::Unreadable(format!("{server} of {place:?} is no key"));
        };
        let key = LockKey::Server(Place { account, region }, server);
        match self
            .0
            .lock_owners(std::slice::from_ref(&key))
            .now_or_never()
        {
            Some(Ok(owners)) => match owners.get(&key) {
                Some(owner) => facts::LockState::Held {
                    execution: owner.execution.to_string(),
                    kind: kind(owner.kind),
                },
                None => facts::LockState::Free,
            },
            Some(Err(error)) => facts::LockState::Unreadable(error.to_string()),
            None => facts::LockState::Unreadable("the table gave no answer".to_owned()),
        }
    }
}

fn save(
    process: u64,
    after: &Arc<StoredExecution>,
    events: &[StoredEvent],
    latest: &mut Latest,
    now: Timestamp,
) -> facts::Save {
    facts::Save {
        process,
        stage: match after.stage {
            Stage::Acquiring => facts::Stage::Acquiring,
            Stage::Live | Stage::Over => facts::Stage::Acquired,
        },
        change: latest.saved(after),
        stored: facts::Stored {
            execution: execution::translated(&after.execution, now),
            version: after.version,
            events: after.events,
            last_hash: after.last_hash.clone(),
        },
        events: events.iter().map(logged).collect(),
    }
}

fn logged(event: &StoredEvent) -> facts::LoggedEvent {
    let wave = event.note.wave;
    let wave = wave.map_or_else(String::new, |wave| format!("[{wave}] "));
    facts::LoggedEvent {
        number: event.number,
        previous_hash: event.previous_hash.clone(),
        hash: event.hash.clone(),
        line: format!("{} {wave}{}", event.at, event.note.text),
    }
}

fn freed(key: &LockKey) -> facts::FreedLock {
    match key {
        LockKey::Plan(_) => facts::FreedLock::Plan,
        LockKey::Server(_, server) => facts::FreedLock::Server(server.to_string()),
    }
}

fn kind(kind: Kind) -> facts::Kind {
    match kind {
        Kind::Drill => facts::Kind::Drill,
        Kind::Recovery => facts::Kind::Recovery,
    }
}

fn texts<T: ToString>(list: &[T]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}
