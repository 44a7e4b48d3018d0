//! What is there before a deployment: the bucket's keys and the master stack as it stands.

use std::collections::{BTreeMap, BTreeSet};

/// What a plan is computed from, besides the release.
#[derive(Clone, Debug, Default)]
pub struct Observation {
    /// Keys below the prefixes that a release uses; `None` when there is no bucket.
    pub bucket: Option<BTreeSet<String>>,
    /// The master stack; `None` when there is none.
    pub stack: Option<Stack>,
}

/// The master stack as it stands.
#[derive(Clone, Debug)]
pub struct Stack {
    /// What CloudFormation calls its status.
    pub status: String,
    /// SHA-256 of the template's text, in hexadecimal digits.
    pub template_sha256: String,
    /// Its parameters.
    pub parameters: BTreeMap<String, String>,
}

/// What a status allows to be done.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Standing {
    /// It stands, and can be updated.
    Stands,
    /// A first change set was made and never carried out: there are no resources.
    NeverCreated,
    /// Its creation or deletion failed: only deletion leads on.
    Ruined,
    /// An update failed and so did the way back: the way back must be finished first.
    HalfWayBack,
    /// Some operation is going on.
    Busy,
    /// A status that this version does not know.
    Unknown,
}

impl Standing {
    /// What the status allows, by the service's own vocabulary.
    pub fn of(status: &str) -> Self {
        match status {
            "CREATE_COMPLETE"
            | "UPDATE_COMPLETE"
            | "UPDATE_ROLLBACK_COMPLETE"
            | "IMPORT_COMPLETE"
            | "IMPORT_ROLLBACK_COMPLETE" => Self::Stands,
            "REVIEW_IN_PROGRESS" => Self::NeverCreated,
            "ROLLBACK_COMPLETE" | "ROLLBACK_FAILED" | "CREATE_FAILED" | "DELETE_FAILED" => {
                Self::Ruined
            }
            "UPDATE_ROLLBACK_FAILED" => Self::HalfWayBack,
            status if status.ends_with("_IN_PROGRESS") => Self::Busy,
            _ => Self::Unknown,
        }
    }
}
