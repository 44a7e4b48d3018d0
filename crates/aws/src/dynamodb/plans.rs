//! Recovery plans: the current one, every version, and which groups each uses.

use std::collections::BTreeSet;

use async_trait::async_trait;
use domain::recovery_plan::RecoveryPlan;
use domain::{ExecutionId, ProtectionGroupId, RecoveryPlanId};
use engine::ports::execution_store::LockKey;
use engine::ports::plan_store::{PlanPut, PlanRemoved};
use engine::ports::{Listing, PageRequest, PlanStore, StoreError};

use super::DynamoStore;
use super::condition::Condition;
use super::document::{DOCUMENT, decode, encode};
use super::item::{Item, number, parsed, text};
use super::key::Key;
use super::names;
use super::request::Query;
use super::transaction::{Commit, ITEMS_MAX, Transaction};

const LISTED: &str = "PLAN";

#[async_trait]
impl PlanStore for DynamoStore {
    async fn create_plan(&self, plan: &RecoveryPlan) -> Result<PlanPut, StoreError> {
        let table = &self.tables.recovery_plans;
        let (name, me) = (&plan.content.name, plan.id.as_str());
        if let Some(other) = self.earlier_holder(table, name, me).await? {
            return Ok(PlanPut::NameTaken(other));
        }
        let groups = groups_of(plan);
        self.put_group_uses(plan, &groups).await?;
        let mut transaction = Transaction::default();
        transaction.put_if(table, current(plan)?, &Condition::absent());
        self.put_version(&mut transaction, plan, &groups)?;
        let groups: Vec<&ProtectionGroupId> = groups.iter().collect();
        answer(self.commit(transaction).await?, &groups)
    }

    async fn update_plan(
        &self,
        before: &RecoveryPlan,
        after: &RecoveryPlan,
    ) -> Result<PlanPut, StoreError> {
        let table = &self.tables.recovery_plans;
        let (name, me) = (&after.content.name, after.id.as_str());
        if let Some(other) = self.earlier_holder(table, name, me).await? {
            return Ok(PlanPut::NameTaken(other));
        }
        let (earlier, wanted) = (groups_of(before), groups_of(after));
        let added: BTreeSet<ProtectionGroupId> = wanted.difference(&earlier).cloned().collect();
        self.put_group_uses(after, &added).await?;
        let mut transaction = Transaction::default();
        transaction.put_if(table, current(after)?, &stands(before));
        self.put_version(&mut transaction, after, &added)?;
        let held = self.keys_held(table, &before.content.name, me).await?;
        for left in held.iter().filter(|held| **held != name.key()) {
            names::free(&mut transaction, table, left, me);
        }
        let dropped = earlier.difference(&wanted);
        self.forget_group_uses(&mut transaction, after, dropped);
        let added: Vec<&ProtectionGroupId> = added.iter().collect();
        answer(self.commit(transaction).await?, &added)
    }

    async fn remove_plan(&self, plan: &RecoveryPlan) -> Result<PlanRemoved, StoreError> {
        let table = &self.tables.recovery_plans;
        let mut transaction = Transaction::default();
        transaction.delete_if(table, &Key::plan(&plan.id), &stands(plan));
        let lock = Key::lock(&LockKey::Plan(plan.id.clone()));
        transaction.check(&self.tables.execution_history, &lock, &Condition::absent());
        let me = plan.id.as_str();
        for held in self.keys_held(table, &plan.content.name, me).await? {
            names::free(&mut transaction, table, &held, me);
        }
        self.forget_group_uses(&mut transaction, plan, &groups_of(plan));
        match self.commit(transaction).await? {
            Commit::Done => Ok(PlanRemoved::Done),
            Commit::Refused(refused) => match (refused.get(&0), refused.get(&1)) {
                (None, Some(Some(lock))) => {
                    let owner: ExecutionId = parsed(lock, "executionId")?;
                    Ok(PlanRemoved::InUse(owner))
                }
                (Some(_), _) | (None, Some(None) | None) => Err(StoreError::Stale),
            },
        }
    }

    async fn plan(&self, id: &RecoveryPlanId) -> Result<Option<RecoveryPlan>, StoreError> {
        let table = &self.tables.recovery_plans;
        let item = self.get(table, &Key::plan(id)).await?;
        item.as_ref().map(decode).transpose()
    }

    async fn list_plans(&self, page: &PageRequest) -> Result<Listing<RecoveryPlan>, StoreError> {
        let found = self
            .query(&Query {
                table: self.tables.recovery_plans.clone(),
                index: Some("by-name"),
                keys: Condition::new("#listing = :listing", [(":listing", text(LISTED))]),
                limit: Some(page.limit.max(1)),
                after: page
                    .after
                    .as_deref()
                    .map(|after| names::position(after, "CURRENT", LISTED))
                    .transpose()?,
                ..Query::default()
            })
            .await?;
        let next = found.last.as_ref().map(names::position_text).transpose()?;
        let items = found.items.iter().map(decode).collect::<Result<_, _>>()?;
        Ok(Listing { items, next })
    }

    async fn plans_of_group(
        &self,
        group: &ProtectionGroupId,
    ) -> Result<Vec<(RecoveryPlanId, String)>, StoreError> {
        let table = &self.tables.recovery_plans;
        let uses = self
            .query_all(Query {
                table: table.clone(),
                keys: Condition::new("#pk = :pk", [(":pk", text(Key::group_uses(group)))]),
                ..Query::default()
            })
            .await?;
        let mut ids: Vec<RecoveryPlanId> = Vec::new();
        for item in &uses {
            ids.push(parsed(item, "planId")?);
        }
        let mut plans = Vec::new();
        for item in self.get_all(table, ids.iter().map(Key::plan)).await? {
            let plan: RecoveryPlan = decode(&item)?;
            if groups_of(&plan).contains(group) {
                plans.push((plan.id, plan.content.name.to_string()));
            }
        }
        plans.sort();
        Ok(plans)
    }
}

impl DynamoStore {
    /// Notes uses of groups before the plan is put: a note without a plan that agrees counts
    /// for nothing, while a plan without its note would be overlooked.
    async fn put_group_uses(
        &self,
        plan: &RecoveryPlan,
        groups: &BTreeSet<ProtectionGroupId>,
    ) -> Result<(), StoreError> {
        let groups: Vec<&ProtectionGroupId> = groups.iter().collect();
        for chunk in groups.chunks(ITEMS_MAX) {
            let mut transaction = Transaction::default();
            for group in chunk {
                let note =
                    Key::group_use(group, &plan.id).with([("planId", text(plan.id.as_str()))]);
                transaction.put(&self.tables.recovery_plans, note);
            }
            self.commit_or_stale(transaction).await?;
        }
        Ok(())
    }

    /// The version and the name, after the plan itself; then each new group is required to be
    /// ACTIVE, in order, from position 3.
    fn put_version(
        &self,
        transaction: &mut Transaction,
        plan: &RecoveryPlan,
        groups: &BTreeSet<ProtectionGroupId>,
    ) -> Result<(), StoreError> {
        let table = &self.tables.recovery_plans;
        let version = Key::plan_version(&plan.id, plan.version).with([
            (DOCUMENT, text(encode(plan)?)),
            ("version", number(plan.version)),
        ]);
        transaction.put(table, version);
        names::take(
            transaction,
            table,
            &plan.content.name.key(),
            plan.id.as_str(),
        );
        let active = Condition::new("#state = :active", [(":active", text("ACTIVE"))]);
        for group in groups {
            let key = Key::group(group);
            transaction.check(&self.tables.protection_groups, &key, &active);
        }
        Ok(())
    }

    /// Forgets uses as far as the transaction has room: one that is left counts for nothing.
    fn forget_group_uses<'group>(
        &self,
        transaction: &mut Transaction,
        plan: &RecoveryPlan,
        groups: impl IntoIterator<Item = &'group ProtectionGroupId>,
    ) {
        let room = ITEMS_MAX.saturating_sub(transaction.len());
        for group in groups.into_iter().take(room) {
            let key = Key::group_use(group, &plan.id);
            transaction.delete(&self.tables.recovery_plans, &key);
        }
    }
}

fn answer(commit: Commit, groups: &[&ProtectionGroupId]) -> Result<PlanPut, StoreError> {
    let Commit::Refused(refused) = commit else {
        return Ok(PlanPut::Done);
    };
    if refused.contains_key(&0) {
        return Err(StoreError::Stale);
    }
    if let Some(holder) = refused.get(&2) {
        return Ok(PlanPut::NameTaken(names::holder(holder.as_ref())?));
    }
    let gone = refused
        .keys()
        .find_map(|index| groups.get(index.checked_sub(3)?));
    match gone {
        Some(group) => Ok(PlanPut::GroupGone((*group).clone())),
        None => Err(StoreError::Stale),
    }
}

fn current(plan: &RecoveryPlan) -> Result<Item, StoreError> {
    Ok(Key::plan(&plan.id).with([
        (DOCUMENT, text(encode(plan)?)),
        ("version", number(plan.version)),
        ("listing", text(LISTED)),
        ("nameKey", text(plan.content.name.key())),
    ]))
}

fn stands(plan: &RecoveryPlan) -> Condition {
    Condition::new("#version = :version", [(":version", number(plan.version))])
}

fn groups_of(plan: &RecoveryPlan) -> BTreeSet<ProtectionGroupId> {
    plan.content
        .waves
        .iter()
        .flat_map(|wave| wave.protection_groups.iter().cloned())
        .collect()
}
