//! Batches: at most 100 servers of a wave in one account and Region, one DRS job per attempt.

use std::ops::Deref;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::batch_state::{BatchState, Following};
use super::lock::Lock;
use super::server::{Awaited, Server, ServerState};
use super::waits::Waits;
use crate::ids::{ExecutionId, JobId};
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

impl Batch {
    /// Whether DRS may still show, or be asked for, a launch of which nobody knows yet.
    pub fn may_still_arrive(&self, waits: &Waits, now: Timestamp) -> bool {
        self.intent_at()
            .is_some_and(|at| now.duration_since(at) < waits.hidden_for_at_most())
    }
}

/// The tag value that marks the job of one attempt. DRS has no client token, so this tag is
/// how a job is known as ours. It is a function of the attempt: sent twice, it is the same.
pub fn attempt_tag(execution: &ExecutionId, batch: BatchReference, attempt: u32) -> String {
    format!("{execution}.{}.{}.{attempt}", batch.wave, batch.batch)
}
