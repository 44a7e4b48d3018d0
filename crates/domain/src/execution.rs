//! An execution: one run of a plan, as a value, and the one function that decides about it.
//!
//! Waves and batches carry the state; the status of the whole is derived from them.

pub mod batch;
pub mod clean_up;
pub mod command;
pub mod decide;
pub mod effect;
mod errands;
pub mod event;
pub mod freshness;
mod held;
mod launch;
mod launch_refusal;
pub mod ledger;
mod look;
pub mod note;
pub mod notice;
mod observe;
pub mod outcome;
mod parked;
mod progress;
mod reconcile;
mod reduced;
pub mod refusal;
mod retry;
pub mod server;
pub mod start;
pub mod status;
pub mod take_over;
mod unsaved;
pub mod view;
pub mod wave;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::ids::{ExecutionId, HoldId, RecoveryPlanId};
use crate::kind::Kind;
use crate::launchability::Consent;
use crate::shared::Shared;
use crate::text::Reason;

pub use batch::{Batch, BatchReference, BatchState, Fence};
pub use clean_up::CleanUp;
pub use command::Command;
pub use decide::{Decision, decide};
pub use effect::Effect;
pub use event::Event;
pub use note::{Note, NoteCode};
pub use outcome::{Outcome, WaveOutcome};
pub use refusal::Refusal;
pub use server::{Server, ServerState};
pub use status::Status;
pub use wave::{Gate, Wave, WaveState};

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
    /// When the first turn was taken.
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
    pub told: notice::Told,
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

/// Waits, in seconds. Template parameters, so that a test can shorten them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waits {
    /// How long DRS may take to show a job that it has accepted.
    pub visibility_window: u32,
    /// Time limit of one `StartRecovery` call.
    pub call_timeout: u32,
    /// Time limit of one invocation of the orchestration function.
    pub function_timeout: u32,
    /// How long a launch may be in doubt before a person is asked.
    pub doubt_limit: u32,
    /// How long a drill may wait for a person before it is cancelled.
    #[serde(default = "drill_park_limit")]
    pub drill_park_limit: u32,
}

fn drill_park_limit() -> u32 {
    Waits::DEFAULT.drill_park_limit
}

impl Waits {
    /// The values for AWS.
    pub const DEFAULT: Self = Self {
        visibility_window: 180,
        call_timeout: 30,
        function_timeout: 120,
        doubt_limit: 600,
        drill_park_limit: 4 * 3_600,
    };
}

impl Waits {
    /// How long after its intent a launch may stay unseen and still have been accepted: its
    /// caller may live that long, call that long, and DRS hide the job that long.
    pub fn hidden_for_at_most(&self) -> SignedDuration {
        let seconds = [
            self.function_timeout,
            self.call_timeout,
            self.visibility_window,
        ];
        SignedDuration::from_secs(seconds.into_iter().map(i64::from).sum())
    }
}

/// What people and failures want of the whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Course {
    /// Waves start as they become ready.
    Going,
    /// A person wants nothing new to start.
    Paused {
        /// What a resume must name.
        hold: HoldId,
        /// Since when.
        since: Timestamp,
        /// Who.
        by: String,
    },
    /// A wave failed and its policy is STOP.
    Stopping {
        /// The wave, as the plan counts, from 0.
        wave: usize,
        /// Whether its time limit did it.
        cause: StopCause,
        /// Since when.
        since: Timestamp,
    },
    /// A person cancelled it.
    Cancelling {
        /// Since when.
        since: Timestamp,
        /// Who.
        by: String,
        /// Why.
        reason: Option<String>,
    },
}

/// Why an execution stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum StopCause {
    /// Too few servers launched.
    Failure,
    /// The wave's time limit came first.
    TimeLimit,
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

/// Whether a lock of this execution is held in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lock {
    /// Held; it must be freed once.
    Held,
    /// Freed, or never taken.
    Free,
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
