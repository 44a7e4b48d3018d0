//! Launching a batch: the intent, and DRS's answer.

use std::collections::BTreeMap;

use super::Batch;
use super::batch::{
    BatchJob, BatchReference, BatchState, Doubt, DoubtCause, Fence, Following, JobStatus, Obstacle,
    Queued, attempt_tag,
};
use super::decide::Turn;
use super::effect::Effect;
use super::event::LaunchAnswer;
use super::launch_refusal;
use super::note::NoteCode;
use super::server::{Awaited, Replaces, Server, ServerState};
use crate::counted::counted;
use crate::ids::{ExecutionId, JobId, RecoveryInstanceId, SourceServerId};
use crate::text::{LISTED_MAX, some_of};

/// The intent: once saved, exactly this invocation calls DRS, once. `jobs_seen` is how many jobs of
/// anybody the look before showed or had promised.
pub(super) fn intend(turn: &mut Turn, reference: BatchReference, jobs_seen: Option<u32>) {
    let now = turn.now;
    let (id, kind) = (turn.next.head.id.clone(), turn.next.head.kind);
    let Some(batch) = batch_mut(turn, reference) else {
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
    turn.note_wave(NoteCode::LaunchIntended, reference.wave, text);
    let fence = Fence {
        batch: reference,
        attempt,
        intent_at: now,
    };
    turn.effects.push(Effect::StartRecovery {
        fence,
        place,
        kind,
        servers,
        tag,
    });
}

/// DRS answered a call, or did not.
pub(super) fn answered(turn: &mut Turn, fence: Fence, answer: &LaunchAnswer) {
    let Some(batch) = batch_mut(turn, fence.batch) else {
        return;
    };
    let current = batch.attempt == fence.attempt && batch.intent_at() == Some(fence.intent_at);
    if !current {
        return;
    }
    if answer.is_refusal() {
        let place = batch.place.clone();
        turn.effects.push(Effect::GiveUpRoom {
            batch: fence.batch,
            place,
        });
    }
    match answer {
        LaunchAnswer::Started(job) => {
            follow(turn, fence.batch, job, NoteCode::JobStarted);
        }
        LaunchAnswer::NotSent(text) | LaunchAnswer::Throttled(text) => {
            refused(turn, fence.batch, Obstacle::Unavailable(text.clone()));
        }
        LaunchAnswer::Quota(text) => launch_refusal::of_quota(turn, fence.batch, text),
        LaunchAnswer::TooLarge(text) => launch_refusal::of_size(turn, fence.batch, text),
        LaunchAnswer::Denied(text) => refused(turn, fence.batch, Obstacle::Denied(text.clone())),
        LaunchAnswer::Invalid { offender, text } => {
            launch_refusal::of_request(turn, fence.batch, offender.as_ref(), text);
        }
        LaunchAnswer::Conflict { offender, text } => {
            let cause = DoubtCause::Conflict(text.clone());
            doubt(turn, fence, cause, offender.as_ref());
        }
        LaunchAnswer::Doubt(text) => doubt(turn, fence, DoubtCause::NoAnswer(text.clone()), None),
    }
}

/// DRS has this job for the batch: follow it to its end.
pub(super) fn follow(turn: &mut Turn, reference: BatchReference, job: &JobId, code: NoteCode) {
    let now = turn.now;
    let Some(batch) = batch_mut(turn, reference) else {
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
    turn.note_wave(
        code,
        reference.wave,
        format!("{verb} {job} (attempt {attempt})"),
    );
    tell_replaced(turn, reference.wave, replaced);
}

/// What a launch that DRS has taken destroys: one note, and one effect for each execution, however
/// many instances. Nothing waits for hundreds of them.
fn tell_replaced(turn: &mut Turn, wave: usize, replaced: Vec<(SourceServerId, Replaces)>) {
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
    turn.note_wave(NoteCode::InstanceReplaced, wave, text);
    let mut told: BTreeMap<ExecutionId, Vec<RecoveryInstanceId>> = BTreeMap::new();
    for (_, replaces) in replaced {
        if let Some(execution) = replaces.launched_by {
            told.entry(execution).or_default().push(replaces.instance);
        }
    }
    told.remove(&turn.next.head.id);
    let effects = told
        .into_iter()
        .map(|(execution, instances)| Effect::TellReplaced {
            execution,
            instances,
        });
    turn.effects.extend(effects);
}

/// A definite refusal: nothing was started; the same attempt waits and tries again.
pub(super) fn refused(turn: &mut Turn, reference: BatchReference, obstacle: Obstacle) {
    let now = turn.now;
    let Some(batch) = batch_mut(turn, reference) else {
        return;
    };
    let queued = match &batch.state {
        BatchState::Launching { queued, .. } => queued.clone(),
        BatchState::Reconciling(doubt) | BatchState::Undecided { doubt, .. } => Queued {
            since: doubt.intent_at,
            refusals: doubt.refusals,
            ..Queued::now(now)
        },
        BatchState::Idle | BatchState::Queued(_) | BatchState::Following(_) => Queued::now(now),
    };
    back_to_queue(batch);
    if batch.queued_servers().next().is_none() {
        batch.state = BatchState::Idle;
        return;
    }
    delay(turn, reference, queued.after(obstacle, now));
}

/// Servers of the call that nobody has given up wait again; those given up have failed,
/// because nothing was started for them.
pub(super) fn back_to_queue(batch: &mut Batch) {
    let attempt = batch.attempt;
    for server in batch
        .servers
        .iter_mut()
        .filter(|server| server.is_called(attempt))
    {
        if server.state == ServerState::Unknown {
            server.fail("it was never launched, and nobody waits for it any more");
            server.awaited = Awaited::Yes;
        } else {
            server.state = ServerState::Queued;
        }
    }
}

fn doubt(turn: &mut Turn, fence: Fence, cause: DoubtCause, offender: Option<&SourceServerId>) {
    let now = turn.now;
    let answered_at = match &cause {
        DoubtCause::NoAnswer(_) => None,
        DoubtCause::Conflict(_) => Some(now),
    };
    let Some(batch) = batch_mut(turn, fence.batch) else {
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
    turn.note_wave(NoteCode::LaunchInDoubt, fence.batch.wave, note);
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

/// The servers of a launch in a sentence.
pub(super) fn servers_of<'a>(servers: impl Iterator<Item = &'a Server>) -> String {
    some_of(servers.map(|server| &server.id), LISTED_MAX)
}

/// Waits, and says for what when that is news.
pub(super) fn delay(turn: &mut Turn, reference: BatchReference, queued: Queued) {
    let news = match &queued.obstacle {
        Obstacle::None => None,
        Obstacle::Quota(text) | Obstacle::Unavailable(text) | Obstacle::Denied(text) => {
            Some(text.to_string())
        }
        Obstacle::ServerInJob(job) => Some(format!("job {job} has one of its servers")),
        Obstacle::InDoubt(execution) => Some(format!(
            "execution {execution} may have asked DRS to launch one of its servers, and does not know yet"
        )),
    };
    let Some(batch) = batch_mut(turn, reference) else {
        return;
    };
    let known = matches!(&batch.state, BatchState::Queued(old) if old.obstacle == queued.obstacle);
    batch.state = BatchState::Queued(queued);
    if let (Some(text), false) = (news, known) {
        turn.note_wave(
            NoteCode::LaunchDelayed,
            reference.wave,
            format!("the launch waits: {text}"),
        );
    }
}

pub(super) fn batch_mut(turn: &mut Turn, reference: BatchReference) -> Option<&mut Batch> {
    turn.next
        .waves
        .get_mut(reference.wave)?
        .batches
        .get_mut(reference.batch)
}

/// Moves the queued servers that `belongs` names into a new batch of the same kind.
pub(super) fn split(batch: &mut Batch, belongs: impl Fn(&Server) -> bool) -> Batch {
    let (moved, kept) = std::mem::take(&mut batch.servers)
        .into_iter()
        .partition(|server| server.state == ServerState::Queued && belongs(server));
    batch.servers = kept;
    Batch {
        place: batch.place.clone(),
        servers: moved,
        attempt: batch.attempt,
        state: batch.state.clone(),
        jobs: Vec::new(),
        locks: batch.locks,
    }
}
