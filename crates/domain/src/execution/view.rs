//! What a person may do now: the same question that the commands ask themselves.

use super::Execution;
use super::command::{CommandName, allowed};

/// Whether one command could be accepted now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedAction {
    /// The command.
    pub command: CommandName,
    /// Why not; nothing when it could.
    pub refusal: Option<String>,
}

/// Every command, each with whether it could be accepted now.
pub fn allowed_actions(execution: &Execution) -> Vec<AllowedAction> {
    CommandName::ALL
        .into_iter()
        .map(|command| AllowedAction {
            command,
            refusal: allowed(execution, command)
                .err()
                .map(|refusal| refusal.to_string()),
        })
        .collect()
}
