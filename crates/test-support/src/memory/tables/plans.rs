//! The table of recovery plans.

use crate::memory::index::Lagging;
use domain::RecoveryPlanId;
use domain::recovery_plan::RecoveryPlan;
use std::collections::BTreeMap;

#[derive(Debug, Default)]
pub(in crate::memory) struct Plans {
    pub(in crate::memory) by_id: BTreeMap<RecoveryPlanId, RecoveryPlan>,
    pub(in crate::memory) versions: BTreeMap<(RecoveryPlanId, u64), RecoveryPlan>,
    pub(in crate::memory) names: BTreeMap<String, RecoveryPlanId>,
    pub(in crate::memory) index: Lagging<RecoveryPlanId, RecoveryPlan>,
}

impl Plans {
    pub(in crate::memory) fn put(&mut self, plan: &RecoveryPlan) {
        let id = plan.id.clone();
        self.names.insert(plan.content.name.key(), id.clone());
        self.versions
            .insert((id.clone(), plan.version), plan.clone());
        self.index.put(id.clone(), plan.clone());
        self.by_id.insert(id, plan.clone());
    }

    pub(in crate::memory) fn stands(&self, read: &RecoveryPlan) -> bool {
        self.by_id
            .get(&read.id)
            .is_some_and(|plan| plan.version == read.version)
    }

    pub(in crate::memory) fn name_holder(&self, plan: &RecoveryPlan) -> Option<&RecoveryPlanId> {
        let holder = self.names.get(&plan.content.name.key())?;
        (*holder != plan.id).then_some(holder)
    }

    pub(in crate::memory) fn free_name(&mut self, plan: &RecoveryPlan) {
        let key = plan.content.name.key();
        if self.names.get(&key) == Some(&plan.id) {
            self.names.remove(&key);
        }
    }
}
