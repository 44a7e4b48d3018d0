//! Where a clean-up stands, and what it waits for.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::absence::may_still_come_up;
use crate::execution::Execution;

/// Where a clean-up stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CleanUpStatus {
    /// Nobody asked for it.
    #[default]
    NotStarted,
    /// Under way.
    Running,
    /// A fresh look finds nothing of this execution.
    Done,
    /// DRS refuses to terminate something.
    Incomplete,
    /// DRS could not be looked at.
    CouldNotVerify,
}

impl CleanUpStatus {
    /// The word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotStarted => "NOT_STARTED",
            Self::Running => "RUNNING",
            Self::Done => "DONE",
            Self::Incomplete => "INCOMPLETE",
            Self::CouldNotVerify => "COULD_NOT_VERIFY",
        }
    }
}

/// What a clean-up that is under way waits for, in words.
pub(in crate::execution) fn waits_for(execution: &Execution, now: Timestamp) -> String {
    if let Some((_, text)) = &execution.head.clean_up.blind {
        return format!("the drill's instances cannot be looked at: {text}");
    }
    if let Some((job, until)) = may_still_come_up(execution, now) {
        return format!(
            "DRS no longer shows job {job}, whose servers may still come up until {until}"
        );
    }
    "the drill's instances are being terminated".to_owned()
}
