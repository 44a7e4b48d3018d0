//! Faults of DRS. The numbers are those of the catalogue of faults worth injecting
//! (`docs/simulation.md`).

mod rules;

pub(super) use rules::rule;

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which.
    pub kind: FaultKind,
    /// The server that it is about, where it is about one.
    pub server: String,
    /// How often it happens.
    pub times: u32,
    /// How long, in seconds, where that has a meaning.
    pub seconds: u32,
}

/// The faults that are rules of a world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "`label` says what each is")]
pub enum FaultKind {
    ThrottledLooks,
    ThrottledStarts,
    LostAnswer,
    ErrorAfterCommit,
    ErrorBeforeCommit,
    LostRequest,
    ForeignFirst,
    SnapshotFallsBack,
    SnapshotFails,
    ConversionRetries,
    ConversionFails,
    LaunchFails,
    Stuck,
    LeftInProgress,
    DeniedInside,
    NoParticipants,
    HiddenJob,
    VanishedJob,
    StaleLook,
    Spoiled,
    Uninitialised,
    QuotaExceeded,
    DeniedLooks,
    DeniedStarts,
    WrongSignature,
    TerminateConflict,
    TerminateLost,
    SlowAnswer,
    SlowRequest,
    BrokenLooks,
    LaunchActions,
    Impaired,
    Orphan,
    Protected,
    DeniedEc2,
    DeniedLogs,
    ThrottledLogs,
    SpoiltSignature,
    RefusedForGood,
    LeftOut,
}

/// Every kind.
pub const ALL_FAULTS: [FaultKind; 40] = [
    FaultKind::ThrottledLooks,
    FaultKind::ThrottledStarts,
    FaultKind::LostAnswer,
    FaultKind::ErrorAfterCommit,
    FaultKind::ErrorBeforeCommit,
    FaultKind::LostRequest,
    FaultKind::ForeignFirst,
    FaultKind::SnapshotFallsBack,
    FaultKind::SnapshotFails,
    FaultKind::ConversionRetries,
    FaultKind::ConversionFails,
    FaultKind::LaunchFails,
    FaultKind::Stuck,
    FaultKind::LeftInProgress,
    FaultKind::DeniedInside,
    FaultKind::NoParticipants,
    FaultKind::HiddenJob,
    FaultKind::VanishedJob,
    FaultKind::StaleLook,
    FaultKind::Spoiled,
    FaultKind::Uninitialised,
    FaultKind::QuotaExceeded,
    FaultKind::DeniedLooks,
    FaultKind::DeniedStarts,
    FaultKind::WrongSignature,
    FaultKind::TerminateConflict,
    FaultKind::TerminateLost,
    FaultKind::SlowAnswer,
    FaultKind::SlowRequest,
    FaultKind::BrokenLooks,
    FaultKind::LaunchActions,
    FaultKind::Impaired,
    FaultKind::Orphan,
    FaultKind::Protected,
    FaultKind::DeniedEc2,
    FaultKind::DeniedLogs,
    FaultKind::ThrottledLogs,
    FaultKind::SpoiltSignature,
    FaultKind::RefusedForGood,
    FaultKind::LeftOut,
];

impl FaultKind {
    /// Its number in the catalogue, and what it is.
    pub const fn label(self) -> &'static str {
        match self {
            Self::ThrottledLooks => "F1 looks throttled",
            Self::ThrottledStarts => "F1 starts throttled",
            Self::LostAnswer => "F2 answer lost after the commit",
            Self::ErrorAfterCommit => "F3 500 after the commit",
            Self::ErrorBeforeCommit => "F4 500 before the commit",
            Self::LostRequest => "F4 request lost",
            Self::ForeignFirst => "F5 a foreign job comes first",
            Self::SnapshotFallsBack => "F6 earlier snapshot used",
            Self::SnapshotFails => "F7 snapshot fails",
            Self::ConversionRetries => "F8 conversion fails and is tried again",
            Self::ConversionFails => "F8 conversion fails",
            Self::LaunchFails => "F9 launch fails",
            Self::Stuck => "F10 stuck",
            Self::LeftInProgress => "F11 COMPLETED with a server in progress",
            Self::DeniedInside => "F12 denied inside the job",
            Self::NoParticipants => "F13 no servers listed at first",
            Self::HiddenJob => "F14 job hidden at first",
            Self::VanishedJob => "F15 job vanishes",
            Self::StaleLook => "F16 stale look",
            Self::Spoiled => "F18 one server spoils its batch",
            Self::Uninitialised => "F19 Region not initialised",
            Self::QuotaExceeded => "F20 quota exceeded",
            Self::DeniedLooks => "F21 looks denied",
            Self::DeniedStarts => "F21 starts denied",
            Self::WrongSignature => "F22 signature refused",
            Self::TerminateConflict => "F24 termination conflicts",
            Self::TerminateLost => "F24 termination's answer lost",
            Self::SlowAnswer => "F25 slow answer",
            Self::SlowRequest => "F25 request held back",
            Self::BrokenLooks => "F25 looks fail",
            Self::LaunchActions => "F27 actions after the launch fail",
            Self::Impaired => "F28 instance fails its status checks",
            Self::Orphan => "F12 EC2 keeps what DRS could not register",
            Self::Protected => "F24 protected from termination",
            Self::DeniedEc2 => "F21 looks at EC2 denied",
            Self::DeniedLogs => "F21 logs denied",
            Self::ThrottledLogs => "F1 logs throttled",
            Self::SpoiltSignature => "F22 signature of a start spoilt",
            Self::RefusedForGood => "F18 refused for its state, and no job has it",
            Self::LeftOut => "F9 left out by its job",
        }
    }
}
