//! Recovery plans: waves of protection groups, with dependencies, gates and policies.

pub mod draft;
pub mod graph;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::{ProtectionGroupId, RecoveryPlanId, SourceServerId, WaveKey};
use crate::kind::Kind;
use crate::name::Name;
use crate::quota::SERVERS_PER_BATCH_MAX;

/// Most waves of one plan. With [`BATCHES_PER_PLAN_MAX`] it keeps one save of an execution
/// within one DynamoDB transaction of 100 items.
pub const WAVES_PER_PLAN_MAX: usize = 25;
/// Most batches, one DRS job each, that one execution starts with.
pub const BATCHES_PER_PLAN_MAX: usize = 40;
/// Most servers that one execution starts with: its batches, all full.
pub const SERVERS_PER_PLAN_MAX: usize = BATCHES_PER_PLAN_MAX * SERVERS_PER_BATCH_MAX;
/// Largest share that a wave can need.
pub const PERCENT_MAX: u32 = 100;
/// A wave's time limit where none is given, in minutes.
pub const TIME_LIMIT_MINUTES_DEFAULT: u32 = 240;
/// Longest time limit of a wave, in minutes: three days.
pub const TIME_LIMIT_MINUTES_MAX: u32 = 4_320;

/// An ordered set of waves that can be run as a drill or a recovery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryPlan {
    /// Its id.
    pub id: RecoveryPlanId,
    /// What people decided about it.
    pub content: PlanContent,
    /// Raised by every change; executions say which version they run.
    pub version: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What people decide about a plan. Built only from a draft, so it has no faults of form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanContent {
    /// Unique without regard to case.
    pub name: Name,
    /// For people; may be empty.
    pub description: String,
    /// At least one wave; keys unique; dependencies free of circles.
    pub waves: Vec<PlannedWave>,
}

/// One wave of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedWave {
    /// Unique in the plan.
    pub key: WaveKey,
    /// For people.
    pub name: String,
    /// The groups whose servers launch in this wave.
    pub protection_groups: Vec<ProtectionGroupId>,
    /// Where given, only these of the groups' servers.
    pub servers: Option<Vec<SourceServerId>>,
    /// The waves that must have ended, by key.
    pub depends_on: Vec<WaveKey>,
    /// Whether a person must let the wave start.
    pub gate: Gating,
    /// How many servers must launch.
    pub need: Need,
    /// What happens when fewer launch; left out, it depends on the kind of execution.
    pub on_failure: Option<OnFailure>,
    /// How long the wave may have jobs in flight, in minutes.
    pub time_limit_minutes: u32,
}

/// Whether a wave waits for a person before it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Gating {
    /// Starts by itself.
    Ungated,
    /// Waits for a person.
    PauseBefore,
}

/// How many servers of a wave must launch for those after it to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Need {
    /// Every one.
    All,
    /// At least this many.
    Count {
        /// At least 1.
        count: u32,
    },
    /// At least this share, rounded up to whole servers.
    Percent {
        /// 1 to 100.
        percent: u32,
    },
}

impl Need {
    /// How many of `servers` must launch.
    pub fn of(self, servers: usize) -> usize {
        match self {
            Self::All => servers,
            Self::Count { count } => usize::try_from(count).unwrap_or(usize::MAX),
            Self::Percent { percent } => {
                (servers * usize::try_from(percent).unwrap_or(usize::MAX)).div_ceil(100)
            }
        }
    }
}

/// What happens when a wave's need is not met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OnFailure {
    /// Nothing more starts anywhere.
    Stop,
    /// The waves after it wait for a person.
    Pause,
    /// The waves after it start.
    Continue,
}

impl OnFailure {
    /// The policy where a plan names none: a drill stops, a recovery asks.
    pub fn default_for(kind: Kind) -> Self {
        match kind {
            Kind::Drill => Self::Stop,
            Kind::Recovery => Self::Pause,
        }
    }
}
