//! Recovery plans in their table. Every version is kept.

use std::fmt::Debug;

use async_trait::async_trait;
use domain::recovery_plan::RecoveryPlan;
use domain::{ExecutionId, ProtectionGroupId, RecoveryPlanId};

use super::{Listing, PageRequest, StoreError};

/// The table of recovery plans.
#[async_trait]
pub trait PlanStore: Send + Sync + Debug {
    /// Puts a new plan, takes its name and notes which groups it uses, all or nothing; the
    /// groups must be ACTIVE.
    async fn create_plan(&self, plan: &RecoveryPlan) -> Result<PlanPut, StoreError>;

    /// Puts `after` where `before` still stands, by its version; the groups that it newly uses
    /// must be ACTIVE.
    async fn update_plan(
        &self,
        before: &RecoveryPlan,
        after: &RecoveryPlan,
    ) -> Result<PlanPut, StoreError>;

    /// Removes a plan where it still stands and no execution holds its lock. Its versions stay.
    async fn remove_plan(&self, plan: &RecoveryPlan) -> Result<PlanRemoved, StoreError>;

    /// A plan as it stands, consistently.
    async fn plan(&self, id: &RecoveryPlanId) -> Result<Option<RecoveryPlan>, StoreError>;

    /// Plans by name.
    async fn list_plans(&self, page: &PageRequest) -> Result<Listing<RecoveryPlan>, StoreError>;

    /// The plans that use a group, consistently: ids and names.
    async fn plans_of_group(
        &self,
        group: &ProtectionGroupId,
    ) -> Result<Vec<(RecoveryPlanId, String)>, StoreError>;
}

/// What became of putting a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlanPut {
    /// It is done.
    Done,
    /// The plan of this id has the name.
    NameTaken(String),
    /// A group is gone, or going.
    GroupGone(ProtectionGroupId),
}

/// What became of removing a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlanRemoved {
    /// It is done.
    Done,
    /// An execution holds its lock.
    InUse(ExecutionId),
}
