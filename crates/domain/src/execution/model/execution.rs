//! An execution: one run of a plan, as a value.
//!
//! Waves and batches carry the state; the status of the whole is derived from them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::batch::{Batch, BatchReference};
use super::clean_up::CleanUp;
use super::course::Course;
use super::lock::Lock;
use super::notice::NotificationState;
use super::outcome::Outcome;
use super::server::Server;
use super::waits::Waits;
use super::wave::Wave;
use crate::ids::{ExecutionId, RecoveryPlanId};
use crate::kind::Kind;
use crate::launchability::Consent;
use crate::shared::Shared;
use crate::text::Reason;

/// One run of a recovery plan. It keeps the plan as it was when the run started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Execution {
    /// What never changes, and what is said of the whole.
    pub head: Shared<Head>,
    /// The waves, in the plan's order.
    pub waves: Vec<Wave>,
}

/// All of an execution but its waves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Its id.
    pub id: ExecutionId,
    /// The plan that it runs.
    pub plan: PlanReference,
    /// Drill or recovery.
    pub kind: Kind,
    /// Who started it.
    pub initiated_by: String,
    /// Why, in their words, where they gave a reason.
    pub reason: Option<String>,
    /// What they acknowledged that bears on launches.
    pub consent: Consent,
    /// Why they start a drill that nobody has said to be isolated.
    pub not_isolated: Option<String>,
    /// When the outage was declared, by their word.
    pub outage_declared_at: Option<Timestamp>,
    /// When it was accepted.
    pub created_at: Timestamp,
    /// When it was first decided about.
    pub started_at: Option<Timestamp>,
    /// The waits of this deployment, as they were at the start.
    pub waits: Waits,
    /// What people and failures want of the whole.
    pub course: Course,
    /// How it ended.
    pub ending: Option<Ending>,
    /// Terminating what a drill has launched.
    pub clean_up: CleanUp,
    /// How fresh the picture of DRS is.
    pub observation: Observation,
    /// Whether the lock on the plan is held.
    pub plan_lock: Lock,
    /// How many holds have been made, so that each gets an id of its own.
    pub holds_made: u32,
    /// What people should know.
    pub warnings: Vec<Reason>,
    /// What somebody has been told already.
    #[serde(default)]
    pub told: NotificationState,
}

/// Which plan, as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanReference {
    /// Its id.
    pub id: RecoveryPlanId,
    /// Its name then.
    pub name: String,
    /// Its version then.
    pub version: u64,
}

/// How an execution ended. Once there, it stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// The outcome.
    pub outcome: Outcome,
    /// A sentence.
    pub reason: Reason,
    /// When.
    pub at: Timestamp,
}

/// How fresh the picture of DRS is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Observation {
    /// The last look that succeeded.
    pub observed_at: Option<Timestamp>,
    /// The last look of any kind.
    pub looked_at: Option<Timestamp>,
    /// What went wrong in the last look, where it did.
    pub error: Option<Reason>,
}

impl Observation {
    /// DRS was seen, by whatever look. When that was never goes back.
    pub(crate) fn saw(&mut self, at: Timestamp) {
        self.observed_at = self.observed_at.max(Some(at));
    }
}

impl Execution {
    /// Every batch with its reference.
    pub fn batches(&self) -> impl Iterator<Item = (BatchReference, &Batch)> {
        self.waves.iter().enumerate().flat_map(|(wave, value)| {
            value
                .batches
                .iter()
                .enumerate()
                .map(move |(batch, value)| (BatchReference { wave, batch }, value))
        })
    }

    /// Every server, wave by wave.
    pub fn servers(&self) -> impl Iterator<Item = &Server> {
        self.waves.iter().flat_map(Wave::servers)
    }

    /// The batch that is referred to.
    pub fn batch(&self, reference: BatchReference) -> Option<&Batch> {
        self.waves.get(reference.wave)?.batches.get(reference.batch)
    }

    /// Whether it has ended.
    pub fn has_ended(&self) -> bool {
        self.head.ending.is_some()
    }
}
