//! The master stack as it stands, and what its status allows.

use std::collections::BTreeMap;

use crate::cloud::{Cloud, Outputs, StackState};
use crate::error::Failure;
use crate::release::digest;
use crate::settings::Settings;

/// The master stack as it stands.
#[derive(Clone, Debug)]
pub struct Stack {
    /// What CloudFormation calls its status.
    pub status: String,
    /// SHA-256 of the template's text, in hexadecimal digits.
    pub template_sha256: String,
    /// Its parameters.
    pub parameters: BTreeMap<String, String>,
    /// Its outputs.
    pub outputs: Outputs,
}

impl Stack {
    /// What its status allows to be done.
    pub fn phase(&self) -> StackPhase {
        StackPhase::of(&self.status)
    }

    /// The same without its template.
    pub fn state(&self) -> StackState {
        StackState {
            status: self.status.clone(),
            parameters: self.parameters.clone(),
            outputs: self.outputs.clone(),
        }
    }
}

/// What a status allows to be done.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum StackPhase {
    /// It stands, and can be updated.
    Stands,
    /// A first change set was made and never carried out: there are no resources.
    NeverCreated,
    /// Its creation or deletion failed: only deletion leads on.
    MustBeDeleted,
    /// An update failed and so did the way back: the way back must be finished first.
    RollbackFailed,
    /// Some operation is going on.
    Busy,
    /// A status that this version does not know.
    Unknown,
}

impl StackPhase {
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
                Self::MustBeDeleted
            }
            "UPDATE_ROLLBACK_FAILED" => Self::RollbackFailed,
            status if status.ends_with("_IN_PROGRESS") => Self::Busy,
            _ => Self::Unknown,
        }
    }
}

/// Reads the master stack.
pub async fn stack(cloud: &dyn Cloud, settings: &Settings) -> Result<Option<Stack>, Failure> {
    let name = settings.stack();
    let (state, template) = tokio::join!(cloud.stack(&name), cloud.template(&name));
    let Some(state) = state? else {
        return Ok(None);
    };
    Ok(Some(Stack {
        status: state.status,
        template_sha256: digest(template?.as_bytes()),
        parameters: state.parameters,
        outputs: state.outputs,
    }))
}
