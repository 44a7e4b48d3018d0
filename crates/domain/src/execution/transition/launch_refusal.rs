//! DRS refuses a launch, and nothing in progress explains it: some server spoils the request, or
//! the request is too large. Which one is found out, so that the others launch, and what is
//! refused again and again ends with DRS's reason instead of being asked for without end.

use super::working::Transition;
use crate::execution::model::batch::{Batch, BatchReference};
use crate::execution::model::batch_state::{BatchState, Obstacle, Queued};
use crate::execution::model::note::NoteCode;
use crate::execution::model::server::ServerState;
use crate::execution::transition::queue::{
    back_to_queue, batch_mut, delay, refused, servers_of, split,
};
use crate::ids::SourceServerId;
use crate::text::Reason;

/// How often one server alone is asked for that DRS refuses as it is, or for its quota. The waits
/// between add up to half a minute: an error of a gateway, or a job that DRS still counts, is over
/// by then.
const REFUSALS_MAX: u32 = 5;
/// The same for a conflict that no job explains. After each, absence is proved first.
const CONFLICTS_MAX: u32 = 3;
/// What a half of several servers is held to have been refused by itself: not at all, or once, because
/// each proof of a conflict takes minutes.
const UNSUSPECTED: u32 = 0;
const SUSPECTED: u32 = 1;

/// DRS has no room for the launch. Where jobs are in progress, one of them is waited for. Where
/// nothing is, the request itself is too large: DRS takes fewer servers in a job than is known
/// here, and what is launched in parts goes on.
pub(super) fn of_quota(transition: &mut Transition, reference: BatchReference, text: &Reason) {
    let Some(batch) = batch_mut(transition, reference) else {
        return;
    };
    let jobs_seen = match &batch.state {
        BatchState::Launching { jobs_seen, .. } => *jobs_seen,
        BatchState::Idle
        | BatchState::Queued(_)
        | BatchState::Reconciling(_)
        | BatchState::Undecided { .. }
        | BatchState::Following(_) => None,
    };
    refused(transition, reference, Obstacle::Quota(text.clone()));
    let is_alone = match jobs_seen {
        Some(0) => true,
        // Without a look nobody knows who else launches: smaller parts, and patience.
        None => false,
        Some(_) => return,
    };
    if count(transition, reference) > 1 {
        halve(transition, reference, UNSUSPECTED);
    } else if is_alone {
        count_refusal(transition, reference);
        let text = format!("DRS has no room for it, although nothing else is in progress: {text}");
        end_if_refused_too_often(transition, reference, REFUSALS_MAX, &text.into());
    }
}

/// DRS takes fewer servers in one job than is known here, whoever else is at work: the batch goes
/// on in parts.
pub(super) fn of_size(transition: &mut Transition, reference: BatchReference, text: &Reason) {
    refused(transition, reference, Obstacle::Quota(text.clone()));
    if count(transition, reference) > 1 {
        halve(transition, reference, UNSUSPECTED);
        return;
    }
    count_refusal(transition, reference);
    let text = format!("DRS takes no server in a job: {text}");
    end_if_refused_too_often(transition, reference, REFUSALS_MAX, &text.into());
}

/// DRS refuses the request as it is. A server that it names fails; else the batch is halved until
/// the one is found that is refused also alone.
pub(super) fn of_request(
    transition: &mut Transition,
    reference: BatchReference,
    offender: Option<&SourceServerId>,
    text: &Reason,
) {
    let now = transition.now;
    let Some(batch) = transition.next.batch(reference) else {
        return;
    };
    let called = servers_of(batch.called_servers());
    let note = format!("DRS refused the launch of {called}: {text}");
    transition.note_wave(NoteCode::LaunchRefused, reference.wave, note);
    let Some(batch) = batch_mut(transition, reference) else {
        return;
    };
    let queued = before(batch).unwrap_or_else(|| Queued::now(now));
    back_to_queue(batch);
    if batch.queued_servers().next().is_none() {
        batch.state = BatchState::Idle;
        return;
    }
    batch.state = BatchState::Queued(Queued {
        not_before: now,
        ..queued
    });
    let named = offender.filter(|id| batch.queued_servers().any(|server| server.id == **id));
    if let Some(named) = named {
        fail_queued(
            batch,
            Some(named),
            &format!("DRS refused it: {text}").into(),
        );
    } else if batch.queued_servers().count() > 1 {
        halve(transition, reference, UNSUSPECTED);
    } else {
        let reason = format!("DRS refused it: {text}");
        count_refusal(transition, reference);
        if !end_if_refused_too_often(transition, reference, REFUSALS_MAX, &reason.into()) {
            wait_longer(transition, reference, text);
        }
    }
}

/// DRS refused because of the state of a server, and it is proved that no job has the servers. The
/// one that DRS names waits apart from the others; where it names none, the second such refusal
/// halves the batch, and each half that is refused again is halved at once.
pub(super) fn of_state(
    transition: &mut Transition,
    reference: BatchReference,
    offender: Option<&SourceServerId>,
    text: &Reason,
) {
    count_refusal(transition, reference);
    let Some(batch) = transition.next.batch(reference) else {
        return;
    };
    let many = batch.queued_servers().count() > 1;
    let named = offender.filter(|id| batch.queued_servers().any(|server| server.id == **id));
    let asked = servers_of(batch.queued_servers());
    let note = format!("DRS refused the launch of {asked}, and no job explains it: {text}");
    transition.note_wave(NoteCode::LaunchRefused, reference.wave, note);
    match named {
        Some(named) if many => {
            wait_longer(transition, reference, text);
            let Some(batch) = batch_mut(transition, reference) else {
                return;
            };
            let part = split(batch, |server| server.id == *named);
            transition.next.waves[reference.wave].batches.push(part);
            start_over(transition, reference);
        }
        None if many => {
            wait_longer(transition, reference, text);
            if refusals(transition, reference) > SUSPECTED {
                halve(transition, reference, SUSPECTED);
            }
        }
        Some(_) | None => {
            let reason = format!("DRS refused it, and no job explains that: {text}");
            if !end_if_refused_too_often(transition, reference, CONFLICTS_MAX, &reason.into()) {
                wait_longer(transition, reference, text);
            }
        }
    }
}

/// What the batch was before it was asked for.
fn before(batch: &Batch) -> Option<Queued> {
    match &batch.state {
        BatchState::Launching { queued, .. } | BatchState::Queued(queued) => Some(queued.clone()),
        BatchState::Idle
        | BatchState::Reconciling(_)
        | BatchState::Undecided { .. }
        | BatchState::Following(_) => None,
    }
}

fn queued_mut(transition: &mut Transition, reference: BatchReference) -> Option<&mut Queued> {
    match &mut batch_mut(transition, reference)?.state {
        BatchState::Queued(queued) => Some(queued),
        BatchState::Idle
        | BatchState::Launching { .. }
        | BatchState::Reconciling(_)
        | BatchState::Undecided { .. }
        | BatchState::Following(_) => None,
    }
}

fn count(transition: &Transition, reference: BatchReference) -> usize {
    let batch = transition.next.batch(reference);
    batch.map_or(0, |batch| batch.queued_servers().count())
}

/// How often DRS has refused this batch without an explanation.
fn refusals(transition: &mut Transition, reference: BatchReference) -> u32 {
    queued_mut(transition, reference).map_or(0, |queued| queued.refusals)
}

/// Waits longer after each refusal.
fn wait_longer(transition: &mut Transition, reference: BatchReference, text: &Reason) {
    let now = transition.now;
    let Some(queued) = queued_mut(transition, reference).cloned() else {
        return;
    };
    let waiting = queued.after(Obstacle::Unavailable(text.clone()), now);
    delay(transition, reference, waiting);
    if let Some(queued) = queued_mut(transition, reference) {
        queued.refusal = Some(text.clone());
    }
}

fn count_refusal(transition: &mut Transition, reference: BatchReference) {
    if let Some(queued) = queued_mut(transition, reference) {
        queued.refusals = queued.refusals.saturating_add(1);
    }
}

/// What is left of the batch has not been refused yet.
fn start_over(transition: &mut Transition, reference: BatchReference) {
    let now = transition.now;
    if let Some(queued) = queued_mut(transition, reference) {
        queued.refusals = 0;
        queued.not_before = now;
    }
}

/// The second half goes to DRS as a job of its own.
fn halve(transition: &mut Transition, reference: BatchReference, refusals: u32) {
    start_over(transition, reference);
    let Some(batch) = batch_mut(transition, reference) else {
        return;
    };
    let queued: Vec<SourceServerId> = batch
        .queued_servers()
        .map(|server| server.id.clone())
        .collect();
    let half = &queued[queued.len() / 2..];
    let mut part = split(batch, |server| half.contains(&server.id));
    suspect(&mut part, refusals);
    suspect(batch, refusals);
    transition.next.waves[reference.wave].batches.push(part);
}

/// One server alone is judged by what DRS says of it alone.
fn suspect(part: &mut Batch, refusals: u32) {
    let many = part.queued_servers().count() > 1;
    if let (BatchState::Queued(queued), true) = (&mut part.state, many) {
        queued.refusals = refusals;
    }
}

/// Says whether what is left of the batch has been refused too often, and fails it then.
fn end_if_refused_too_often(
    transition: &mut Transition,
    reference: BatchReference,
    most: u32,
    reason: &Reason,
) -> bool {
    let refusals = refusals(transition, reference);
    if refusals < most {
        return false;
    }
    let Some(batch) = batch_mut(transition, reference) else {
        return false;
    };
    let servers = servers_of(batch.queued_servers());
    fail_queued(batch, None, reason);
    let note =
        format!("{servers} is not asked for again: DRS refused it {refusals} times by itself");
    transition.note_wave(NoteCode::ServersTakenOut, reference.wave, note);
    true
}

/// Fails the queued server that is named, or all; the batch is idle where none is left.
fn fail_queued(batch: &mut Batch, named: Option<&SourceServerId>, reason: &Reason) {
    for server in batch.servers.iter_mut().filter(|server| {
        server.state == ServerState::Queued && named.is_none_or(|named| *named == server.id)
    }) {
        server.fail(reason.clone());
    }
    if batch.queued_servers().next().is_none() {
        batch.state = BatchState::Idle;
    }
}
