//! What is kept of executions that have ended, so that looking back needs no execution itself.

use std::fmt::Debug;

use async_trait::async_trait;
use domain::execution::Status;
use domain::{ExecutionId, Kind, RecoveryPlanId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::execution_store::ExecutionSummary;
use super::{Listing, PageRequest, StoreError};

/// What is kept of executions that have ended. It is written by the save that ends them.
#[async_trait]
pub trait StatisticsStore: Send + Sync + Debug {
    /// Executions that ended from `from` until before `until`, the last one first; at most
    /// `most`, which are the last ones.
    async fn ended_between(
        &self,
        from: Timestamp,
        until: Timestamp,
        most: usize,
    ) -> Result<Vec<EndedExecution>, StoreError>;

    /// The last drill and the last recovery of each plan of which one has ended, by plan; of
    /// plans that are deleted too.
    async fn last_runs(&self, page: &PageRequest) -> Result<Listing<LastRuns>, StoreError>;

    /// What lists show of these executions, in their order; unknown ones are left out.
    async fn summaries(&self, ids: &[ExecutionId]) -> Result<Vec<ExecutionSummary>, StoreError>;
}

/// An execution that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndedExecution {
    /// The execution.
    pub id: ExecutionId,
    /// Its plan.
    pub plan: RecoveryPlanId,
    /// Drill or recovery.
    pub kind: Kind,
    /// How it ended.
    pub status: Status,
    /// When it ended.
    pub ended_at: Timestamp,
}

/// How a plan ran last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastRuns {
    /// The plan.
    pub plan: RecoveryPlanId,
    /// The drill that ended last.
    pub drill: Option<LastRun>,
    /// The drill that ended last with every server launched.
    pub completed_drill: Option<LastRun>,
    /// The recovery that ended last.
    pub recovery: Option<LastRun>,
}

impl LastRuns {
    /// A plan of which nothing has ended.
    #[must_use]
    pub fn none_of(plan: RecoveryPlanId) -> Self {
        Self {
            plan,
            drill: None,
            completed_drill: None,
            recovery: None,
        }
    }
}

/// The last one of its kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastRun {
    /// The execution.
    pub execution: ExecutionId,
    /// How it ended.
    pub status: Status,
    /// When it ended.
    pub ended_at: Timestamp,
}
