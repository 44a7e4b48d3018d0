//! How waves and executions end: two tables, as `match` on what happened.

use serde::{Deserialize, Serialize};

use super::server::ServerState;
use super::{Course, Execution, StopCause};
use crate::counted::counted;
use crate::recovery_plan::Need;

/// How an execution ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Outcome {
    /// Every server launched.
    Completed,
    /// It ran to its end with less.
    Partial,
    /// Stopped by a failed wave, or nothing launched at all.
    Failed,
    /// A person cancelled it.
    Cancelled,
    /// Stopped by a wave's time limit.
    TimedOut,
}

/// How a wave ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WaveOutcome {
    /// Every server launched.
    Completed,
    /// As many as needed.
    Partial,
    /// Fewer than needed.
    Failed,
    /// A person went on without it.
    Skipped,
    /// The execution ended before it started.
    Cancelled,
    /// Its time limit came first.
    TimedOut,
}

impl Outcome {
    /// The word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::Completed => "COMPLETED",
            Self::Partial => "PARTIAL",
            Self::Failed => "FAILED",
            Self::Cancelled => "CANCELLED",
            Self::TimedOut => "TIMED_OUT",
        }
    }
}

impl WaveOutcome {
    /// The word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::Completed => "COMPLETED",
            Self::Partial => "PARTIAL",
            Self::Failed => "FAILED",
            Self::Skipped => "SKIPPED",
            Self::Cancelled => "CANCELLED",
            Self::TimedOut => "TIMED_OUT",
        }
    }
}

/// Whether a wave's need is met by `launched` of `servers`. More than all is never needed: a
/// group can have shrunk since the plan was saved.
pub fn need_is_met(need: Need, launched: usize, servers: usize) -> bool {
    launched >= need.of(servers).min(servers)
}

/// Judges a wave all of whose servers have ended.
pub fn judge_wave(need: Need, states: &[ServerState]) -> WaveOutcome {
    let count = |state| states.iter().filter(|&&other| other == state).count();
    let launched = count(ServerState::Launched);
    if !states.is_empty() && count(ServerState::Cancelled) == states.len() {
        WaveOutcome::Cancelled
    } else if launched == states.len() {
        WaveOutcome::Completed
    } else if need_is_met(need, launched, states.len()) {
        WaveOutcome::Partial
    } else {
        WaveOutcome::Failed
    }
}

/// Judges an execution all of whose waves have ended, with the sentence that says why.
pub fn judge_execution(execution: &Execution) -> (Outcome, String) {
    let servers = execution.servers().count();
    let launched = execution
        .servers()
        .filter(|server| server.state == ServerState::Launched)
        .count();
    let count = format!(
        "{launched} of {} launched",
        counted(servers, "server", "servers")
    );
    match &execution.head.course {
        Course::Cancelling { by, reason, .. } => {
            let why = reason
                .as_deref()
                .map_or_else(String::new, |reason| format!(" ({reason})"));
            (
                Outcome::Cancelled,
                format!("cancelled by {by}{why}; {count}"),
            )
        }
        Course::Stopping { wave, cause, .. } => {
            let key = &execution.waves[*wave].head.key;
            match cause {
                StopCause::Failure => (
                    Outcome::Failed,
                    format!("stopped because wave `{key}` failed; {count}"),
                ),
                StopCause::TimeLimit => {
                    let text = format!("stopped by the time limit of wave `{key}`; {count}");
                    (Outcome::TimedOut, text)
                }
            }
        }
        Course::Going | Course::Paused { .. } => {
            let skipped = execution.waves.iter().any(|wave| {
                wave.end()
                    .is_some_and(|end| end.outcome == WaveOutcome::Skipped)
            });
            if launched == servers && !skipped {
                (Outcome::Completed, count)
            } else if launched == 0 {
                (Outcome::Failed, "no server launched".to_owned())
            } else {
                (Outcome::Partial, count)
            }
        }
    }
}
