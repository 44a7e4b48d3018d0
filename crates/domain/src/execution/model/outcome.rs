//! How waves and executions end.

use serde::{Deserialize, Serialize};

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
