//! What the state machine asks: one stretch of driving, or to be parked until somebody has
//! news. The machine keeps time and retries; everything else is decided by the engine.

use domain::ExecutionId;
use engine::Engine;
use engine::drive::{MachineTurn, Next, Park};
use engine::ports::Notifier;
use lambda_support::{Failure, FailureKind};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tracing::{error, info, warn};

/// What the state machine asks.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(
    tag = "action",
    rename_all = "SCREAMING_SNAKE_CASE",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum Question {
    /// Drive the execution as far as it goes now.
    Advance {
        /// The execution.
        execution_id: ExecutionId,
        /// The number of the machine that asks.
        start: u32,
        /// The turns that this machine has had; a machine started by an earlier release does
        /// not count them.
        #[serde(default)]
        turns: u32,
    },
    /// Keep the token, and answer it when somebody has news.
    Park {
        /// The execution.
        execution_id: ExecutionId,
        /// The number of the machine that asks.
        start: u32,
        /// The version that the machine has seen.
        version: u64,
        /// For how long.
        park: ParkLength,
        /// What the machine waits under.
        task_token: String,
    },
}

/// For how long a machine parks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ParkLength {
    /// While something runs.
    Brief,
    /// While only a person can move it.
    Long,
}

/// What the state machine does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Advanced {
    next: NextState,
    version: u64,
    turns: u32,
}

/// The words of the state machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum NextState {
    Wait,
    Hold,
    Ended,
    Continue,
}

/// Answers the state machine. What `PARK` answers is not read: its machine waits for the token.
pub async fn handle(
    event: Value,
    engine: &Engine,
    notifier: &dyn Notifier,
) -> Result<Option<Advanced>, Failure> {
    let question: Question = serde_json::from_value(event)
        .map_err(|error| Failure::fatal(format!("the event is no question of ours: {error}")))?;
    match question {
        Question::Advance {
            execution_id,
            start,
            turns,
        } => {
            let turn = MachineTurn {
                start,
                earlier: turns,
            };
            let driven = engine.drive(&execution_id, turn).await?;
            let advanced = Advanced {
                next: driven.next.into(),
                version: driven.version,
                turns: turns.saturating_add(1),
            };
            info!(
                execution.id = %execution_id,
                execution.version = advanced.version,
                machine.start = start,
                machine.next = ?advanced.next,
                "drove execution {execution_id}"
            );
            if let Err(error) = engine.send_notifications_of(&execution_id, notifier).await {
                // The finder sends what is left.
                warn!(execution.id = %execution_id, "notices are left to the finder: {error}");
            }
            Ok(Some(advanced))
        }
        Question::Park {
            execution_id,
            start: _,
            version,
            park,
            task_token,
        } => {
            let parked = engine
                .park(&execution_id, version, park.into(), &task_token)
                .await;
            parked.or_else(|error| unparked(&execution_id, error.into()))?;
            Ok(None)
        }
    }
}

/// A machine that could not be parked now is retried by the machine itself, under a new token.
/// Anything else must not fail it: its own time limit sends it on, and the next turn says why.
fn unparked(execution_id: &ExecutionId, failure: Failure) -> Result<(), Failure> {
    match failure.kind {
        FailureKind::Retryable => Err(failure),
        FailureKind::Fatal => {
            error!(
                execution.id = %execution_id,
                "the machine of execution {execution_id} is parked without a token: {failure}"
            );
            Ok(())
        }
    }
}

impl From<ParkLength> for Park {
    fn from(length: ParkLength) -> Self {
        match length {
            ParkLength::Brief => Self::Brief,
            ParkLength::Long => Self::Long,
        }
    }
}

impl From<Next> for NextState {
    fn from(next: Next) -> Self {
        match next {
            Next::Wait => Self::Wait,
            Next::Hold => Self::Hold,
            Next::Ended => Self::Ended,
            Next::Continue => Self::Continue,
        }
    }
}
