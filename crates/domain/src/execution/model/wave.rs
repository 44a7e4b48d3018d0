//! Waves: the servers of a plan that launch together.

use std::ops::Deref;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::execution::model::batch::Batch;
use crate::execution::model::outcome::WaveOutcome;
use crate::execution::model::server::Server;
use crate::ids::{HoldId, WaveKey};
use crate::recovery_plan::{Need, OnFailure};
use crate::shared::Shared;
use crate::text::Reason;

/// One wave of an execution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wave {
    /// All of the wave but its batches.
    pub head: Shared<WaveHead>,
    /// Its batches. One that DRS refuses may be split; a batch never moves.
    pub batches: Vec<Batch>,
}

/// All of a wave but its batches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaveHead {
    /// The key in the plan.
    pub key: WaveKey,
    /// The name in the plan.
    pub name: String,
    /// The waves that it waits for, from 0.
    pub depends_on: Vec<usize>,
    /// How many servers must launch.
    pub need: Need,
    /// What happens when fewer do.
    pub on_failure: OnFailure,
    /// How long it may have jobs in flight, in minutes.
    pub time_limit_minutes: u32,
    /// Whether a person must let it start, or has.
    pub gate: Gate,
    /// Where it stands.
    pub state: WaveState,
    /// How long it has had jobs in flight.
    pub clock: WaveClock,
    /// When it first started.
    pub started_at: Option<Timestamp>,
}

/// The gate before a wave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Gate {
    /// The plan has none.
    None,
    /// Not reached yet.
    Ahead,
    /// Reached, and closed: a person must open it.
    Closed {
        /// What a resume must name.
        hold: HoldId,
        /// Since when.
        since: Timestamp,
    },
    /// A person has opened it.
    Open {
        /// When.
        at: Timestamp,
        /// Who.
        by: String,
    },
}

/// Where a wave stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum WaveState {
    /// Has not started.
    Pending,
    /// Its batches are sent and followed.
    Started,
    /// Over, as far as the waves after it are concerned.
    Ended(WaveEnd),
}

/// How a wave ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaveEnd {
    /// The outcome.
    pub outcome: WaveOutcome,
    /// When.
    pub at: Timestamp,
    /// A sentence, where there is something to say.
    pub reason: Option<Reason>,
    /// Whether the waves after it may start.
    pub release: Release,
}

/// Whether the waves after an ended wave may start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Release {
    /// They may: its policy says so, or a named person.
    Released,
    /// A person must say.
    Held {
        /// What a resume must name.
        hold: HoldId,
        /// Since when.
        since: Timestamp,
    },
    /// They may not; the execution stops.
    Stopped,
}

/// How long a wave has had jobs in flight. Queues and gates are not counted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct WaveClock {
    /// Whole stretches, in milliseconds.
    pub spent_ms: i64,
    /// The start of the stretch that runs.
    pub running_since: Option<Timestamp>,
}

impl WaveClock {
    /// How long, by `now`.
    pub fn elapsed(&self, now: Timestamp) -> SignedDuration {
        let running = self.running_since.map_or(SignedDuration::ZERO, |since| {
            now.duration_since(since).max(SignedDuration::ZERO)
        });
        SignedDuration::from_millis(self.spent_ms).saturating_add(running)
    }

    pub(crate) fn run(&mut self, now: Timestamp) {
        self.running_since.get_or_insert(now);
    }

    pub(crate) fn stop(&mut self, now: Timestamp) {
        self.spent_ms = i64::try_from(self.elapsed(now).as_millis()).unwrap_or(i64::MAX);
        self.running_since = None;
    }
}

impl Wave {
    /// Its servers, batch by batch.
    pub fn servers(&self) -> impl Iterator<Item = &Server> {
        let batches = self.batches.iter();
        batches.flat_map(|batch| batch.servers.iter().map(Deref::deref))
    }

    /// Its servers, to be changed.
    pub(crate) fn servers_mut(&mut self) -> impl Iterator<Item = &mut Shared<Server>> {
        self.batches.iter_mut().flat_map(|batch| &mut batch.servers)
    }

    /// How it ended, where it has.
    pub fn end(&self) -> Option<&WaveEnd> {
        match &self.head.state {
            WaveState::Pending | WaveState::Started => None,
            WaveState::Ended(end) => Some(end),
        }
    }

    /// Whether the waves after it may start.
    pub fn is_released(&self) -> bool {
        self.end()
            .is_some_and(|end| end.release == Release::Released)
    }

    /// Whether a job of it is, or may be, in progress.
    pub fn is_in_flight(&self) -> bool {
        self.batches.iter().any(Batch::is_in_flight)
    }

    /// Whether all its servers and jobs have ended, as far as anybody waits for them.
    pub fn is_settled(&self, now: Timestamp) -> bool {
        self.servers().all(|server| server.state.has_ended())
            && self.batches.iter().all(|batch| batch.is_settled(now))
    }
}
