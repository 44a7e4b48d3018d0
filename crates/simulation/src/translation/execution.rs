//! An execution as facts, member by member.

use domain::Kind;
use domain::execution::batch::{BatchJob, JobStatus};
use domain::execution::clean_up::CleanUpStatus;
use domain::execution::queries::status::status;
use domain::execution::queries::waiting::{WaitingFor, waiting_for};
use domain::execution::wave::{Release, WaveEnd};
use domain::execution::{
    Batch, BatchState, Course, Execution, Gate, Lock, Server, ServerState, Status, Wave,
    WaveOutcome, WaveState,
};
use domain::recovery_plan::{Need, OnFailure};
use jiff::Timestamp;

use crate::facts;

/// An execution as it is stored, and what people are told of it at this time.
pub(super) fn translated(execution: &Execution, now: Timestamp) -> facts::Execution {
    let head = &execution.head;
    facts::Execution {
        id: head.id.to_string(),
        kind: match head.kind {
            Kind::Drill => facts::Kind::Drill,
            Kind::Recovery => facts::Kind::Recovery,
        },
        launches_unverified: head.consent.unverified.is_some(),
        ending: head.ending.as_ref().map(|ending| facts::Ending {
            status: status_word(execution),
            reason: ending.reason.to_string(),
            at: ending.at,
        }),
        is_paused: match &head.course {
            Course::Paused { .. } => true,
            Course::Running | Course::Stopping { .. } | Course::Cancelling { .. } => false,
        },
        clean_up: match head.clean_up.status {
            CleanUpStatus::NotStarted => facts::CleanUp::NotStarted,
            CleanUpStatus::Running => facts::CleanUp::Running,
            CleanUpStatus::Done => facts::CleanUp::Done,
            CleanUpStatus::Incomplete | CleanUpStatus::CouldNotVerify => facts::CleanUp::Incomplete,
        },
        plan_lock: lock(head.plan_lock),
        waves: execution.waves.iter().map(wave).collect(),
        waiting: waiting_for(execution, now)
            .into_iter()
            .map(|waiting| facts::Waiting {
                kind: waiting_kind(waiting.kind),
                waves: waiting.waves,
            })
            .collect(),
    }
}

/// The status that people are shown, by its word.
pub(super) fn status_word(execution: &Execution) -> &'static str {
    match status(execution) {
        Status::Pending => "PENDING",
        Status::Running => "RUNNING",
        Status::Pausing => "PAUSING",
        Status::Paused => "PAUSED",
        Status::Stopping => "STOPPING",
        Status::Cancelling => "CANCELLING",
        Status::Completed => "COMPLETED",
        Status::Partial => "PARTIAL",
        Status::Failed => "FAILED",
        Status::Cancelled => "CANCELLED",
        Status::TimedOut => "TIMED_OUT",
    }
}

fn waiting_kind(kind: WaitingFor) -> facts::WaitingKind {
    match kind {
        WaitingFor::Waves => facts::WaitingKind::Waves,
        WaitingFor::DrsJob => facts::WaitingKind::DrsJob,
        WaitingFor::Quota => facts::WaitingKind::Quota,
        WaitingFor::ServerInJob => facts::WaitingKind::ServerInJob,
        WaitingFor::Reconciling => facts::WaitingKind::Reconciling,
        WaitingFor::DrsUnavailable => facts::WaitingKind::DrsUnavailable,
        WaitingFor::DrsRefused => facts::WaitingKind::DrsRefused,
        WaitingFor::AccessDenied => facts::WaitingKind::AccessDenied,
        WaitingFor::Gate => facts::WaitingKind::Gate,
        WaitingFor::Failure => facts::WaitingKind::Failure,
        WaitingFor::Manual => facts::WaitingKind::Manual,
        WaitingFor::Undecided => facts::WaitingKind::Undecided,
        WaitingFor::CleanUp => facts::WaitingKind::CleanUp,
    }
}

fn wave(wave: &Wave) -> facts::Wave {
    let head = &wave.head;
    facts::Wave {
        key: head.key.to_string(),
        depends_on: head.depends_on.clone(),
        need: match head.need {
            Need::All => facts::Need::All,
            Need::Count { count } => facts::Need::Count(count),
            Need::Percent { percent } => facts::Need::Percent(percent),
        },
        on_failure: match head.on_failure {
            OnFailure::Stop | OnFailure::Pause => facts::OnFailure::HoldBack,
            OnFailure::Continue => facts::OnFailure::Continue,
        },
        time_limit_minutes: head.time_limit_minutes,
        gate: match &head.gate {
            Gate::None | Gate::Open { .. } => facts::Gate::Open,
            Gate::Ahead => facts::Gate::Ahead,
            Gate::Closed { hold, .. } => facts::Gate::Closed(hold.to_string()),
        },
        state: match &head.state {
            WaveState::Pending => facts::WaveState::Pending,
            WaveState::Started => facts::WaveState::Started,
            WaveState::Ended(end) => facts::WaveState::Ended(wave_end(end)),
        },
        batches: wave.batches.iter().map(batch).collect(),
    }
}

fn wave_end(end: &WaveEnd) -> facts::WaveEnd {
    facts::WaveEnd {
        outcome: match end.outcome {
            WaveOutcome::Completed => facts::WaveOutcome::Completed,
            WaveOutcome::Partial => facts::WaveOutcome::Partial,
            WaveOutcome::Failed => facts::WaveOutcome::Failed,
            WaveOutcome::Skipped => facts::WaveOutcome::Skipped,
            WaveOutcome::Cancelled => facts::WaveOutcome::Cancelled,
            WaveOutcome::TimedOut => facts::WaveOutcome::TimedOut,
        },
        at: end.at,
        reason: end.reason.as_ref().map(ToString::to_string),
        release: match &end.release {
            Release::Released => facts::Release::Released,
            Release::Held { hold, .. } => facts::Release::Held(hold.to_string()),
            Release::Stopped => facts::Release::Stopped,
        },
    }
}

fn batch(batch: &Batch) -> facts::Batch {
    facts::Batch {
        place: facts::Place {
            account: batch.place.account.to_string(),
            region: batch.place.region.to_string(),
        },
        servers: batch.servers.iter().map(|one| server(one)).collect(),
        state: match &batch.state {
            BatchState::Idle => facts::BatchState::Idle,
            BatchState::Queued(_) => facts::BatchState::Queued,
            BatchState::Launching { .. } => facts::BatchState::Launching,
            BatchState::Reconciling(_) => facts::BatchState::Reconciling,
            BatchState::Undecided { .. } => facts::BatchState::Undecided,
            BatchState::Following(_) => facts::BatchState::Following,
        },
        jobs: batch.jobs.iter().map(job).collect(),
        locks: lock(batch.locks),
    }
}

fn job(job: &BatchJob) -> facts::Job {
    facts::Job {
        id: job.id.to_string(),
        attempt: job.attempt,
        has_vanished: match job.status {
            JobStatus::Vanished => true,
            JobStatus::Pending | JobStatus::Started | JobStatus::Completed => false,
        },
    }
}

fn server(server: &Server) -> facts::Server {
    facts::Server {
        id: server.id.to_string(),
        state: match server.state {
            ServerState::Pending => facts::ServerState::Pending,
            ServerState::Queued => facts::ServerState::Queued,
            ServerState::Launching => facts::ServerState::Launching,
            ServerState::Reconciling => facts::ServerState::Reconciling,
            ServerState::Launched => facts::ServerState::Launched,
            ServerState::Failed => facts::ServerState::Failed,
            ServerState::Unknown => facts::ServerState::Unknown,
            ServerState::Skipped => facts::ServerState::Skipped,
            ServerState::Cancelled => facts::ServerState::Cancelled,
            ServerState::Terminated => facts::ServerState::Terminated,
        },
        job: server.job.as_ref().map(ToString::to_string),
        instance: server.instance.as_ref().map(|instance| facts::Instance {
            id: instance.id.to_string(),
            ec2_state: instance.ec2_state.as_ref().map(ToString::to_string),
        }),
        error: server.error.as_ref().map(ToString::to_string),
        warnings: server.warnings.len(),
        is_passed_on: server.passed_to.is_some(),
    }
}

fn lock(lock: Lock) -> facts::Lock {
    match lock {
        Lock::Held => facts::Lock::Held,
        Lock::Free => facts::Lock::Free,
    }
}
