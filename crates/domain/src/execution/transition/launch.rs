//! Launching a batch: the intent, and DRS's answer.

use std::collections::BTreeMap;

use super::launch_refusal;
use super::queue::{batch_mut, refused, servers_of};
use super::working::Transition;
use crate::counted::counted;
use crate::execution::model::batch::{BatchJob, BatchReference, Fence, JobStatus, attempt_tag};
use crate::execution::model::batch_state::{
    BatchState, Doubt, DoubtCause, Following, Obstacle, Queued,
};
use crate::execution::model::effect::Effect;
use crate::execution::model::event::LaunchAnswer;
use crate::execution::model::note::NoteCode;
use crate::execution::model::server::{Replaces, ServerState};
use crate::ids::{ExecutionId, JobId, RecoveryInstanceId, SourceServerId};
use crate::text::{LISTED_MAX, some_of};

/// The intent: once saved, exactly this invocation calls DRS, once. `jobs_seen` is how many jobs of
/// anybody the look before showed or had promised.
pub(super) fn intend(
    transition: &mut Transition,
    reference: BatchReference,
    jobs_seen: Option<u32>,
) {
    let now = transition.now;
    let (id, kind) = (transition.next.head.id.clone(), transition.next.head.kind);
    let Some(batch) = batch_mut(transition, reference) else {
        return;
    };
    let attempt = batch.attempt;
    let place = batch.place.clone();
    let queued = match &batch.state {
        BatchState::Queued(queued) => queued.clone(),
        BatchState::Idle
        | BatchState::Launching { .. }
        | BatchState::Reconciling(_)
        | BatchState::Undecided { .. }
        | BatchState::Following(_) => Queued::now(now),
    };
    let servers: Vec<SourceServerId> = batch
        .queued_servers()
        .map(|server| server.id.clone())
        .collect();
    for server in batch
        .servers
        .iter_mut()
        .filter(|s| s.state == ServerState::Queued)
    {
        server.state = ServerState::Launching;
        server.attempts = attempt;
    }
    batch.state = BatchState::Launching {
        since: now,
        queued,
        jobs_seen,
    };
    let tag = attempt_tag(&id, reference, attempt);
    let text = format!(
        "asking DRS to launch {} (attempt {attempt}): {}",
        counted(servers.len(), "server", "servers"),
        some_of(&servers, LISTED_MAX)
    );
    transition.note_wave(NoteCode::LaunchIntended, reference.wave, text);
    let fence = Fence {
        batch: reference,
        attempt,
        intent_at: now,
    };
    transition.effects.push(Effect::StartRecovery {
        fence,
        place,
        kind,
        servers,
        tag,
    });
}

/// DRS answered a call, or did not.
pub(super) fn answered(transition: &mut Transition, fence: Fence, answer: &LaunchAnswer) {
    let Some(batch) = batch_mut(transition, fence.batch) else {
        return;
    };
    let current = batch.attempt == fence.attempt && batch.intent_at() == Some(fence.intent_at);
    if !current {
        return;
    }
    if answer.is_refusal() {
        let place = batch.place.clone();
        transition.effects.push(Effect::GiveUpRoom {
            batch: fence.batch,
            place,
        });
    }
    match answer {
        LaunchAnswer::Started(job) => {
            follow(transition, fence.batch, job, NoteCode::JobStarted);
        }
        LaunchAnswer::NotSent(text) | LaunchAnswer::Throttled(text) => {
            refused(transition, fence.batch, Obstacle::Unavailable(text.clone()));
        }
        LaunchAnswer::Quota(text) => launch_refusal::of_quota(transition, fence.batch, text),
        LaunchAnswer::TooLarge(text) => launch_refusal::of_size(transition, fence.batch, text),
        LaunchAnswer::Denied(text) => {
            refused(transition, fence.batch, Obstacle::Denied(text.clone()));
        }
        LaunchAnswer::Invalid { offender, text } => {
            launch_refusal::of_request(transition, fence.batch, offender.as_ref(), text);
        }
        LaunchAnswer::Conflict { offender, text } => {
            let cause = DoubtCause::Conflict(text.clone());
            doubt(transition, fence, cause, offender.as_ref());
        }
        LaunchAnswer::Doubt(text) => {
            doubt(transition, fence, DoubtCause::NoAnswer(text.clone()), None);
        }
    }
}

/// DRS has this job for the batch: follow it to its end.
pub(super) fn follow(
    transition: &mut Transition,
    reference: BatchReference,
    job: &JobId,
    code: NoteCode,
) {
    let now = transition.now;
    let Some(batch) = batch_mut(transition, reference) else {
        return;
    };
    let attempt = batch.attempt;
    let called: Vec<SourceServerId> = batch
        .called_servers()
        .map(|server| server.id.clone())
        .collect();
    batch.state = BatchState::Following(Following {
        job: job.clone(),
        since: now,
        completed_looks: 0,
        completed_since: None,
        missing_looks: 0,
        missing_since: None,
        all_ended_since: None,
    });
    batch.jobs.push(BatchJob {
        id: job.clone(),
        attempt,
        status: JobStatus::Pending,
        since: now,
        ended_at: None,
        log_error: None,
    });
    let mut replaced = Vec::new();
    for server in batch
        .servers
        .iter_mut()
        .filter(|server| called.contains(&server.id))
    {
        if server.state == ServerState::Reconciling {
            server.state = ServerState::Launching;
        }
        server.job = Some(job.clone());
        if let Some(replaces) = server.replaces.take() {
            replaced.push((server.id.clone(), replaces));
        }
    }
    let verb = if code == NoteCode::JobAdopted {
        "found the lost job"
    } else {
        "DRS started job"
    };
    transition.note_wave(
        code,
        reference.wave,
        format!("{verb} {job} (attempt {attempt})"),
    );
    tell_replaced(transition, reference.wave, replaced);
}

/// What a launch that DRS has taken destroys: one note, and one effect for each execution, however
/// many instances. Nothing waits for hundreds of them.
fn tell_replaced(
    transition: &mut Transition,
    wave: usize,
    replaced: Vec<(SourceServerId, Replaces)>,
) {
    if replaced.is_empty() {
        return;
    }
    let each = replaced
        .iter()
        .map(|(server, replaces)| format!("{} of {server}", replaces.instance));
    let text = format!(
        "the launch replaces instances: {}",
        some_of(each, LISTED_MAX)
    );
    transition.note_wave(NoteCode::InstanceReplaced, wave, text);
    let mut told: BTreeMap<ExecutionId, Vec<RecoveryInstanceId>> = BTreeMap::new();
    for (_, replaces) in replaced {
        if let Some(execution) = replaces.launched_by {
            told.entry(execution).or_default().push(replaces.instance);
        }
    }
    told.remove(&transition.next.head.id);
    let effects = told
        .into_iter()
        .map(|(execution, instances)| Effect::TellReplaced {
            execution,
            instances,
        });
    transition.effects.extend(effects);
}

fn doubt(
    transition: &mut Transition,
    fence: Fence,
    cause: DoubtCause,
    offender: Option<&SourceServerId>,
) {
    let now = transition.now;
    let answered_at = match &cause {
        DoubtCause::NoAnswer(_) => None,
        DoubtCause::Conflict(_) => Some(now),
    };
    let Some(batch) = batch_mut(transition, fence.batch) else {
        return;
    };
    // An attempt that is in doubt already stays so for as long as it has been: only a conflict
    // is news, because it can be explained.
    let refusals = match &mut batch.state {
        BatchState::Reconciling(doubt) | BatchState::Undecided { doubt, .. } => {
            if let DoubtCause::Conflict(_) = cause {
                doubt.cause = cause;
                doubt.offender = offender.cloned();
                doubt.answered_at = answered_at;
            }
            return;
        }
        BatchState::Launching { queued, .. } => queued.refusals,
        BatchState::Idle | BatchState::Queued(_) | BatchState::Following(_) => 0,
    };
    let note = in_doubt(&cause, &servers_of(batch.called_servers()));
    batch.state = BatchState::Reconciling(Doubt {
        offender: offender.cloned(),
        answered_at,
        refusals,
        ..Doubt::new(fence.intent_at, cause, now)
    });
    for server in batch
        .servers
        .iter_mut()
        .filter(|s| s.state == ServerState::Launching)
    {
        server.state = ServerState::Reconciling;
    }
    transition.note_wave(NoteCode::LaunchInDoubt, fence.batch.wave, note);
}

fn in_doubt(cause: &DoubtCause, servers: &str) -> String {
    match cause {
        DoubtCause::NoAnswer(text) => {
            format!("it is not known whether DRS accepted the launch of {servers}: {text}")
        }
        DoubtCause::Conflict(text) => format!(
            "DRS refused the launch of {servers}, and it is being found out whether a job explains \
             that: {text}"
        ),
    }
}
