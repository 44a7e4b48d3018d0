//! Faults of a draft: every one at once, each with the path of the member that has it.

use serde::{Deserialize, Serialize};

/// One thing that is wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The member, such as `waves[2].dependsOn[0]`; empty for the whole body.
    pub path: String,
    /// What is wrong, for programs.
    pub code: FaultCode,
    /// What is wrong, for people.
    pub message: String,
}

impl Fault {
    /// A fault at `path`.
    pub fn new(path: impl Into<String>, code: FaultCode, message: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            code,
            message: message.into(),
        }
    }
}

/// What can be wrong with a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FaultCode {
    /// A member that must be given is missing or empty.
    Required,
    /// The text does not have the form that is asked for.
    InvalidFormat,
    /// Longer, or more, than allowed.
    TooLong,
    /// A number outside its range.
    OutOfRange,
    /// The same thing twice in one list.
    Duplicate,
    /// A member that the request does not have.
    UnknownMember,
    /// A value of another type than the member has.
    WrongType,
    /// The waves depend on each other in a circle.
    Cycle,
    /// A wave that the plan does not have.
    UnknownWave,
    /// An execution that does not exist.
    UnknownExecution,
    /// A protection group that does not exist.
    UnknownGroup,
    /// A server in more than one wave.
    ServerInTwoWaves,
    /// A server that none of the wave's groups has.
    ServerNotInGroup,
    /// A wave, or a group, without servers.
    NoServers,
    /// The same wave key twice.
    DuplicateKey,
    /// More servers are needed than the wave has.
    NeedTooHigh,
    /// More waves or jobs than one execution can have.
    PlanTooLarge,
    /// DRS does not know the server in the group's account and Region.
    UnknownSourceServer,
    /// DRS is not initialised in the group's account and Region.
    DrsNotInitialised,
    /// An account that this deployment does not serve.
    UnknownAccount,
    /// No Region has this name, or one that cannot be reached from here.
    UnknownRegion,
    /// The Region has no DRS.
    DrsNotOffered,
    /// The Region does not recognise the account: as a rule it has not been enabled.
    RegionNotEnabled,
    /// The Region is of another partition, which has accounts of its own.
    RegionOfAnotherPartition,
    /// Two members that cannot be given together.
    NotTogether,
}

impl FaultCode {
    /// The code as it is written on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Required => "REQUIRED",
            Self::InvalidFormat => "INVALID_FORMAT",
            Self::TooLong => "TOO_LONG",
            Self::OutOfRange => "OUT_OF_RANGE",
            Self::Duplicate => "DUPLICATE",
            Self::UnknownMember => "UNKNOWN_MEMBER",
            Self::WrongType => "WRONG_TYPE",
            Self::Cycle => "CYCLE",
            Self::UnknownWave => "UNKNOWN_WAVE",
            Self::UnknownExecution => "UNKNOWN_EXECUTION",
            Self::UnknownGroup => "UNKNOWN_GROUP",
            Self::ServerInTwoWaves => "SERVER_IN_TWO_WAVES",
            Self::ServerNotInGroup => "SERVER_NOT_IN_GROUP",
            Self::NoServers => "NO_SERVERS",
            Self::DuplicateKey => "DUPLICATE_KEY",
            Self::NeedTooHigh => "NEED_TOO_HIGH",
            Self::PlanTooLarge => "PLAN_TOO_LARGE",
            Self::UnknownSourceServer => "UNKNOWN_SOURCE_SERVER",
            Self::DrsNotInitialised => "DRS_NOT_INITIALISED",
            Self::UnknownAccount => "UNKNOWN_ACCOUNT",
            Self::UnknownRegion => "UNKNOWN_REGION",
            Self::DrsNotOffered => "DRS_NOT_OFFERED",
            Self::RegionNotEnabled => "REGION_NOT_ENABLED",
            Self::RegionOfAnotherPartition => "REGION_OF_ANOTHER_PARTITION",
            Self::NotTogether => "NOT_TOGETHER",
        }
    }
}
