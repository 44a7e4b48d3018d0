//! Lists of executions: which, and what they show.

use domain::execution::Status;
use domain::{ExecutionId, Kind, RecoveryPlanId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Which executions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExecutionFilter {
    /// Of this plan.
    pub plan: Option<RecoveryPlanId>,
    /// In this status.
    pub status: Option<Status>,
    /// Not ended, or ended.
    pub activity: Option<Activity>,
    /// Of this kind.
    pub kind: Option<Kind>,
    /// Accepted at or after this.
    pub started_after: Option<Timestamp>,
    /// Accepted before this.
    pub started_before: Option<Timestamp>,
}

impl ExecutionFilter {
    /// Whether an execution is looked for.
    #[must_use]
    pub fn admits(&self, item: &ExecutionSummary) -> bool {
        let Self {
            plan,
            status,
            activity,
            kind,
            started_after,
            started_before,
        } = self;
        plan.as_ref().is_none_or(|plan| item.plan == *plan)
            && status.is_none_or(|status| item.status == status)
            && activity.is_none_or(|activity| item.activity() == activity)
            && kind.is_none_or(|kind| item.kind == kind)
            && started_after.is_none_or(|after| item.created_at >= after)
            && started_before.is_none_or(|before| item.created_at < before)
    }
}

/// Whether an execution still runs. One that has ended is over, though a clean-up may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Activity {
    /// It has not ended.
    Active,
    /// It has ended.
    Ended,
}

/// What a list shows of an execution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExecutionSummary {
    /// Its id.
    pub id: ExecutionId,
    /// Its plan.
    pub plan: RecoveryPlanId,
    /// The plan's name then.
    pub plan_name: String,
    /// The plan's version then.
    pub plan_version: u64,
    /// Drill or recovery.
    pub kind: Kind,
    /// The status.
    pub status: Status,
    /// Why, where it has ended.
    pub status_reason: Option<String>,
    /// Who started it.
    pub initiated_by: String,
    /// When it was accepted.
    pub created_at: Timestamp,
    /// When its first turn was taken.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// How many servers it has.
    pub servers: u32,
    /// How many of them are launched.
    pub servers_launched: u32,
    /// How many waves it has.
    pub waves: u32,
    /// How many things wait for a person.
    pub holds: u32,
    /// The recovery that it carries on with.
    #[serde(default)]
    pub continues: Option<ExecutionId>,
    /// Its version.
    pub version: u64,
}

impl ExecutionSummary {
    /// Whether it still runs.
    #[must_use]
    pub fn activity(&self) -> Activity {
        match self.ended_at {
            None => Activity::Active,
            Some(_) => Activity::Ended,
        }
    }
}
