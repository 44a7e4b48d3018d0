//! How commands end.

use std::process::ExitCode;

/// How a command ended, where it did not fail.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CommandOutcome {
    /// What was wanted is so.
    Succeeded,
    /// There are changes, and somebody wants to know by the exit code; or things differ.
    DifferencesFound,
}

impl From<CommandOutcome> for ExitCode {
    fn from(outcome: CommandOutcome) -> Self {
        match outcome {
            CommandOutcome::Succeeded => Self::SUCCESS,
            CommandOutcome::DifferencesFound => Self::from(2),
        }
    }
}
