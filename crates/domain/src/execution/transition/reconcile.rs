//! Doubt: DRS was asked to launch, and nobody knows whether it did.
//!
//! DRS has no client token. A job is ours only by the tag of this very attempt. That there is
//! none is proved only by an unbroken row of complete looks over the whole window in which
//! DRS may hide a job that it has accepted, after the invocation that called must be over.

use jiff::Timestamp;

use super::launch_refusal;
use super::working::Transition;
use crate::execution::model::batch::{Batch, Fence};
use crate::execution::model::batch_state::{BatchState, Doubt, DoubtCause, Obstacle};
use crate::execution::model::command::Resolution;
use crate::execution::model::course::Course;
use crate::execution::model::event::AttemptSearch;
use crate::execution::model::note::NoteCode;
use crate::execution::model::waits::Waits;
use crate::execution::transition::launch::follow;
use crate::execution::transition::queue::{batch_mut, refused, servers_of};
use crate::ids::{HoldId, SourceServerId};
use crate::text::Reason;

/// A look for the attempt is back.
pub(super) fn searched(transition: &mut Transition, fence: Fence, found: &AttemptSearch) {
    let waits = transition.next.head.waits;
    let now = transition.now;
    let Some(batch) = batch_mut(transition, fence.batch) else {
        return;
    };
    if batch.attempt != fence.attempt || batch.intent_at() != Some(fence.intent_at) {
        return;
    }
    if found.is_a_sight() {
        transition.next.head.observation.saw(now);
    }
    if let AttemptSearch::Ours(job) = found {
        follow(transition, fence.batch, job, NoteCode::JobAdopted);
        return;
    }
    let Some(batch) = batch_mut(transition, fence.batch) else {
        return;
    };
    match &mut batch.state {
        // Whoever called may still come back; a look that found nothing says nothing yet.
        BatchState::Launching { .. }
        | BatchState::Idle
        | BatchState::Queued(_)
        | BatchState::Following(_) => {}
        BatchState::Undecided { doubt, .. } | BatchState::Reconciling(doubt) => {
            note_look(doubt, found, now);
            let doubt = doubt.clone();
            conclude(transition, fence, &doubt, found, &waits);
        }
    }
}

fn note_look(doubt: &mut Doubt, found: &AttemptSearch, now: Timestamp) {
    doubt.looked_at = Some(now);
    if found.is_a_sight() {
        doubt.observed_at = Some(now);
    }
    match found {
        AttemptSearch::Ours(_) => {}
        AttemptSearch::Nothing => doubt.clean(now),
        AttemptSearch::ServerInJob(job) => {
            doubt.unclean(&format!(
                "job {job}, which is not ours, has one of the servers"
            ));
        }
        AttemptSearch::Unclear(text) => doubt.unclean(text),
        AttemptSearch::Failed(fault) => doubt.unclean(&fault.text),
    }
}

fn conclude(
    transition: &mut Transition,
    fence: Fence,
    doubt: &Doubt,
    found: &AttemptSearch,
    waits: &Waits,
) {
    let now = transition.now;
    let wave = fence.batch.wave;
    let asked = transition
        .next
        .batch(fence.batch)
        .is_some_and(|batch| matches!(batch.state, BatchState::Undecided { .. }));
    let too_long = doubt.is_for_a_person(waits, now);
    match (&doubt.cause, found) {
        // A conflict is a definite answer once the job that explains it is known not to be
        // ours: the call itself started nothing.
        (DoubtCause::Conflict(_), AttemptSearch::ServerInJob(job)) => {
            refused(transition, fence.batch, Obstacle::ServerInJob(job.clone()));
        }
        // A hold never opens by itself: what a proof would launch waits for its person. Where
        // nothing would launch any more, the proof only ends the doubt.
        _ if doubt.is_absence_proved(waits, now) && !(asked && may_launch(transition)) => {
            let batch = transition.next.batch(fence.batch);
            let servers =
                batch.map_or_else(String::new, |batch| servers_of(batch.called_servers()));
            let attempt = fence.attempt;
            let text = format!("it is proved that DRS has no job of attempt {attempt} ({servers})");
            transition.note_wave(NoteCode::LaunchAbsent, wave, text);
            absent(transition, fence);
        }
        _ if too_long && !asked => {
            let hold = transition.new_hold("undecided");
            let text = format!("a person must say whether DRS launched (hold {hold})");
            transition.raise_hold(Some(wave), text);
            if let Some(batch) = batch_mut(transition, fence.batch) {
                batch.state = BatchState::Undecided {
                    hold,
                    since: now,
                    doubt: doubt.clone(),
                };
            }
        }
        _ => {}
    }
}

fn may_launch(transition: &Transition) -> bool {
    let going = matches!(
        transition.next.head.course,
        Course::Running | Course::Paused { .. }
    );
    going && !transition.next.has_ended()
}

/// A person says what became of the launch.
pub(super) fn resolved(transition: &mut Transition, named: &HoldId, resolution: &Resolution) {
    let found = transition.next.batches().find_map(|(batch, value)| {
        let BatchState::Undecided { hold, doubt, .. } = &value.state else {
            return None;
        };
        (hold == named).then_some(Fence {
            batch,
            attempt: value.attempt,
            intent_at: doubt.intent_at,
        })
    });
    match (found, resolution) {
        (Some(fence), Resolution::Job(job)) => {
            follow(transition, fence.batch, job, NoteCode::JobAdopted);
        }
        (Some(fence), Resolution::NoJob(_)) => absent(transition, fence),
        (None, _) => {}
    }
}

/// The attempt never was. The next one is another attempt, with a tag of its own. Where DRS had
/// refused it for the state of a server, that is not over by itself.
fn absent(transition: &mut Transition, fence: Fence) {
    let refusal = transition
        .next
        .batch(fence.batch)
        .and_then(unexplained_conflict);
    refused(transition, fence.batch, Obstacle::None);
    let Some(batch) = batch_mut(transition, fence.batch) else {
        return;
    };
    if !matches!(batch.state, BatchState::Queued(_)) {
        return;
    }
    batch.attempt += 1;
    if let Some((offender, text)) = refusal {
        launch_refusal::of_state(transition, fence.batch, offender.as_ref(), &text);
    }
}

/// DRS's own words for a server that a job has. It can hide that job for long, so such a
/// refusal is waited out however often it comes.
fn says_a_job_has_it(text: &str) -> bool {
    text.contains("being processed by a Job")
}

fn unexplained_conflict(batch: &Batch) -> Option<(Option<SourceServerId>, Reason)> {
    match &batch.state {
        BatchState::Reconciling(doubt) | BatchState::Undecided { doubt, .. } => {
            match &doubt.cause {
                DoubtCause::Conflict(text) if says_a_job_has_it(text) => None,
                DoubtCause::Conflict(text) => Some((doubt.offender.clone(), text.clone())),
                DoubtCause::NoAnswer(_) => None,
            }
        }
        BatchState::Idle
        | BatchState::Queued(_)
        | BatchState::Launching { .. }
        | BatchState::Following(_) => None,
    }
}
