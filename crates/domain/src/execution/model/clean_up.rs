//! Where the clean-up of an execution stands.

mod instance;
mod job;
mod known_launches;
mod looks;
mod standing;
mod status;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::ids::RecoveryInstanceId;
use crate::quota::SERVERS_PER_BATCH_MAX;
use crate::text::Reason;

pub use instance::{CleanUpInstance, CleanUpInstanceState};
pub use job::{TerminateJob, TerminateLog};
pub use known_launches::KnownLaunches;
pub use status::CleanUpStatus;

pub(in crate::execution) use instance::Work;
pub(in crate::execution) use looks::{CLEAN_LOOKS_MIN, CLEAN_UP_LOOK_EVERY};
pub(in crate::execution) use standing::Standing;

/// How long looks may fail in a row before clean-up ends without a proof.
const BLIND_MAX: SignedDuration = SignedDuration::from_mins(30);

/// The clean-up of one execution.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CleanUp {
    /// Where it stands.
    pub status: CleanUpStatus,
    /// Who asked for it.
    pub by: Option<String>,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// What is to go.
    pub instances: Vec<CleanUpInstance>,
    /// Terminate jobs.
    pub jobs: Vec<TerminateJob>,
    /// The last look.
    pub looked_at: Option<Timestamp>,
    /// Since when every look failed, and why the last one did.
    pub blind: Option<(Timestamp, Reason)>,
    /// Looks in a row that showed nothing of this execution alive.
    pub clean_looks: u32,
    /// How many instances one request names at most: fewer after DRS would not take so many
    /// together, more again after it did; nothing is as many as DRS ever takes.
    #[serde(default)]
    pub together_max: Option<usize>,
    /// Since when EC2 could not be asked.
    #[serde(default)]
    pub ec2_blind: Option<Ec2Blind>,
    /// Why it ended as it did, in a sentence.
    #[serde(default)]
    pub reason: Option<Reason>,
}

/// A time in which EC2 could not be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ec2Blind {
    /// Since when.
    pub since: Timestamp,
    /// Until when that is waited for.
    pub until: Timestamp,
    /// Why the last look failed.
    pub text: Reason,
}

impl CleanUp {
    /// The instances that were seen to be gone.
    pub fn gone(&self) -> impl Iterator<Item = &RecoveryInstanceId> {
        let gone = self.instances.iter().filter(|known| known.is_gone());
        gone.map(|known| &known.id)
    }

    /// The instances that nobody has seen gone.
    pub fn left(&self) -> impl Iterator<Item = &CleanUpInstance> {
        self.instances.iter().filter(|known| !known.is_gone())
    }

    pub(in crate::execution) fn together_max(&self) -> usize {
        self.together_max.unwrap_or(SERVERS_PER_BATCH_MAX).max(1)
    }

    /// Why the last look failed, where looks have failed for so long that this ends; then nothing
    /// more is terminated either.
    pub(in crate::execution) fn blind_for_too_long(&self, now: Timestamp) -> Option<&str> {
        let (since, text) = self.blind.as_ref()?;
        (now.duration_since(*since) >= BLIND_MAX).then_some(text.as_str())
    }

    /// Why EC2 cannot be asked, where that has lasted for so long that it is not waited for.
    pub(in crate::execution) fn without_ec2(&self, now: Timestamp) -> Option<&str> {
        let blind = self.ec2_blind.as_ref()?;
        (now >= blind.until).then_some(blind.text.as_str())
    }
}
