//! Faults of DRS as rules of its world. The numbers are those of the catalogue of faults worth
//! injecting (`docs/simulation.md`).

use drs_simulator::ErrorName;
use drs_simulator::scenario::{
    Answer, Commitment, Effect, ForeignJobSettings, PhaseEffect, PhaseEnding, Rule, ServerPhase,
    ServerSelector, Stall, When,
};
use drs_simulator::wire::job::JobLogEvent;
use jiff::SignedDuration;

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
    DeniedLooks,
    DeniedStarts,
    WrongSignature,
    TerminateConflict,
    TerminateLost,
    SlowAnswer,
    SlowRequest,
    BrokenLooks,
}

/// Every kind.
pub const ALL_FAULTS: [FaultKind; 28] = [
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
    FaultKind::DeniedLooks,
    FaultKind::DeniedStarts,
    FaultKind::WrongSignature,
    FaultKind::TerminateConflict,
    FaultKind::TerminateLost,
    FaultKind::SlowAnswer,
    FaultKind::SlowRequest,
    FaultKind::BrokenLooks,
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
            Self::DeniedLooks => "F21 looks denied",
            Self::DeniedStarts => "F21 starts denied",
            Self::WrongSignature => "F22 signature refused",
            Self::TerminateConflict => "F24 termination conflicts",
            Self::TerminateLost => "F24 termination's answer lost",
            Self::SlowAnswer => "F25 slow answer",
            Self::SlowRequest => "F25 request held back",
            Self::BrokenLooks => "F25 looks fail",
        }
    }
}

/// The rule of a fault; its id is the position of the fault.
pub(super) fn rule((index, fault): (usize, &Fault)) -> Rule {
    let id = Some(index.to_string());
    let (when, effect) = when_and_effect(fault);
    // Whatever DRS refuses once it refuses again.
    let lasting = fault.kind == FaultKind::Spoiled
        || (fault.kind == FaultKind::SnapshotFallsBack && fault.times > 2);
    Rule {
        id,
        when,
        effect,
        times: (!lasting).then_some(fault.times),
    }
}

fn on(operation: &str) -> When {
    When {
        operation: Some(operation.to_owned()),
        ..When::default()
    }
}

fn at_server(fault: &Fault) -> When {
    When {
        server: Some(ServerSelector {
            id: Some(fault.server.clone()),
            ..ServerSelector::default()
        }),
        ..When::default()
    }
}

fn call(answer: Option<Answer>) -> Effect {
    Effect::Call {
        answer,
        stale: false,
        hide_job: None,
        hide_participants: None,
        vanish_after: None,
        foreign_job: None,
        servers: None,
        expire_points: false,
        surprise: None,
    }
}

fn error(name: ErrorName, commitment: Commitment) -> Effect {
    call(Some(Answer::Error {
        name,
        commitment,
        retry_after: None,
        message: None,
    }))
}

fn phase(phase: ServerPhase, effect: PhaseEffect) -> Effect {
    Effect::Phase { phase, effect }
}

fn fails(at: ServerPhase, event: JobLogEvent, text: &str) -> Effect {
    let effect = PhaseEffect {
        ending: PhaseEnding::Fails(event),
        raw_error: Some(text.to_owned()),
        ..PhaseEffect::default()
    };
    phase(at, effect)
}

fn when_and_effect(fault: &Fault) -> (When, Effect) {
    let start = || on("StartRecovery");
    let time = SignedDuration::from_secs(i64::from(fault.seconds));
    let minute = SignedDuration::from_secs(i64::from(fault.seconds % 60));
    let before = Commitment::BeforeCommit;
    let after = Commitment::AfterCommit;
    match fault.kind {
        FaultKind::ThrottledLooks => (on("DescribeJobs"), error(ErrorName::Throttling, before)),
        FaultKind::ThrottledStarts => (start(), error(ErrorName::Throttling, before)),
        FaultKind::LostAnswer => (start(), call(Some(Answer::Lost(after)))),
        FaultKind::ErrorAfterCommit => (start(), error(ErrorName::InternalServer, after)),
        FaultKind::ErrorBeforeCommit => (start(), error(ErrorName::InternalServer, before)),
        FaultKind::LostRequest => (start(), call(Some(Answer::Lost(before)))),
        FaultKind::TerminateConflict => (
            on("TerminateRecoveryInstances"),
            error(ErrorName::Conflict, before),
        ),
        FaultKind::TerminateLost => (
            on("TerminateRecoveryInstances"),
            call(Some(Answer::Lost(after))),
        ),
        FaultKind::DeniedLooks => (on("DescribeJobs"), error(ErrorName::AccessDenied, before)),
        FaultKind::DeniedStarts => (start(), error(ErrorName::AccessDenied, before)),
        FaultKind::WrongSignature => (
            on("DescribeSourceServers"),
            error(ErrorName::InvalidSignature, before),
        ),
        FaultKind::BrokenLooks => (
            on("DescribeSourceServers"),
            error(ErrorName::InternalServer, before),
        ),
        FaultKind::SlowAnswer => (start(), held(minute, after)),
        FaultKind::SlowRequest => (start(), held(time, before)),
        FaultKind::Spoiled => (
            When {
                operation: Some("StartRecovery".to_owned()),
                ..at_server(fault)
            },
            spoiled(fault),
        ),
        FaultKind::ForeignFirst
        | FaultKind::NoParticipants
        | FaultKind::HiddenJob
        | FaultKind::VanishedJob
        | FaultKind::StaleLook => of_the_job(fault, time),
        FaultKind::SnapshotFallsBack
        | FaultKind::SnapshotFails
        | FaultKind::ConversionRetries
        | FaultKind::ConversionFails
        | FaultKind::LaunchFails
        | FaultKind::Stuck
        | FaultKind::LeftInProgress
        | FaultKind::DeniedInside => (at_server(fault), of_the_phase(fault, time)),
    }
}

fn held(hold: SignedDuration, commitment: Commitment) -> Effect {
    call(Some(Answer::Held { hold, commitment }))
}

fn spoiled(fault: &Fault) -> Effect {
    // Half of the refusals name their server.
    let name = if fault.seconds.is_multiple_of(2) {
        fault.server.as_str()
    } else {
        "one of the source servers"
    };
    call(Some(Answer::Error {
        name: ErrorName::Validation,
        commitment: Commitment::BeforeCommit,
        retry_after: None,
        message: Some(format!("the point in time of {name} does not exist")),
    }))
}

fn of_the_job(fault: &Fault, time: SignedDuration) -> (When, Effect) {
    let lost = Some(Answer::Lost(Commitment::BeforeCommit));
    let minute = SignedDuration::from_secs(i64::from(fault.seconds % 60));
    let is = |kind| fault.kind == kind;
    let operation = if is(FaultKind::StaleLook) {
        "DescribeJobs"
    } else {
        "StartRecovery"
    };
    let effect = Effect::Call {
        answer: if is(FaultKind::ForeignFirst) {
            lost
        } else {
            None
        },
        stale: is(FaultKind::StaleLook),
        hide_job: is(FaultKind::HiddenJob).then_some(minute),
        hide_participants: is(FaultKind::NoParticipants).then_some(minute),
        vanish_after: is(FaultKind::VanishedJob).then_some(time * 3),
        foreign_job: is(FaultKind::ForeignFirst).then(|| ForeignJobSettings {
            duration: Some(SignedDuration::from_mins(8)),
            ..ForeignJobSettings::default()
        }),
        servers: None,
        expire_points: false,
        surprise: None,
    };
    (on(operation), effect)
}

fn of_the_phase(fault: &Fault, time: SignedDuration) -> Effect {
    let ends = |at, ending| {
        let effect = PhaseEffect {
            ending,
            ..PhaseEffect::default()
        };
        phase(at, effect)
    };
    let job = |effect| phase(ServerPhase::Conversion, effect);
    let is = |kind| fault.kind == kind;
    if is(FaultKind::SnapshotFallsBack) {
        ends(ServerPhase::Snapshot, PhaseEnding::FallsBack)
    } else if is(FaultKind::LeftInProgress) {
        ends(ServerPhase::Launch, PhaseEnding::LeftInProgress)
    } else if is(FaultKind::DeniedInside) {
        Effect::Deny(vec!["drs:CreateRecoveryInstanceForDrs".to_owned()])
    } else if is(FaultKind::ConversionRetries) {
        job(PhaseEffect {
            attempts: 1 + fault.seconds % 3,
            ..PhaseEffect::default()
        })
    } else if is(FaultKind::Stuck) {
        job(PhaseEffect {
            stall: Some(Stall::For(time * 30)),
            ..PhaseEffect::default()
        })
    } else if is(FaultKind::SnapshotFails) {
        fails(
            ServerPhase::Snapshot,
            JobLogEvent::UsingPreviousSnapshotFailed,
            "no snapshot could be taken",
        )
    } else if is(FaultKind::ConversionFails) {
        fails(
            ServerPhase::Conversion,
            JobLogEvent::ConversionFail,
            "the volume could not be converted",
        )
    } else {
        fails(
            ServerPhase::Launch,
            JobLogEvent::LaunchFailed,
            "InsufficientInstanceCapacity",
        )
    }
}
