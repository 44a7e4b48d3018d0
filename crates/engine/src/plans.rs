//! Recovery plans: made, changed and deleted.

use std::collections::BTreeSet;

use domain::recovery_plan::draft::{Groups, PlanDraft};
use domain::recovery_plan::{PlanContent, RecoveryPlan};
use domain::{Fault, FaultCode, ProtectionGroupId, RecoveryPlanId};

use crate::groups::{bad_id, check_version};
use crate::ports::execution_store::LockKey;
use crate::ports::plan_store::{PlanPut, PlanRemoved};
use crate::ports::{Listing, PageRequest, StoreError};
use crate::{About, Engine, EngineError, InvalidCode, RefusalCode};

impl Engine {
    /// Makes a plan.
    pub async fn create_plan(&self, draft: &PlanDraft) -> Result<RecoveryPlan, EngineError> {
        let content = self.check_plan(draft).await?;
        let id: RecoveryPlanId = self
            .ports
            .ids
            .uuid()
            .parse()
            .map_err(|error| bad_id(&error))?;
        let now = self.now();
        let plan = RecoveryPlan {
            id,
            content,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        let answer = self.ports.store.create_plan(&plan).await?;
        self.put(answer, &plan).await?;
        Ok(plan)
    }

    /// A plan as it stands.
    pub async fn plan(&self, id: &RecoveryPlanId) -> Result<RecoveryPlan, EngineError> {
        let plan = self.ports.store.plan(id).await?;
        plan.ok_or_else(|| EngineError::not_found("recovery plan", id))
    }

    /// Plans by name.
    pub async fn list_plans(
        &self,
        page: &PageRequest,
    ) -> Result<Listing<RecoveryPlan>, EngineError> {
        Ok(self.ports.store.list_plans(page).await?)
    }

    /// Changes a plan that no execution runs.
    pub async fn update_plan(
        &self,
        id: &RecoveryPlanId,
        draft: &PlanDraft,
        if_match: Option<u64>,
    ) -> Result<RecoveryPlan, EngineError> {
        let before = self.plan(id).await?;
        check_version(before.version, if_match)?;
        let content = self.check_plan(draft).await?;
        self.refuse_if_active(id).await?;
        let after = RecoveryPlan {
            content,
            version: before.version + 1,
            updated_at: self.now(),
            ..before.clone()
        };
        match self.ports.store.update_plan(&before, &after).await {
            Ok(answer) => self.put(answer, &after).await?,
            Err(StoreError::Stale) => {
                let version = self.plan(id).await?.version;
                return Err(EngineError::StaleVersion { version });
            }
            Err(error) => return Err(error.into()),
        }
        Ok(after)
    }

    /// Deletes a plan that no execution runs. Its executions stay.
    pub async fn delete_plan(
        &self,
        id: &RecoveryPlanId,
        if_match: Option<u64>,
    ) -> Result<(), EngineError> {
        let plan = self.plan(id).await?;
        check_version(plan.version, if_match)?;
        self.refuse_if_active(id).await?;
        match self.ports.store.remove_plan(&plan).await {
            Ok(PlanRemoved::Done) => Ok(()),
            Ok(PlanRemoved::InUse(_)) => {
                self.refuse_if_active(id).await?;
                Err(StoreError::Unavailable("the plan's lock was in motion".to_owned()).into())
            }
            Err(StoreError::Stale) => {
                let version = self.plan(id).await?.version;
                Err(EngineError::StaleVersion { version })
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn refuse_if_active(&self, id: &RecoveryPlanId) -> Result<(), EngineError> {
        let lock = [LockKey::Plan(id.clone())];
        self.refuse_if_locked(&lock, &[]).await.map(drop)
    }

    async fn check_plan(&self, draft: &PlanDraft) -> Result<PlanContent, EngineError> {
        let named: BTreeSet<ProtectionGroupId> = draft
            .waves
            .iter()
            .flat_map(|wave| &wave.protection_groups)
            .filter_map(|text| text.parse().ok())
            .collect();
        let named: Vec<ProtectionGroupId> = named.into_iter().collect();
        let groups: Groups = self
            .ports
            .store
            .groups(&named)
            .await?
            .into_iter()
            .map(|group| (group.id.clone(), group))
            .collect();
        draft.parse(&groups).map_err(|faults| EngineError::Invalid {
            code: InvalidCode::Plan,
            faults,
        })
    }
}

impl Engine {
    /// What became of storing a plan.
    async fn put(&self, answer: PlanPut, plan: &RecoveryPlan) -> Result<(), EngineError> {
        match answer {
            PlanPut::Done => Ok(()),
            PlanPut::NameTaken(other) => {
                // However that plan writes it.
                let id: RecoveryPlanId = other.parse().map_err(|error| bad_id(&error))?;
                let taken = self.ports.store.plan(&id).await?;
                let name = taken.as_ref().unwrap_or(plan).content.name.to_string();
                let detail = format!("Another recovery plan is named {name}.");
                let about = About {
                    plans: vec![(other, name)],
                    ..About::default()
                };
                Err(EngineError::refused_about(
                    RefusalCode::NameTaken,
                    detail,
                    about,
                ))
            }
            PlanPut::GroupGone(group) => {
                let message = format!("there is no protection group {group} any more");
                Err(EngineError::Invalid {
                    code: InvalidCode::Plan,
                    faults: vec![Fault::new("waves", FaultCode::UnknownGroup, message)],
                })
            }
        }
    }
}
