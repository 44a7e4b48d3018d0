//! How commands end.

use std::process::ExitCode;

/// How a command ended, where it did not fail.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum End {
    /// What was wanted is so.
    Fine,
    /// There are changes, and somebody wants to know by the exit code; or things differ.
    Two,
}

impl From<End> for ExitCode {
    fn from(end: End) -> Self {
        match end {
            End::Fine => Self::SUCCESS,
            End::Two => Self::from(2),
        }
    }
}
