//! Recovery plans, their names and all their versions.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use domain::recovery_plan::RecoveryPlan;
use domain::{ProtectionGroupId, RecoveryPlanId};

use super::listing::page;
use super::tables::groups::Groups;
use super::{MemoryStore, State};
use engine::ports::execution_store::LockKey;
use engine::ports::plan_store::{PlanPut, PlanRemoved};
use engine::ports::{Listing, PageRequest, PlanStore, StoreError};

#[async_trait]
impl PlanStore for MemoryStore {
    async fn create_plan(&self, plan: &RecoveryPlan) -> Result<PlanPut, StoreError> {
        self.write(|state| {
            if let Some(holder) = state.plans.name_holder(plan) {
                return Ok(PlanPut::NameTaken(holder.to_string()));
            }
            if state.plans.by_id.contains_key(&plan.id) {
                return Err(StoreError::Stale);
            }
            if let Some(gone) = first_gone(&state.groups, groups_of(plan)) {
                return Ok(PlanPut::GroupGone(gone));
            }
            state.plans.put(plan);
            Ok(PlanPut::Done)
        })
    }

    async fn update_plan(
        &self,
        before: &RecoveryPlan,
        after: &RecoveryPlan,
    ) -> Result<PlanPut, StoreError> {
        self.write(|state| {
            if !state.plans.stands(before) {
                return Err(StoreError::Stale);
            }
            if let Some(holder) = state.plans.name_holder(after) {
                return Ok(PlanPut::NameTaken(holder.to_string()));
            }
            let used = groups_of(before);
            let added = groups_of(after)
                .into_iter()
                .filter(|group| !used.contains(group));
            if let Some(gone) = first_gone(&state.groups, added) {
                return Ok(PlanPut::GroupGone(gone));
            }
            state.plans.free_name(before);
            state.plans.put(after);
            Ok(PlanPut::Done)
        })
    }

    async fn remove_plan(&self, plan: &RecoveryPlan) -> Result<PlanRemoved, StoreError> {
        self.write(|state| {
            let State { plans, locks, .. } = state;
            if !plans.stands(plan) {
                return Err(StoreError::Stale);
            }
            if let Some(owner) = locks.owner(&LockKey::Plan(plan.id.clone())) {
                return Ok(PlanRemoved::InUse(owner.execution.clone()));
            }
            plans.free_name(plan);
            plans.by_id.remove(&plan.id);
            plans.index.remove(plan.id.clone());
            Ok(PlanRemoved::Done)
        })
    }

    async fn plan(&self, id: &RecoveryPlanId) -> Result<Option<RecoveryPlan>, StoreError> {
        self.read(|state| Ok(state.plans.by_id.get(id).cloned()))
    }

    async fn list_plans(&self, request: &PageRequest) -> Result<Listing<RecoveryPlan>, StoreError> {
        self.read(|state| {
            let missed = state.chance.lag();
            let by_name: BTreeMap<String, &RecoveryPlan> = state
                .plans
                .index
                .seen(missed)
                .values()
                .map(|plan| (position(plan), plan))
                .collect();
            let rest = by_name
                .into_iter()
                .filter(|(position, _)| request.after.as_ref().is_none_or(|after| position > after))
                .map(|(position, plan)| (position, plan.clone()));
            Ok(page(rest, request.limit))
        })
    }

    async fn plans_of_group(
        &self,
        group: &ProtectionGroupId,
    ) -> Result<Vec<(RecoveryPlanId, String)>, StoreError> {
        self.read(|state| {
            state.chance.may_deny_plans_of_group()?;
            let users = state
                .plans
                .by_id
                .values()
                .filter(|plan| groups_of(plan).contains(group));
            Ok(users
                .map(|plan| (plan.id.clone(), plan.content.name.to_string()))
                .collect())
        })
    }
}

fn groups_of(plan: &RecoveryPlan) -> BTreeSet<ProtectionGroupId> {
    plan.content
        .waves
        .iter()
        .flat_map(|wave| wave.protection_groups.clone())
        .collect()
}

fn first_gone(
    groups: &Groups,
    used: impl IntoIterator<Item = ProtectionGroupId>,
) -> Option<ProtectionGroupId> {
    used.into_iter().find(|id| groups.active(id).is_none())
}

fn position(plan: &RecoveryPlan) -> String {
    format!("{}\n{}", plan.content.name.key(), plan.id)
}
