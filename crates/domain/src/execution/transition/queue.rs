//! Putting batches back among those that wait, and dividing them.

use super::working::Transition;
use crate::execution::model::batch::{Batch, BatchReference};
use crate::execution::model::batch_state::{BatchState, Obstacle, Queued};
use crate::execution::model::note::NoteCode;
use crate::execution::model::server::{Awaited, Server, ServerState};
use crate::text::{LISTED_MAX, some_of};

/// A definite refusal: nothing was started; the same attempt waits and tries again.
pub(super) fn refused(transition: &mut Transition, reference: BatchReference, obstacle: Obstacle) {
    let now = transition.now;
    let Some(batch) = batch_mut(transition, reference) else {
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
    delay(transition, reference, queued.after(obstacle, now));
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

/// The servers of a launch in a sentence.
pub(super) fn servers_of<'a>(servers: impl Iterator<Item = &'a Server>) -> String {
    some_of(servers.map(|server| &server.id), LISTED_MAX)
}

/// Waits, and says for what when that is news.
pub(super) fn delay(transition: &mut Transition, reference: BatchReference, queued: Queued) {
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
    let Some(batch) = batch_mut(transition, reference) else {
        return;
    };
    let known = matches!(&batch.state, BatchState::Queued(old) if old.obstacle == queued.obstacle);
    batch.state = BatchState::Queued(queued);
    if let (Some(text), false) = (news, known) {
        transition.note_wave(
            NoteCode::LaunchDelayed,
            reference.wave,
            format!("the launch waits: {text}"),
        );
    }
}

pub(super) fn batch_mut(
    transition: &mut Transition,
    reference: BatchReference,
) -> Option<&mut Batch> {
    transition
        .next
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
