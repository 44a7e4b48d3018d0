//! Batches: at most 100 servers of a wave in one account and Region, one DRS job per attempt.

use std::ops::Deref;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Lock;
use super::server::{Awaited, Server, ServerState};
use crate::ids::{ExecutionId, HoldId, JobId, SourceServerId};
use crate::place::Place;
use crate::shared::Shared;
use crate::text::Reason;

/// A batch by its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct BatchReference {
    /// The wave, from 0.
    pub wave: usize,
    /// The batch in the wave, from 0.
    pub batch: usize,
}

/// Which attempt a message is about. A message about another one changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fence {
    /// The batch.
    pub batch: BatchReference,
    /// The attempt, from 1.
    pub attempt: u32,
    /// When the intent of this very call was saved.
    pub intent_at: Timestamp,
}

/// Servers that go to DRS together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// Where.
    pub place: Place,
    /// Its servers, each in its own state.
    pub servers: Vec<Shared<Server>>,
    /// The attempt that runs or comes next; 0 before the wave starts.
    pub attempt: u32,
    /// Where the attempt stands.
    pub state: BatchState,
    /// The jobs of all attempts, oldest first.
    pub jobs: Vec<BatchJob>,
    /// Whether the locks on its servers are held.
    pub locks: Lock,
}

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

/// A DRS job of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchJob {
    /// Its id.
    pub id: JobId,
    /// The attempt that it belongs to.
    pub attempt: u32,
    /// Its status at DRS.
    pub status: JobStatus,
    /// When it became known here.
    pub since: Timestamp,
    /// When it was seen to end.
    pub ended_at: Option<Timestamp>,
    /// Why its log could not be read when it ended, where it could not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_error: Option<Reason>,
}

/// The status of a DRS job. COMPLETED says that it ended, and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum JobStatus {
    /// Accepted.
    Pending,
    /// At work.
    Started,
    /// Ended.
    Completed,
    /// DRS no longer shows it.
    Vanished,
}

impl Batch {
    /// Whether DRS has, or may have, a job of this batch in progress.
    pub fn is_in_flight(&self) -> bool {
        match &self.state {
            BatchState::Idle | BatchState::Queued(_) => false,
            BatchState::Launching { .. }
            | BatchState::Reconciling(_)
            | BatchState::Undecided { .. }
            | BatchState::Following(_) => true,
        }
    }

    /// Whether its wave need not wait for it: nothing is in flight, every server that is in
    /// flight was given up, or the job lingers when all its servers have a result.
    pub fn is_settled(&self, now: Timestamp) -> bool {
        match &self.state {
            BatchState::Idle => true,
            BatchState::Queued(_) => false,
            BatchState::Launching { .. }
            | BatchState::Reconciling(_)
            | BatchState::Undecided { .. } => self.nobody_waits(),
            BatchState::Following(following) => self.nobody_waits() || following.lingers(now),
        }
    }

    /// Whether a time limit, or people, gave up on a server here, and nobody waits for one.
    fn nobody_waits(&self) -> bool {
        self.servers
            .iter()
            .any(|server| server.awaited == Awaited::GivenUp)
            && self.servers.iter().all(|server| server.state.has_ended())
    }

    /// The servers that an attempt would send now.
    pub fn queued_servers(&self) -> impl Iterator<Item = &Server> {
        self.servers
            .iter()
            .map(Deref::deref)
            .filter(|server| server.state == ServerState::Queued)
    }

    /// The servers of the call that is in flight or in doubt: those that were sent, and not
    /// those that were taken out before, or wait here for the next attempt.
    pub fn called_servers(&self) -> impl Iterator<Item = &Server> {
        self.servers
            .iter()
            .map(Deref::deref)
            .filter(|server| server.is_called(self.attempt))
    }

    /// The servers that were sent with the job that is being followed, and that job, where it is
    /// known since `since` or later.
    pub fn followed_servers(&self, since: Timestamp) -> impl Iterator<Item = (&Server, &JobId)> {
        let following = self
            .following()
            .filter(|following| following.since >= since);
        following.into_iter().flat_map(|following| {
            let sent = self.servers.iter().map(Deref::deref);
            let sent = sent.filter(|server| server.attempts == self.attempt);
            sent.map(|server| (server, &following.job))
        })
    }

    /// When the intent of the call in flight was saved, where its answer is not known.
    pub fn intent_at(&self) -> Option<Timestamp> {
        match &self.state {
            BatchState::Launching { since, .. } => Some(*since),
            BatchState::Reconciling(doubt) | BatchState::Undecided { doubt, .. } => {
                Some(doubt.intent_at)
            }
            BatchState::Idle | BatchState::Queued(_) | BatchState::Following(_) => None,
        }
    }

    /// The job that is being followed.
    pub fn job_in_flight(&self) -> Option<&JobId> {
        self.following().map(|following| &following.job)
    }

    fn following(&self) -> Option<&Following> {
        match &self.state {
            BatchState::Following(following) => Some(following),
            BatchState::Idle
            | BatchState::Queued(_)
            | BatchState::Launching { .. }
            | BatchState::Reconciling(_)
            | BatchState::Undecided { .. } => None,
        }
    }
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
        let not_before = now + jiff::SignedDuration::from_secs(seconds);
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

/// The tag value that marks the job of one attempt. DRS has no client token, so this tag is
/// how a job is known as ours. It is a function of the attempt: sent twice, it is the same.
pub fn attempt_tag(execution: &ExecutionId, batch: BatchReference, attempt: u32) -> String {
    format!("{execution}.{}.{}.{attempt}", batch.wave, batch.batch)
}
