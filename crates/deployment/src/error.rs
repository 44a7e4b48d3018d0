//! What can go wrong while deploying, each in a sentence that says what to do.

use std::path::Path;

/// A deployment that could not be planned, carried out or verified.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A file that is a part of the release cannot be used.
    #[error("{file} cannot be read: {reason}")]
    File {
        /// Which file.
        file: String,
        /// What the machine says.
        reason: String,
    },
    /// An archive could not be made.
    #[error("the archive could not be packed: {0}")]
    Archive(String),
    /// The stack is being changed by somebody else.
    #[error("the stack {stack} is {status}: wait until that operation has ended, then try again")]
    Busy {
        /// Name of the stack.
        stack: String,
        /// Its status.
        status: String,
    },
    /// A status of the stack that this version knows no way out of.
    #[error(
        "the stack {stack} is {status}, which this version cannot repair: look at it in the console"
    )]
    UnknownStatus {
        /// Name of the stack.
        stack: String,
        /// Its status.
        status: String,
    },
    /// The operation on the stack ended badly.
    #[error("the stack {stack} ended as {status}; first cause: {cause}")]
    StackFailed {
        /// Name of the stack.
        stack: String,
        /// How it ended.
        status: String,
        /// The first resource that failed, in which stack and why.
        cause: String,
    },
    /// The service refused the change set.
    #[error("the change set of {stack} was refused: {reason}")]
    ChangeSetRefused {
        /// Name of the stack.
        stack: String,
        /// What the service says.
        reason: String,
    },
    /// What runs is not what was deployed.
    #[error("after the deployment, {0}")]
    NotVerified(String),
    /// A call to AWS failed.
    #[error("{operation} failed: {reason}")]
    Call {
        /// Which call.
        operation: &'static str,
        /// Code and message of the service, or what kept the call from it.
        reason: String,
    },
}

impl Failure {
    /// A file that cannot be read.
    pub fn file(file: &Path, error: &std::io::Error) -> Self {
        Self::File {
            file: file.display().to_string(),
            reason: error.to_string(),
        }
    }
}
