//! How an invocation fails. The state machine knows the kind by name and decides by it whether
//! to try again, so the names come from one enum.

use engine::EngineError;
use engine::ports::{DrsErrorClass, StoreError};
use lambda_runtime::Diagnostic;

/// Whether it makes sense to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// The world is in the way; it may not be in a moment.
    Retryable,
    /// Trying again would end in the same way.
    Fatal,
}

impl FailureKind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::Retryable, Self::Fatal];

    /// The name of the error, as the state machine knows it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Retryable => "Retryable",
            Self::Fatal => "Fatal",
        }
    }
}

/// Why an invocation failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// Whether it makes sense to try again.
    pub kind: FailureKind,
    /// Why, for people.
    pub message: String,
}

impl Failure {
    /// A failure that trying again would not mend.
    pub fn fatal(message: impl Into<String>) -> Self {
        Self {
            kind: FailureKind::Fatal,
            message: message.into(),
        }
    }
}

impl From<Failure> for Diagnostic {
    fn from(failure: Failure) -> Self {
        Self {
            error_type: failure.kind.name().to_owned(),
            error_message: failure.message,
        }
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        Self {
            kind: kind_of(&error),
            message: error.to_string(),
        }
    }
}

fn kind_of(error: &EngineError) -> FailureKind {
    match error {
        EngineError::Store(
            StoreError::Stale | StoreError::StaleLedger | StoreError::Unavailable(_),
        ) => FailureKind::Retryable,
        EngineError::Drs(error) => kind_of_class(error.class),
        EngineError::Store(
            StoreError::Denied(_) | StoreError::TooLarge(_) | StoreError::Corrupt(_),
        )
        | EngineError::Invalid { .. }
        | EngineError::NotFound { .. }
        | EngineError::Refused(_)
        | EngineError::StaleVersion { .. } => FailureKind::Fatal,
    }
}

fn kind_of_class(class: DrsErrorClass) -> FailureKind {
    match class {
        DrsErrorClass::Throttled
        | DrsErrorClass::Conflict
        | DrsErrorClass::QuotaExceeded
        | DrsErrorClass::JobTooLarge
        | DrsErrorClass::Transient => FailureKind::Retryable,
        DrsErrorClass::NotInitialised
        | DrsErrorClass::Denied
        | DrsErrorClass::NotRecognised
        | DrsErrorClass::Invalid => FailureKind::Fatal,
    }
}
