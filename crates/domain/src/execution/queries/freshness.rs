//! How fresh the picture of DRS is. What is in flight is looked at all the time: a job by its id,
//! and an attempt in doubt by looking for its job.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::execution::model::batch::{Batch, BatchReference};
use crate::execution::model::batch_state::{BatchState, Doubt};
use crate::execution::model::execution::Execution;
use crate::text::Reason;

/// Looks are made at least this often while a job is in flight.
const LOOK_EVERY: SignedDuration = SignedDuration::from_secs(20);

/// How fresh the picture of DRS is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Freshness {
    /// As fresh as it can be.
    Current,
    /// Three looks were missed.
    Stale,
    /// The last look failed.
    Failing,
}

/// How fresh the picture of DRS is by `now`.
pub fn freshness(execution: &Execution, now: Timestamp) -> Freshness {
    if doubts(execution).any(|doubt| failure_of(doubt).is_some()) {
        return Freshness::Failing;
    }
    let Some(since) = execution.batches().filter_map(looked_at_since).min() else {
        return Freshness::Current;
    };
    let observation = &execution.head.observation;
    let last = observation.observed_at.map_or(since, |at| at.max(since));
    if observation.error.is_some() {
        Freshness::Failing
    } else if now.duration_since(last) > LOOK_EVERY * 3 {
        Freshness::Stale
    } else {
        Freshness::Current
    }
}

/// What went wrong in the last look, where it did.
pub fn observation_error(execution: &Execution) -> Option<&Reason> {
    let failed_search = doubts(execution).find_map(failure_of);
    execution.head.observation.error.as_ref().or(failed_search)
}

/// Why the last look for an attempt failed, where it did.
fn failure_of(doubt: &Doubt) -> Option<&Reason> {
    if doubt.looked_at > doubt.observed_at {
        doubt.last_look.as_ref()
    } else {
        None
    }
}

fn doubts(execution: &Execution) -> impl Iterator<Item = &Doubt> {
    execution
        .batches()
        .filter_map(|(_, batch)| match &batch.state {
            BatchState::Reconciling(doubt) | BatchState::Undecided { doubt, .. } => Some(doubt),
            BatchState::Idle
            | BatchState::Queued(_)
            | BatchState::Launching { .. }
            | BatchState::Following(_) => None,
        })
}

/// Since when something is looked at. A doubt that a person is asked about is looked at seldom.
fn looked_at_since((_, batch): (BatchReference, &Batch)) -> Option<Timestamp> {
    match &batch.state {
        BatchState::Following(following) => Some(following.since),
        BatchState::Reconciling(doubt) => Some(doubt.since),
        BatchState::Idle
        | BatchState::Queued(_)
        | BatchState::Launching { .. }
        | BatchState::Undecided { .. } => None,
    }
}
