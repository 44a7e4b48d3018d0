//! What people and failures want of the whole.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::HoldId;

/// What people and failures want of the whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Course {
    /// Waves start as they become ready.
    #[serde(rename = "Going")]
    Running,
    /// A person wants nothing new to start.
    Paused {
        /// What a resume must name.
        hold: HoldId,
        /// Since when.
        since: Timestamp,
        /// Who.
        by: String,
    },
    /// A wave failed and its policy is STOP.
    Stopping {
        /// The wave, as the plan counts, from 0.
        wave: usize,
        /// Whether its time limit did it.
        cause: StopCause,
        /// Since when.
        since: Timestamp,
    },
    /// A person cancelled it.
    Cancelling {
        /// Since when.
        since: Timestamp,
        /// Who.
        by: String,
        /// Why.
        reason: Option<String>,
    },
}

/// Why an execution stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum StopCause {
    /// Too few servers launched.
    Failure,
    /// The wave's time limit came first.
    TimeLimit,
}
