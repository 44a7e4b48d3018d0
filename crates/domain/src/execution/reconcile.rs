//! Doubt: DRS was asked to launch, and nobody knows whether it did.
//!
//! DRS has no client token. A job is ours only by the tag of this very attempt. That there is
//! none is proved only by an unbroken row of complete looks over the whole window in which
//! DRS may hide a job that it has accepted, after the invocation that called must be over.

use jiff::{SignedDuration, Timestamp};

use super::batch::{BatchState, Doubt, DoubtCause, Fence, Obstacle};
use super::command::Resolution;
use super::decide::Turn;
use super::event::Sought;
use super::launch::{batch_mut, follow, refused, servers_of};
use super::launch_refusal;
use super::note::NoteCode;
use super::{Batch, Course, Waits};
use crate::ids::{HoldId, SourceServerId};
use crate::text::Reason;

/// Complete looks that it takes to prove absence.
const CLEAN_LOOKS_MIN: u32 = 3;

impl Batch {
    /// Whether DRS may still show, or be asked for, a launch of which nobody knows yet.
    pub fn may_still_arrive(&self, waits: &Waits, now: Timestamp) -> bool {
        self.intent_at()
            .is_some_and(|at| now.duration_since(at) < waits.hidden_for_at_most())
    }
}

impl Doubt {
    /// A doubt that begins now.
    pub fn new(intent_at: Timestamp, cause: DoubtCause, now: Timestamp) -> Self {
        Self {
            intent_at,
            since: now,
            cause,
            first_clean: None,
            clean_looks: 0,
            last_look: None,
            looked_at: None,
            observed_at: None,
            offender: None,
            answered_at: None,
            refusals: 0,
        }
    }

    /// Whether absence is proved by `now`.
    pub fn is_absence_proved(&self, waits: &Waits, now: Timestamp) -> bool {
        let window = seconds(waits.visibility_window);
        self.clean_looks >= CLEAN_LOOKS_MIN
            && self
                .first_clean
                .is_some_and(|first| now.duration_since(first) >= window)
            && self.is_call_over(waits, now)
    }

    /// Whether nobody can be calling any more, and DRS shows whatever it has accepted. The call is
    /// made once, so an answer ends it.
    fn is_call_over(&self, waits: &Waits, now: Timestamp) -> bool {
        match self.answered_at {
            Some(at) => now.duration_since(at) >= seconds(waits.visibility_window),
            None => now.duration_since(self.intent_at) >= waits.hidden_for_at_most(),
        }
    }

    fn clean(&mut self, now: Timestamp) {
        self.first_clean.get_or_insert(now);
        self.clean_looks = self.clean_looks.saturating_add(1);
        self.last_look = None;
    }

    fn unclean(&mut self, text: &str) {
        self.first_clean = None;
        self.clean_looks = 0;
        self.last_look = Some(text.into());
    }
}

fn seconds(seconds: u32) -> SignedDuration {
    SignedDuration::from_secs(i64::from(seconds))
}

/// A look for the attempt is back.
pub(super) fn sought(turn: &mut Turn, fence: Fence, found: &Sought) {
    let waits = turn.next.head.waits;
    let now = turn.now;
    let Some(batch) = batch_mut(turn, fence.batch) else {
        return;
    };
    if batch.attempt != fence.attempt || batch.intent_at() != Some(fence.intent_at) {
        return;
    }
    if found.is_a_sight() {
        turn.next.head.observation.saw(now);
    }
    if let Sought::Ours(job) = found {
        follow(turn, fence.batch, job, NoteCode::JobAdopted);
        return;
    }
    let Some(batch) = batch_mut(turn, fence.batch) else {
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
            conclude(turn, fence, &doubt, found, &waits);
        }
    }
}

fn note_look(doubt: &mut Doubt, found: &Sought, now: Timestamp) {
    doubt.looked_at = Some(now);
    if found.is_a_sight() {
        doubt.observed_at = Some(now);
    }
    match found {
        Sought::Ours(_) => {}
        Sought::Nothing => doubt.clean(now),
        Sought::ServerInJob(job) => {
            doubt.unclean(&format!(
                "job {job}, which is not ours, has one of the servers"
            ));
        }
        Sought::Unclear(text) => doubt.unclean(text),
        Sought::Failed(fault) => doubt.unclean(&fault.text),
    }
}

fn conclude(turn: &mut Turn, fence: Fence, doubt: &Doubt, found: &Sought, waits: &Waits) {
    let now = turn.now;
    let wave = fence.batch.wave;
    let asked = turn
        .next
        .batch(fence.batch)
        .is_some_and(|batch| matches!(batch.state, BatchState::Undecided { .. }));
    let too_long = now.duration_since(doubt.since) >= seconds(waits.doubt_limit)
        && doubt.is_call_over(waits, now);
    match (&doubt.cause, found) {
        // A conflict is a definite answer once the job that explains it is known not to be
        // ours: the call itself started nothing.
        (DoubtCause::Conflict(_), Sought::ServerInJob(job)) => {
            refused(turn, fence.batch, Obstacle::ServerInJob(job.clone()));
        }
        // A hold never opens by itself: what a proof would launch waits for its person. Where
        // nothing would launch any more, the proof only ends the doubt.
        _ if doubt.is_absence_proved(waits, now) && !(asked && may_launch(turn)) => {
            let batch = turn.next.batch(fence.batch);
            let servers =
                batch.map_or_else(String::new, |batch| servers_of(batch.called_servers()));
            let attempt = fence.attempt;
            let text = format!("it is proved that DRS has no job of attempt {attempt} ({servers})");
            turn.note_wave(NoteCode::LaunchAbsent, wave, text);
            absent(turn, fence);
        }
        _ if too_long && !asked => {
            let hold = turn.new_hold("undecided");
            let text = format!("a person must say whether DRS launched (hold {hold})");
            turn.open_hold(Some(wave), text);
            if let Some(batch) = batch_mut(turn, fence.batch) {
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

fn may_launch(turn: &Turn) -> bool {
    let going = matches!(turn.next.head.course, Course::Going | Course::Paused { .. });
    going && !turn.next.has_ended()
}

/// A person says what became of the launch.
pub(super) fn resolved(turn: &mut Turn, named: &HoldId, resolution: &Resolution) {
    let found = turn.next.batches().find_map(|(batch, value)| {
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
            follow(turn, fence.batch, job, NoteCode::JobAdopted);
        }
        (Some(fence), Resolution::NoJob(_)) => absent(turn, fence),
        (None, _) => {}
    }
}

/// The attempt never was. The next one is another attempt, with a tag of its own. Where DRS had
/// refused it for the state of a server, that is not over by itself.
fn absent(turn: &mut Turn, fence: Fence) {
    let refusal = turn.next.batch(fence.batch).and_then(unexplained_conflict);
    refused(turn, fence.batch, Obstacle::None);
    let Some(batch) = batch_mut(turn, fence.batch) else {
        return;
    };
    if !matches!(batch.state, BatchState::Queued(_)) {
        return;
    }
    batch.attempt += 1;
    if let Some((offender, text)) = refusal {
        launch_refusal::of_state(turn, fence.batch, offender.as_ref(), &text);
    }
}

/// DRS's own words for a server that a job has (drs.md 3). It can hide that job for long, so such a
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
