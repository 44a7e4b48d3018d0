//! Where the attempt of a batch stands.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::waits::Waits;
use crate::ids::{ExecutionId, HoldId, JobId, SourceServerId};
use crate::text::Reason;

/// Complete looks that it takes to prove absence.
const CLEAN_LOOKS_MIN: u32 = 3;

/// A job whose servers all have a result usually ends within seconds. Its wave waits no longer
/// than this.
const LINGERING_AFTER: SignedDuration = SignedDuration::from_mins(5);

/// Where the attempt of a batch stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum BatchState {
    /// Nothing is asked of DRS: not yet, or no more.
    Idle,
    /// Wants to be sent.
    Queued(Queued),
    /// The intent is saved; the invocation that saved it may be calling.
    Launching {
        /// When the intent was saved.
        since: Timestamp,
        /// What it was before, for when DRS refuses.
        queued: Queued,
        /// How many jobs of anybody the look before showed or had promised; nothing where DRS
        /// could not be looked at.
        #[serde(default)]
        jobs_seen: Option<u32>,
    },
    /// Sent or not, nobody knows: DRS is being looked at.
    Reconciling(Doubt),
    /// Looked at for too long; a person must say. DRS is still looked at.
    Undecided {
        /// What a person's word must name.
        hold: HoldId,
        /// Since when.
        since: Timestamp,
        /// The doubt.
        doubt: Doubt,
    },
    /// DRS has a job of ours.
    Following(Following),
}

/// A batch that wants to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queued {
    /// Since when.
    pub since: Timestamp,
    /// Not to be tried before.
    pub not_before: Timestamp,
    /// What kept it from being sent when it was last tried.
    pub obstacle: Obstacle,
    /// How often that obstacle has kept it in a row.
    pub tries: u32,
    /// How often DRS has refused the launch itself in a row, without anything in progress that
    /// explains it.
    #[serde(default)]
    pub refusals: u32,
    /// What DRS said when it last did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Reason>,
}

/// What keeps a batch from being sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Obstacle {
    /// Nothing known.
    None,
    /// The quotas of the account and Region.
    Quota(Reason),
    /// A job that has one of its servers.
    ServerInJob(JobId),
    /// A launch of one of its servers, asked for by this execution, may still arrive.
    InDoubt(ExecutionId),
    /// DRS answers that it is asked too often, or does not answer.
    Unavailable(Reason),
    /// DRS answers that this product may not.
    Denied(Reason),
}

/// An attempt of which nobody knows whether DRS accepted it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    /// When the intent was saved.
    pub intent_at: Timestamp,
    /// Since when it is in doubt.
    pub since: Timestamp,
    /// What made it doubtful.
    pub cause: DoubtCause,
    /// The server that DRS named when it refused, where it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offender: Option<SourceServerId>,
    /// When DRS answered, where it did: from then on nobody is calling any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Timestamp>,
    /// How often DRS has refused this batch without an explanation.
    #[serde(default)]
    pub refusals: u32,
    /// The first of the unbroken row of complete looks that found nothing.
    pub first_clean: Option<Timestamp>,
    /// How many there are in that row.
    pub clean_looks: u32,
    /// What the last look said.
    pub last_look: Option<Reason>,
    /// When that was.
    pub looked_at: Option<Timestamp>,
    /// The last look that succeeded, whatever it found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_at: Option<Timestamp>,
}

/// What made an attempt doubtful.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum DoubtCause {
    /// No answer, or one that does not say whether anything happened.
    NoAnswer(Reason),
    /// DRS says that a job has one of the servers: ours, or another.
    Conflict(Reason),
}

/// A job of ours in progress.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Following {
    /// The job.
    pub job: JobId,
    /// Since when it is known.
    pub since: Timestamp,
    /// How often it was seen COMPLETED with servers that have no result.
    pub completed_looks: u32,
    /// The first of those looks.
    #[serde(default)]
    pub completed_since: Option<Timestamp>,
    /// How often in a row a complete look did not find it.
    pub missing_looks: u32,
    /// The first look of that row.
    pub missing_since: Option<Timestamp>,
    /// Since when all its servers have a result, while the job itself goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub all_ended_since: Option<Timestamp>,
}

impl Queued {
    /// Ready to be tried at once.
    pub fn now(now: Timestamp) -> Self {
        Self {
            since: now,
            not_before: now,
            obstacle: Obstacle::None,
            tries: 0,
            refusals: 0,
            refusal: None,
        }
    }

    /// Not to be tried again before 2, 4, 8, then each time 15 seconds are over. Another obstacle
    /// begins from the start. What waits for another launch to end may be tried after 10 seconds,
    /// so that it is at each turn of its machine, and mostly when it is woken because that launch
    /// is seen to end ([`super::take_over::set_free`]); sooner, many batches that wait would be
    /// looked at without a pause.
    #[must_use]
    pub fn after(&self, obstacle: Obstacle, now: Timestamp) -> Self {
        let same = std::mem::discriminant(&self.obstacle) == std::mem::discriminant(&obstacle);
        let before = if same { self.tries } else { 0 };
        let tries = before.saturating_add(1);
        let at_last = match obstacle {
            Obstacle::ServerInJob(_) | Obstacle::InDoubt(_) => 10,
            Obstacle::None
            | Obstacle::Quota(_)
            | Obstacle::Unavailable(_)
            | Obstacle::Denied(_) => 15,
        };
        let seconds = [2, 4, 8].get(before as usize).copied().unwrap_or(at_last);
        let not_before = now + SignedDuration::from_secs(seconds);
        Self {
            since: self.since,
            not_before,
            obstacle,
            tries,
            refusals: self.refusals,
            refusal: self.refusal.clone(),
        }
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

    /// Whether a person is to be asked: it has lasted for as long as that is waited for, and nobody
    /// can be calling any more.
    pub(in crate::execution) fn is_for_a_person(&self, waits: &Waits, now: Timestamp) -> bool {
        now.duration_since(self.since) >= seconds(waits.doubt_limit)
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

    pub(in crate::execution) fn clean(&mut self, now: Timestamp) {
        self.first_clean.get_or_insert(now);
        self.clean_looks = self.clean_looks.saturating_add(1);
        self.last_look = None;
    }

    pub(in crate::execution) fn unclean(&mut self, text: &str) {
        self.first_clean = None;
        self.clean_looks = 0;
        self.last_look = Some(text.into());
    }
}

fn seconds(seconds: u32) -> SignedDuration {
    SignedDuration::from_secs(i64::from(seconds))
}

impl Following {
    /// Whether the job goes on although all its servers have had a result for a while. Whether
    /// DRS keeps a job open for actions after the launch, which may never end, is not documented;
    /// no wave waits for that.
    pub fn lingers(&self, now: Timestamp) -> bool {
        self.all_ended_since
            .is_some_and(|since| now.duration_since(since) >= LINGERING_AFTER)
    }

    pub(in crate::execution) fn is_listed(&mut self) {
        self.missing_looks = 0;
        self.missing_since = None;
    }

    pub(in crate::execution) fn note_results(&mut self, waiting: usize, now: Timestamp) {
        if waiting > 0 {
            self.all_ended_since = None;
        } else {
            self.all_ended_since.get_or_insert(now);
        }
    }
}
