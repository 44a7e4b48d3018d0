//! Commands that cannot be done now: nothing changed, and here is why.

use crate::ids::HoldId;

/// Why a command is refused. Its text is a sentence for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not in this state.
    #[error("{0}")]
    NotAllowedNow(String),
    /// A hold that is unknown or closed.
    #[error("there is no open hold {0}")]
    HoldClosed(HoldId),
    /// Clean-up is for drills.
    #[error("this is a recovery: its instances are never terminated here")]
    NotADrill,
    /// The plan's name was not repeated rightly.
    #[error("the confirmation does not match: {0}")]
    ConfirmationMismatch(String),
    /// A member of the command that this case needs is missing.
    #[error("{message}")]
    MissingMember {
        /// The member.
        path: &'static str,
        /// Why it is needed.
        message: String,
    },
    /// A member names something that the execution does not have.
    #[error("{message}")]
    UnknownMember {
        /// The member.
        path: String,
        /// What it named.
        message: String,
    },
}

impl Refusal {
    pub(crate) fn now(text: impl Into<String>) -> Self {
        Self::NotAllowedNow(text.into())
    }
}
