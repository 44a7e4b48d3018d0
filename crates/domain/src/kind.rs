//! What an execution is for. There is no default: DRS itself takes a missing flag for a recovery.

use serde::{Deserialize, Serialize};

/// What an execution is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// A rehearsal. Its instances are there to be terminated.
    Drill,
    /// The real thing. Nothing of it is ever terminated by this product.
    Recovery,
}

impl Kind {
    /// The word for people, in the middle of a sentence.
    pub fn word(self) -> &'static str {
        match self {
            Self::Drill => "drill",
            Self::Recovery => "recovery",
        }
    }
}
