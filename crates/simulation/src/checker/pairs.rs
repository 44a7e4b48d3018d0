//! What was covered: which event met which state.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::facts::{Batch, BatchState, Request, Stored, Told};

/// The states of a batch, by their words.
pub const BATCH_STATES: [&str; 6] = [
    "IDLE",
    "QUEUED",
    "LAUNCHING",
    "RECONCILING",
    "UNDECIDED",
    "FOLLOWING",
];

/// The events that are no commands, by their words.
pub const ALL_EVENTS: [&str; 24] = [
    "TICK",
    "LAUNCH_LOOKED",
    "LAUNCH_LOOK_FAILED",
    "ANSWERED_STARTED",
    "ANSWERED_NOT_SENT",
    "ANSWERED_QUOTA",
    "ANSWERED_TOO_LARGE",
    "ANSWERED_THROTTLED",
    "ANSWERED_DENIED",
    "ANSWERED_INVALID",
    "ANSWERED_CONFLICT",
    "ANSWERED_DOUBT",
    "SOUGHT_OURS",
    "SOUGHT_NOTHING",
    "SOUGHT_SERVER_IN_JOB",
    "SOUGHT_UNCLEAR",
    "SOUGHT_FAILED",
    "JOBS_OBSERVED",
    "LOOK_FAILED",
    "LOCKS_RELEASED",
    "INSTANCE_REPLACED",
    "TAKEN_OVER",
    "CLEAN_UP_LOOKED",
    "TERMINATE_ANSWERED",
];

/// The commands, by their words.
pub const ALL_COMMANDS: [&str; 7] = [
    "PAUSE",
    "RESUME",
    "CANCEL",
    "RETRY",
    "SKIP",
    "RESOLVE",
    "TERMINATE_INSTANCES",
];

/// The statuses of an execution, by their words.
pub const STATUSES: [&str; 11] = [
    "PENDING",
    "RUNNING",
    "PAUSING",
    "PAUSED",
    "STOPPING",
    "CANCELLING",
    "COMPLETED",
    "PARTIAL",
    "FAILED",
    "CANCELLED",
    "TIMED_OUT",
];

/// Why this event can never meet a batch in this state, where it cannot. An event is about a
/// batch only where it names one; the others meet every batch of the execution.
pub fn why_never(state: &str, event: &str) -> Option<&'static str> {
    let answer = event.starts_with("ANSWERED_");
    let refusal = answer && !matches!(event, "ANSWERED_STARTED" | "ANSWERED_DOUBT");
    let of_the_ended = matches!(
        event,
        "LOCKS_RELEASED" | "INSTANCE_REPLACED" | "CLEAN_UP_LOOKED" | "TERMINATE_ANSWERED"
    );
    match state {
        "UNDECIDED" if answer || event.starts_with("LAUNCH_LOOK") => {
            Some("nobody who looked or called lives when a person is asked")
        }
        "IDLE" | "QUEUED" | "FOLLOWING" if refusal => Some(
            "an attempt that DRS refused has no job, and nobody proves that while it is called",
        ),
        "QUEUED" if of_the_ended => Some("nothing queues in an execution that has ended"),
        _ => None,
    }
}

/// How often an event met a state.
#[derive(Debug, Clone, Default)]
pub struct Pairs {
    /// State of a batch and event.
    pub batches: BTreeMap<(&'static str, &'static str), u64>,
    /// Status of an execution and command.
    pub commands: BTreeMap<(&'static str, &'static str), u64>,
}

impl Pairs {
    /// Adds what another run covered.
    pub fn add(&mut self, other: &Self) {
        for (pair, times) in &other.batches {
            *self.batches.entry(*pair).or_default() += times;
        }
        for (pair, times) in &other.commands {
            *self.commands.entry(*pair).or_default() += times;
        }
    }

    /// A person asks something of an execution as it is shown to them.
    pub(super) fn asked(&mut self, request: &Request) {
        let pair = (request.status, request.word);
        *self.commands.entry(pair).or_default() += 1;
    }

    pub(super) fn told(&mut self, current: &BTreeMap<String, Arc<Stored>>, told: &Told) {
        let Some(stored) = current.get(&told.execution) else {
            return;
        };
        // What was decided about an older version cannot be saved, and is decided again.
        if stored.version != told.version {
            return;
        }
        let execution = &stored.execution;
        let Some(event) = ALL_EVENTS.iter().find(|word| **word == told.event) else {
            return;
        };
        let states: BTreeSet<&'static str> = match told.batch {
            Some((wave, batch)) => execution
                .waves
                .get(wave)
                .and_then(|wave| wave.batches.get(batch))
                .map(batch_word)
                .into_iter()
                .collect(),
            None => execution.batches().map(batch_word).collect(),
        };
        for state in states {
            *self.batches.entry((state, event)).or_default() += 1;
        }
    }
}

fn batch_word(batch: &Batch) -> &'static str {
    match batch.state {
        BatchState::Idle => "IDLE",
        BatchState::Queued => "QUEUED",
        BatchState::Launching => "LAUNCHING",
        BatchState::Reconciling => "RECONCILING",
        BatchState::Undecided => "UNDECIDED",
        BatchState::Following => "FOLLOWING",
    }
}
