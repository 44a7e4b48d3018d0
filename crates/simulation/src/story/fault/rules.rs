//! Faults as rules of the simulator's world.

use drs_simulator::ErrorName;
use drs_simulator::scenario::{
    Answer, Commitment, Effect, ForeignJobSettings, LaunchActionEffect, PhaseEffect, PhaseEnding,
    Rule, ServerPhase, ServerSelector, Stall, When,
};
use drs_simulator::wire::job::JobLogEvent;
use drs_simulator::wire::job::LaunchActionRunStatus;
use jiff::SignedDuration;

use super::{Fault, FaultKind};

/// The rule of a fault; its id is the position of the fault.
pub(in crate::story) fn rule((index, fault): (usize, &Fault)) -> Rule {
    let id = Some(index.to_string());
    let (when, effect) = when_and_effect(fault);
    // Whatever DRS refuses once it refuses again.
    let lasting = matches!(fault.kind, FaultKind::Spoiled | FaultKind::RefusedForGood)
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
    let logs = || on("DescribeJobLogItems");
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
        FaultKind::Uninitialised => (start(), error(ErrorName::UninitializedAccount, before)),
        FaultKind::QuotaExceeded => (start(), error(ErrorName::ServiceQuotaExceeded, before)),
        FaultKind::DeniedLooks => (on("DescribeJobs"), error(ErrorName::AccessDenied, before)),
        FaultKind::DeniedEc2 => (
            on("ec2:DescribeInstances"),
            error(ErrorName::AccessDenied, before),
        ),
        FaultKind::DeniedLogs => (logs(), error(ErrorName::AccessDenied, before)),
        FaultKind::ThrottledLogs => (logs(), error(ErrorName::Throttling, before)),
        FaultKind::SpoiltSignature => (start(), error(ErrorName::IncompleteSignature, before)),
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
        FaultKind::Spoiled | FaultKind::RefusedForGood => of_the_server(fault),
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
        | FaultKind::DeniedInside
        | FaultKind::LaunchActions
        | FaultKind::Orphan
        | FaultKind::Protected
        | FaultKind::LeftOut
        | FaultKind::Impaired => (at_server(fault), of_the_phase(fault, time)),
    }
}

fn held(hold: SignedDuration, commitment: Commitment) -> Effect {
    call(Some(Answer::Held { hold, commitment }))
}

/// DRS refuses whatever names the server.
fn of_the_server(fault: &Fault) -> (When, Effect) {
    let when = When {
        operation: Some("StartRecovery".to_owned()),
        ..at_server(fault)
    };
    let effect = if fault.kind == FaultKind::RefusedForGood {
        refused_for_good(fault)
    } else {
        spoiled(fault)
    };
    (when, effect)
}

fn spoiled(fault: &Fault) -> Effect {
    let name = named(fault);
    refused(
        ErrorName::Validation,
        format!("the point in time of {name} does not exist"),
    )
}

fn refused_for_good(fault: &Fault) -> Effect {
    refused(ErrorName::Conflict, format!("{} is archived", named(fault)))
}

/// Half of the refusals name their server.
fn named(fault: &Fault) -> &str {
    if fault.seconds.is_multiple_of(2) {
        fault.server.as_str()
    } else {
        "one of the source servers"
    }
}

fn refused(name: ErrorName, message: String) -> Effect {
    call(Some(Answer::Error {
        name,
        commitment: Commitment::BeforeCommit,
        retry_after: None,
        message: Some(message),
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
        // Half of the refusals get lost.
        answer: if is(FaultKind::ForeignFirst) && fault.seconds.is_multiple_of(2) {
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
    } else if is(FaultKind::LaunchActions) {
        phase(ServerPhase::Launch, actions(time * 30))
    } else if is(FaultKind::Impaired) {
        let impaired = PhaseEffect {
            impaired: true,
            ..PhaseEffect::default()
        };
        phase(ServerPhase::Launch, impaired)
    } else if is(FaultKind::DeniedInside) {
        Effect::Deny(vec!["drs:CreateRecoveryInstanceForDrs".to_owned()])
    } else if is(FaultKind::ConversionRetries) {
        job(PhaseEffect {
            attempts: 1 + fault.seconds % 3,
            ..PhaseEffect::default()
        })
    } else if is(FaultKind::Orphan) {
        phase(ServerPhase::Launch, orphan(fault))
    } else if is(FaultKind::Protected) {
        fails(
            ServerPhase::Terminate,
            JobLogEvent::CleanupFail,
            "OperationNotPermitted: the instance is protected from termination",
        )
    } else if is(FaultKind::LeftOut) {
        fails(
            ServerPhase::Snapshot,
            JobLogEvent::ServerSkipped,
            "the source server was archived after the request",
        )
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

/// EC2 launches, and DRS cannot register; the log of half of them does not say so.
fn orphan(fault: &Fault) -> PhaseEffect {
    let ending = if fault.seconds.is_multiple_of(2) {
        PhaseEnding::Fails(JobLogEvent::LaunchFailed)
    } else {
        PhaseEnding::FailsSilently
    };
    PhaseEffect {
        ending,
        orphan: true,
        raw_error: Some("AccessDeniedException".to_owned()),
        ..PhaseEffect::default()
    }
}

/// One action fails, and one takes so long.
fn actions(time: SignedDuration) -> PhaseEffect {
    let action = |name: &str, status, after| LaunchActionEffect {
        name: name.to_owned(),
        status,
        after,
        optional: false,
    };
    PhaseEffect {
        actions: vec![
            action("check", LaunchActionRunStatus::Failed, None),
            action("register", LaunchActionRunStatus::Succeeded, Some(time)),
        ],
        ..PhaseEffect::default()
    }
}
