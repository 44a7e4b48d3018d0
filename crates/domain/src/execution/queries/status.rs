//! The status of an execution and of its waves, and who has to drive it: derived, never kept.

use serde::{Deserialize, Serialize};

use super::holds::open_holds;
use crate::execution::model::batch::Batch;
use crate::execution::model::batch_state::BatchState;
use crate::execution::model::clean_up::CleanUpStatus;
use crate::execution::model::course::Course;
use crate::execution::model::execution::Execution;
use crate::execution::model::lock::Lock;
use crate::execution::model::outcome::{Outcome, WaveOutcome};
use crate::execution::model::wave::{Gate, Wave, WaveState};

/// The status of an execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(
    missing_docs,
    reason = "the words are defined in the glossary of ARCHITECTURE.md"
)]
pub enum Status {
    Pending,
    Running,
    Pausing,
    Paused,
    Stopping,
    Cancelling,
    Completed,
    Partial,
    Failed,
    Cancelled,
    TimedOut,
}

/// The status of a wave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(
    missing_docs,
    reason = "the words are defined in the glossary of ARCHITECTURE.md"
)]
pub enum WaveStatus {
    Pending,
    Paused,
    Queued,
    Launching,
    Completed,
    Partial,
    Failed,
    Skipped,
    Cancelled,
    TimedOut,
}

/// Whether somebody has to drive an execution, and how soon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drive {
    /// Soon: something runs.
    Soon,
    /// Only a person can move it.
    Held,
    /// No work is left.
    Done,
}

/// The status.
pub fn status(execution: &Execution) -> Status {
    if let Some(ending) = &execution.head.ending {
        return match ending.outcome {
            Outcome::Completed => Status::Completed,
            Outcome::Partial => Status::Partial,
            Outcome::Failed => Status::Failed,
            Outcome::Cancelled => Status::Cancelled,
            Outcome::TimedOut => Status::TimedOut,
        };
    }
    let in_flight = execution.batches().any(|(_, batch)| awaits_answer(batch));
    match &execution.head.course {
        Course::Cancelling { .. } => Status::Cancelling,
        Course::Stopping { .. } => Status::Stopping,
        Course::Paused { .. } if in_flight => Status::Pausing,
        Course::Paused { .. } => Status::Paused,
        Course::Running if execution.head.started_at.is_none() => Status::Pending,
        Course::Running if in_flight => Status::Running,
        Course::Running => {
            let queued = execution
                .batches()
                .any(|(_, batch)| matches!(batch.state, BatchState::Queued(_)));
            if queued || open_holds(execution).is_empty() {
                Status::Running
            } else {
                Status::Paused
            }
        }
    }
}

/// In flight, and not only for a person to decide.
fn awaits_answer(batch: &Batch) -> bool {
    match &batch.state {
        BatchState::Idle | BatchState::Queued(_) | BatchState::Undecided { .. } => false,
        BatchState::Launching { .. } | BatchState::Reconciling(_) | BatchState::Following(_) => {
            true
        }
    }
}

/// The status of a wave.
pub fn wave_status(execution: &Execution, wave: &Wave) -> WaveStatus {
    match &wave.head.state {
        WaveState::Pending => match &wave.head.gate {
            Gate::Closed { .. } => WaveStatus::Paused,
            Gate::None | Gate::Ahead | Gate::Open { .. } => WaveStatus::Pending,
        },
        WaveState::Started if wave.is_in_flight() => WaveStatus::Launching,
        WaveState::Started => match &execution.head.course {
            Course::Paused { .. } => WaveStatus::Paused,
            Course::Running | Course::Stopping { .. } | Course::Cancelling { .. } => {
                WaveStatus::Queued
            }
        },
        WaveState::Ended(end) => match end.outcome {
            WaveOutcome::Completed => WaveStatus::Completed,
            WaveOutcome::Partial => WaveStatus::Partial,
            WaveOutcome::Failed => WaveStatus::Failed,
            WaveOutcome::Skipped => WaveStatus::Skipped,
            WaveOutcome::Cancelled => WaveStatus::Cancelled,
            WaveOutcome::TimedOut => WaveStatus::TimedOut,
        },
    }
}

/// Whether a person is asked about a launch that DRS may still show, while others wait for it.
pub fn is_in_doubt(execution: &Execution) -> bool {
    let mut batches = execution.batches();
    !execution.has_ended()
        && batches.any(|(_, batch)| matches!(batch.state, BatchState::Undecided { .. }))
}

/// Who has to drive it. A launch that nobody could decide about is looked at again from time to
/// time; else a person ends the doubt.
pub fn drive(execution: &Execution) -> Drive {
    let awaits = execution.batches().any(|(_, batch)| awaits_answer(batch));
    let undecided = execution.batches().any(|(_, batch)| batch.is_in_flight()) && !awaits;
    let held = execution.head.plan_lock == Lock::Held
        || execution
            .batches()
            .any(|(_, batch)| batch.locks == Lock::Held && !batch.is_in_flight());
    let cleaning = execution.head.clean_up.status == CleanUpStatus::Running;
    if execution.has_ended() {
        return if awaits || held || cleaning {
            Drive::Soon
        } else if undecided {
            Drive::Held
        } else {
            Drive::Done
        };
    }
    match status(execution) {
        Status::Paused => Drive::Held,
        Status::Cancelling | Status::Stopping if undecided => Drive::Held,
        Status::Pending
        | Status::Running
        | Status::Pausing
        | Status::Stopping
        | Status::Cancelling
        | Status::Completed
        | Status::Partial
        | Status::Failed
        | Status::Cancelled
        | Status::TimedOut => Drive::Soon,
    }
}
