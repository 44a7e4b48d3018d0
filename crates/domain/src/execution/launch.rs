//! Launching a batch: the look before it, the intent, and DRS's answer.

use super::batch::{
    BatchJob, BatchReference, BatchState, Doubt, DoubtCause, Fence, Following, JobStatus, Obstacle,
    Queued, attempt_tag,
};
use super::decide::Turn;
use super::effect::Effect;
use super::event::{FaultClass, LaunchAnswer, LaunchLook, WorldFault};
use super::note::NoteCode;
use super::server::{Awaited, Server, ServerState};
use super::{Batch, Course};
use crate::ids::{JobId, SourceServerId};
use crate::kind::Kind;
use crate::launchability::{InstanceOwner, Launchability, LiveInstance, judge};

/// How often a look may fail before a recovery whose operator acknowledged that nothing
/// could be verified goes on without one.
const LOOKS_BEFORE_BLIND_LAUNCH: u32 = 3;

/// A queued batch was looked at: take out what cannot launch, let wait what must, and save the
/// intent of launching the rest.
pub(super) fn looked(
    turn: &mut Turn,
    reference: BatchReference,
    look: &Result<LaunchLook, WorldFault>,
) {
    let going = matches!(turn.next.head.course, Course::Going) && !turn.next.has_ended();
    let Some(batch) = batch_mut(turn, reference) else {
        return;
    };
    let BatchState::Queued(queued) = batch.state.clone() else {
        return;
    };
    if !going {
        return;
    }
    match look {
        Err(fault) => look_failed(turn, reference, &queued, fault),
        Ok(look) => {
            let waiting = sort_out(turn, reference, look);
            split_off(turn, reference, &waiting);
            launch_rest(turn, reference, &queued, look);
        }
    }
}

fn look_failed(turn: &mut Turn, reference: BatchReference, queued: &Queued, fault: &WorldFault) {
    let now = turn.now;
    let blind = turn.next.head.kind == Kind::Recovery
        && turn.next.head.consent.unverified.is_some()
        && fault.class == FaultClass::Passing
        && queued.tries >= LOOKS_BEFORE_BLIND_LAUNCH;
    if fault.class == FaultClass::NotInitialised {
        let Some(batch) = batch_mut(turn, reference) else {
            return;
        };
        for server in batch
            .servers
            .iter_mut()
            .filter(|s| s.state == ServerState::Queued)
        {
            server.fail(fault.text.clone());
        }
        batch.state = BatchState::Idle;
    } else if blind {
        let text = "launched without a look, as acknowledged at the start";
        if let Some(batch) = batch_mut(turn, reference) {
            for server in batch
                .servers
                .iter_mut()
                .filter(|s| s.state == ServerState::Queued)
            {
                server.warn(text);
            }
        }
        intend(turn, reference);
    } else {
        let obstacle = match fault.class {
            FaultClass::Denied => Obstacle::Denied(fault.text.clone()),
            FaultClass::Passing | FaultClass::NotInitialised => {
                Obstacle::Unavailable(fault.text.clone())
            }
        };
        delay(turn, reference, queued.after(obstacle, now));
    }
}

/// Fails what cannot launch; gives back what a job in progress has.
fn sort_out(
    turn: &mut Turn,
    reference: BatchReference,
    look: &LaunchLook,
) -> Vec<(SourceServerId, JobId)> {
    let kind = turn.next.head.kind;
    let consent = turn.next.head.consent.clone();
    let mut waiting = Vec::new();
    let mut taken_out = Vec::new();
    let mut replaced: Vec<(SourceServerId, LiveInstance)> = Vec::new();
    let Some(batch) = batch_mut(turn, reference) else {
        return waiting;
    };
    for server in batch
        .servers
        .iter_mut()
        .filter(|s| s.state == ServerState::Queued)
    {
        let Some(seen) = look.servers.iter().find(|seen| seen.id == server.id) else {
            server.fail("the look before the launch did not show this server");
            continue;
        };
        server.last_launch_before = seen
            .server
            .as_ref()
            .and_then(|seen| seen.last_launch_job.clone());
        match judge(seen, kind, &consent) {
            Launchability::Launch { replaces } => {
                replaced.extend(replaces.map(|live| (server.id.clone(), live)));
            }
            Launchability::InJob(job) => waiting.push((server.id.clone(), job)),
            Launchability::NotRecoverable(reason)
            | Launchability::Lagging(reason)
            | Launchability::Guarded(_, reason) => {
                taken_out.push(format!("{} ({reason})", server.id));
                server.fail(reason);
            }
        }
    }
    if !taken_out.is_empty() {
        let text = format!("taken out before the launch: {}", taken_out.join(", "));
        turn.note_wave(NoteCode::ServersTakenOut, reference.wave, text);
    }
    tell_replaced(turn, reference.wave, replaced);
    waiting
}

fn tell_replaced(turn: &mut Turn, wave: usize, replaced: Vec<(SourceServerId, LiveInstance)>) {
    for (server, live) in replaced {
        let text = format!("the launch of {server} replaces instance {}", live.id);
        turn.note_wave(NoteCode::InstanceReplaced, wave, text);
        match live.owner {
            InstanceOwner::EndedDrill(execution) | InstanceOwner::LiveDrill(execution)
                if execution != turn.next.head.id =>
            {
                turn.effects.push(Effect::TellReplaced {
                    execution,
                    instance: live.id,
                });
            }
            InstanceOwner::EndedDrill(_)
            | InstanceOwner::LiveDrill(_)
            | InstanceOwner::ForeignDrill
            | InstanceOwner::Recovery
            | InstanceOwner::FailingBack => {}
        }
    }
}

/// Servers that a job in progress has wait for that job in a batch of their own, so that the
/// others need not. Where all wait, the batch itself does.
fn split_off(turn: &mut Turn, reference: BatchReference, waiting: &[(SourceServerId, JobId)]) {
    let now = turn.now;
    let Some((_, job)) = waiting.first().cloned() else {
        return;
    };
    let Some(batch) = batch_mut(turn, reference) else {
        return;
    };
    let BatchState::Queued(queued) = batch.state.clone() else {
        return;
    };
    let delayed = queued.after(Obstacle::ServerInJob(job), now);
    if batch.queued_servers().count() == waiting.len() {
        delay(turn, reference, delayed);
        return;
    }
    let part = split(batch, |server| {
        waiting.iter().any(|(id, _)| *id == server.id)
    });
    let index = turn.next.waves[reference.wave].batches.len();
    turn.next.waves[reference.wave].batches.push(part);
    delay(
        turn,
        BatchReference {
            wave: reference.wave,
            batch: index,
        },
        delayed,
    );
}

/// Moves the queued servers that `belongs` names into a new batch of the same kind.
fn split(batch: &mut Batch, belongs: impl Fn(&Server) -> bool) -> Batch {
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

fn launch_rest(turn: &mut Turn, reference: BatchReference, queued: &Queued, look: &LaunchLook) {
    let now = turn.now;
    let Some(batch) = batch_mut(turn, reference) else {
        return;
    };
    let servers = batch.queued_servers().count();
    if servers == 0 {
        batch.state = BatchState::Idle;
        return;
    }
    if batch.state != BatchState::Queued(queued.clone()) {
        return;
    }
    match look.usage.room_for(servers, &look.limits) {
        Err(reason) => delay(turn, reference, queued.after(Obstacle::Quota(reason), now)),
        Ok(()) => intend(turn, reference),
    }
}

/// The intent: once saved, exactly this invocation calls DRS, once.
fn intend(turn: &mut Turn, reference: BatchReference) {
    let now = turn.now;
    let (id, kind) = (turn.next.head.id.clone(), turn.next.head.kind);
    let Some(batch) = batch_mut(turn, reference) else {
        return;
    };
    let attempt = batch.attempt;
    let place = batch.place.clone();
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
    batch.state = BatchState::Launching { since: now };
    let tag = attempt_tag(&id, reference, attempt);
    let text = format!(
        "asking DRS to launch {} servers (attempt {attempt})",
        servers.len()
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
    match answer {
        LaunchAnswer::Started(job) => {
            follow(turn, fence.batch, job, NoteCode::JobStarted);
        }
        LaunchAnswer::NotSent(text) | LaunchAnswer::Throttled(text) => {
            refused(turn, fence.batch, Obstacle::Unavailable(text.clone()));
        }
        LaunchAnswer::Quota(text) => refused(turn, fence.batch, Obstacle::Quota(text.clone())),
        LaunchAnswer::Denied(text) => refused(turn, fence.batch, Obstacle::Denied(text.clone())),
        LaunchAnswer::Invalid { offender, text } => {
            invalid(turn, fence.batch, offender.as_ref(), text);
        }
        LaunchAnswer::Conflict(text) => {
            doubt(turn, fence, DoubtCause::Conflict(text.clone()));
        }
        LaunchAnswer::Doubt(text) => doubt(turn, fence, DoubtCause::NoAnswer(text.clone())),
    }
}

/// DRS has this job for the batch: follow it to its end.
pub(super) fn follow(turn: &mut Turn, reference: BatchReference, job: &JobId, code: NoteCode) {
    let now = turn.now;
    let Some(batch) = batch_mut(turn, reference) else {
        return;
    };
    let attempt = batch.attempt;
    batch.state = BatchState::Following(Following {
        job: job.clone(),
        since: now,
        completed_looks: 0,
        missing_looks: 0,
    });
    batch.jobs.push(BatchJob {
        id: job.clone(),
        attempt,
        status: JobStatus::Pending,
        since: now,
        ended_at: None,
    });
    for server in batch.servers.iter_mut().filter(|server| {
        server.attempts == attempt
            && (!server.state.has_ended() || server.awaited == Awaited::GivenUp)
    }) {
        if server.state == ServerState::Reconciling {
            server.state = ServerState::Launching;
        }
        server.job = Some(job.clone());
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
}

/// A definite refusal: nothing was started; the same attempt waits and tries again.
pub(super) fn refused(turn: &mut Turn, reference: BatchReference, obstacle: Obstacle) {
    let now = turn.now;
    let Some(batch) = batch_mut(turn, reference) else {
        return;
    };
    let since = batch.intent_at().unwrap_or(now);
    back_to_queue(batch);
    if batch.queued_servers().next().is_none() {
        batch.state = BatchState::Idle;
        return;
    }
    let queued = Queued {
        since,
        not_before: now,
        obstacle: Obstacle::None,
        tries: 0,
    };
    delay(turn, reference, queued.after(obstacle, now));
}

/// Servers of the attempt that nobody has given up wait again; those given up have failed,
/// because nothing was started for them.
pub(super) fn back_to_queue(batch: &mut Batch) {
    for server in &mut batch.servers {
        match (server.state, server.awaited) {
            (ServerState::Launching | ServerState::Reconciling, _) => {
                server.state = ServerState::Queued;
            }
            (ServerState::Unknown, Awaited::GivenUp)
                if server.attempts == batch.attempt && server.job.is_none() =>
            {
                server.fail("it was never launched, and nobody waits for it any more");
            }
            _ => {}
        }
    }
}

/// DRS refuses the request as it is: find the server that spoils it, else halve the batch.
fn invalid(
    turn: &mut Turn,
    reference: BatchReference,
    offender: Option<&SourceServerId>,
    text: &str,
) {
    let now = turn.now;
    let note = format!("DRS refused the launch: {text}");
    turn.note_wave(NoteCode::LaunchRefused, reference.wave, note);
    let Some(batch) = batch_mut(turn, reference) else {
        return;
    };
    back_to_queue(batch);
    batch.state = BatchState::Queued(Queued::now(now));
    let queued: Vec<SourceServerId> = batch
        .queued_servers()
        .map(|server| server.id.clone())
        .collect();
    let found = offender.filter(|offender| queued.contains(offender));
    if found.is_some() || queued.len() <= 1 {
        let blamed = found.or_else(|| queued.first());
        for server in batch
            .servers
            .iter_mut()
            .filter(|server| Some(&server.id) == blamed)
        {
            server.fail(format!("DRS refused it: {text}"));
        }
        if batch.queued_servers().next().is_none() {
            batch.state = BatchState::Idle;
        }
        return;
    }
    let half: Vec<SourceServerId> = queued[queued.len() / 2..].to_vec();
    let part = split(batch, |server| half.contains(&server.id));
    turn.next.waves[reference.wave].batches.push(part);
}

fn doubt(turn: &mut Turn, fence: Fence, cause: DoubtCause) {
    let now = turn.now;
    let text = match &cause {
        DoubtCause::NoAnswer(text) | DoubtCause::Conflict(text) => text.clone(),
    };
    let Some(batch) = batch_mut(turn, fence.batch) else {
        return;
    };
    batch.state = BatchState::Reconciling(Doubt::new(fence.intent_at, cause, now));
    for server in batch
        .servers
        .iter_mut()
        .filter(|s| s.state == ServerState::Launching)
    {
        server.state = ServerState::Reconciling;
    }
    let note = format!("it is not known whether DRS accepted the launch: {text}");
    turn.note_wave(NoteCode::LaunchInDoubt, fence.batch.wave, note);
}

/// Waits, and says for what when that is news.
fn delay(turn: &mut Turn, reference: BatchReference, queued: Queued) {
    let news = match &queued.obstacle {
        Obstacle::None => None,
        Obstacle::Quota(text) | Obstacle::Unavailable(text) | Obstacle::Denied(text) => {
            Some(text.clone())
        }
        Obstacle::ServerInJob(job) => Some(format!("job {job} has one of its servers")),
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
