//! Where a clean-up stands.

use serde::{Deserialize, Serialize};

/// Where a clean-up stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CleanUpStatus {
    /// Nobody asked for it.
    #[default]
    NotStarted,
    /// Under way.
    Running,
    /// Fresh looks at DRS and EC2 find nothing of this execution.
    Done,
    /// Something is left: DRS refuses to terminate it, or does not list it.
    Incomplete,
    /// What is left could not be seen.
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
