//! What a use case says when it does not do what it was asked.

use domain::counted::counted;
use domain::execution::Refusal;
use domain::{ExecutionId, Fault, FaultCode, JobId, Kind, SourceServerId};

use crate::ports::{DrsError, DrsErrorClass, StoreError};

/// Why a use case did not do what it was asked. Nothing has changed then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// The request is wrong: every fault at once (400).
    #[error("the request has {}", counted(faults.len(), "fault", "faults"))]
    Invalid {
        /// Which kind of thing is invalid.
        code: InvalidCode,
        /// Every fault, each with its path.
        faults: Vec<Fault>,
    },
    /// There is no such thing (404).
    #[error("there is no {what} {id}")]
    NotFound {
        /// The kind of thing, in words.
        what: &'static str,
        /// Its id.
        id: String,
    },
    /// It cannot be done now (409).
    #[error("{}", .0.detail)]
    Refused(Box<Refused>),
    /// Somebody else has changed it since it was read (412).
    #[error("it was changed since it was read; its version is {version} now")]
    StaleVersion {
        /// The version as it stands.
        version: u64,
    },
    /// The world is in the way: a table or DRS (503, or 500 where it is a bug).
    #[error(transparent)]
    Store(#[from] StoreError),
    /// DRS is in the way.
    #[error("DRS could not be asked: {0}")]
    Drs(#[from] DrsError),
}

/// What kind of thing is invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvalidCode {
    /// `INVALID_GROUP`.
    Group,
    /// `INVALID_PLAN`.
    Plan,
    /// `INVALID_REQUEST`.
    Request,
    /// `UNKNOWN_ACCOUNT`.
    UnknownAccount,
}

/// A refusal with all that the answer names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// For programs.
    pub code: RefusalCode,
    /// A sentence for people.
    pub detail: String,
    /// What it is about.
    pub about: About,
}

/// How many servers, groups or plans the sentence of a refusal names; its members have more.
pub(crate) const NAMED_MAX: usize = 20;

/// How many plans the members of a refusal list: as many as fit an answer with the longest names.
pub(crate) const PLANS_LISTED_MAX: usize = 1_000;

/// What a refusal is about: the answer's further members. All may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct About {
    /// The execution in the way.
    pub execution: Option<ExecutionId>,
    /// Its kind.
    pub kind: Option<Kind>,
    /// Who started it.
    pub by: Option<String>,
    /// Servers, each with a reason.
    pub servers: Vec<(SourceServerId, String)>,
    /// The job in the way.
    pub job: Option<JobId>,
    /// Groups, by id and name.
    pub groups: Vec<(String, String)>,
    /// Plans, by id and name.
    pub plans: Vec<(String, String)>,
}

/// Codes of refusals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(
    missing_docs,
    reason = "each code says what it means, and is made in one place"
)]
pub enum RefusalCode {
    NameTaken,
    ServerInAnotherGroup,
    GroupInUse,
    GroupInActiveExecution,
    PlanHasActiveExecution,
    ServerInActiveExecution,
    ConfirmationMismatch,
    DrillIsolationNotConfirmed,
    ServersNotRecoverable,
    ServerHasLiveRecoveryInstance,
    CouldNotVerify,
    HoldClosed,
    NotADrill,
    NotAllowedNow,
    ClientTokenReused,
}

impl RefusalCode {
    /// The code as it is written on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NameTaken => "NAME_TAKEN",
            Self::ServerInAnotherGroup => "SERVER_IN_ANOTHER_GROUP",
            Self::GroupInUse => "GROUP_IN_USE",
            Self::GroupInActiveExecution => "GROUP_IN_ACTIVE_EXECUTION",
            Self::PlanHasActiveExecution => "PLAN_HAS_ACTIVE_EXECUTION",
            Self::ServerInActiveExecution => "SERVER_IN_ACTIVE_EXECUTION",
            Self::ConfirmationMismatch => "CONFIRMATION_MISMATCH",
            Self::DrillIsolationNotConfirmed => "DRILL_ISOLATION_NOT_CONFIRMED",
            Self::ServersNotRecoverable => "SERVERS_NOT_RECOVERABLE",
            Self::ServerHasLiveRecoveryInstance => "SERVER_HAS_LIVE_RECOVERY_INSTANCE",
            Self::CouldNotVerify => "COULD_NOT_VERIFY",
            Self::HoldClosed => "HOLD_CLOSED",
            Self::NotADrill => "NOT_A_DRILL",
            Self::NotAllowedNow => "NOT_ALLOWED_NOW",
            Self::ClientTokenReused => "CLIENT_TOKEN_REUSED",
        }
    }
}

impl EngineError {
    /// A refusal that names nothing further.
    pub fn refused(code: RefusalCode, detail: impl Into<String>) -> Self {
        Self::refused_about(code, detail, About::default())
    }

    /// A refusal that names what it is about.
    pub fn refused_about(code: RefusalCode, detail: impl Into<String>, about: About) -> Self {
        Self::Refused(Box::new(Refused {
            code,
            detail: detail.into(),
            about,
        }))
    }

    /// There is no such thing.
    pub fn not_found(what: &'static str, id: &(impl ToString + ?Sized)) -> Self {
        Self::NotFound {
            what,
            id: id.to_string(),
        }
    }
}

impl From<Refusal> for EngineError {
    fn from(refusal: Refusal) -> Self {
        let text = refusal.to_string();
        match refusal {
            Refusal::NotAllowedNow(_) => Self::refused(RefusalCode::NotAllowedNow, text),
            Refusal::HoldClosed(_) => Self::refused(RefusalCode::HoldClosed, text),
            Refusal::NotADrill => Self::refused(RefusalCode::NotADrill, text),
            Refusal::ConfirmationMismatch(_) => {
                Self::refused(RefusalCode::ConfirmationMismatch, text)
            }
            Refusal::MissingMember { path, message } => Self::Invalid {
                code: InvalidCode::Request,
                faults: vec![Fault::new(path, FaultCode::Required, message)],
            },
            Refusal::UnknownMember { path, message } => Self::Invalid {
                code: InvalidCode::Request,
                faults: vec![Fault::new(path, FaultCode::UnknownMember, message)],
            },
        }
    }
}

/// Whether an error of DRS leaves open what was done.
pub fn leaves_doubt(error: &DrsError) -> bool {
    match error.class {
        DrsErrorClass::Transient => true,
        DrsErrorClass::Throttled
        | DrsErrorClass::Conflict
        | DrsErrorClass::QuotaExceeded
        | DrsErrorClass::JobTooLarge
        | DrsErrorClass::NotInitialised
        | DrsErrorClass::Denied
        | DrsErrorClass::NotRecognised
        | DrsErrorClass::Invalid => false,
    }
}
