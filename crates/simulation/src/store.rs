//! The store behind moments at which the process may die: before each call, and after it.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use domain::execution::decide::LedgerChange;
use domain::execution::event::LedgerPage;
use domain::protection_group::ProtectionGroup;
use domain::recovery_plan::RecoveryPlan;
use domain::{ExecutionId, JobId, Place, ProtectionGroupId, RecoveryPlanId, SourceServerId};
use engine::ports::drs::JobLogEntry;
use engine::ports::execution_store::{
    Beside, ExecutionFilter, ExecutionSummary, Lease, LeaseMark, LiveEntry, LockKey, LockOwner,
    LocksTaken, OutboxEntry, StoredEvent, StoredExecution, TokenClaim, TokenKey, TokenState,
};
use engine::ports::group_store::{Claimed, Prepared, StoredGroup};
use engine::ports::plan_store::{PlanPut, PlanRemoved};
use engine::ports::{
    ExecutionStore, GroupStore, Listing, PageRequest, PlanStore, Store, StoreError,
};
use jiff::Timestamp;

use crate::interruption::Interruption;

/// A store behind moments.
#[derive(Debug, Clone)]
pub(crate) struct InterruptedStore {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) interruption: Interruption,
}

/// Delegates each method, with a moment before and one after.
macro_rules! interrupted {
    ($port:ident { $($name:ident($($argument:ident: $kind:ty),*) -> $answer:ty;)* }) => {
        #[async_trait]
        impl $port for InterruptedStore {
            $(async fn $name(&self, $($argument: $kind),*) -> Result<$answer, StoreError> {
                self.interruption.moment().await;
                let answer = self.store.$name($($argument),*).await;
                self.interruption.moment().await;
                answer
            })*
        }
    };
}

interrupted! {
    GroupStore {
        prepare_group(group: &ProtectionGroup, expires_at: Timestamp) -> Prepared;
        claim_servers(group: &ProtectionGroupId, place: &Place, servers: &[SourceServerId], dead: &[ProtectionGroupId]) -> Claimed;
        release_servers(group: &ProtectionGroupId, place: &Place, servers: &[SourceServerId]) -> ();
        commit_group(before: &ProtectionGroup, after: &ProtectionGroup) -> Prepared;
        mark_group_deleting(group: &ProtectionGroup, expires_at: Timestamp) -> ();
        remove_group(group: &ProtectionGroup) -> ();
        group(id: &ProtectionGroupId) -> Option<StoredGroup>;
        groups(ids: &[ProtectionGroupId]) -> Vec<ProtectionGroup>;
        list_groups(page: &PageRequest) -> Listing<ProtectionGroup>;
        unfinished_groups() -> Vec<StoredGroup>;
        claims(place: &Place, servers: &[SourceServerId]) -> BTreeMap<SourceServerId, ProtectionGroupId>;
}
}

interrupted! {
    PlanStore {
        create_plan(plan: &RecoveryPlan) -> PlanPut;
        update_plan(before: &RecoveryPlan, after: &RecoveryPlan) -> PlanPut;
        remove_plan(plan: &RecoveryPlan) -> PlanRemoved;
        plan(id: &RecoveryPlanId) -> Option<RecoveryPlan>;
        list_plans(page: &PageRequest) -> Listing<RecoveryPlan>;
        plans_of_group(group: &ProtectionGroupId) -> Vec<(RecoveryPlanId, String)>;
}
}

interrupted! {
    ExecutionStore {
        create_execution(stored: &StoredExecution) -> ();
        take_locks_from(locks: &[LockKey], owner: &LockOwner, from: &[ExecutionId]) -> LocksTaken;
        free_locks(locks: &[LockKey], owner: &ExecutionId) -> ();
        lock_owners(locks: &[LockKey]) -> BTreeMap<LockKey, LockOwner>;
        remove_execution(stored: &StoredExecution) -> ();
        execution(id: &ExecutionId) -> Option<StoredExecution>;
        save_with(before: &StoredExecution, after: &StoredExecution, events: &[StoredEvent], beside: &Beside) -> ();
        ledger(place: &Place) -> LedgerPage;
        put_outbox(entry: &OutboxEntry) -> ();
        outbox_due(now: Timestamp) -> Vec<OutboxEntry>;
        outbox_of(id: &ExecutionId) -> Vec<OutboxEntry>;
        save_ledger(change: &LedgerChange) -> ();
        live(due: Option<Timestamp>) -> Vec<LiveEntry>;
        set_driven_until(id: &ExecutionId, until: Timestamp) -> ();
        count_start(id: &ExecutionId, from: u32) -> ();
        list_executions(filter: &ExecutionFilter, page: &PageRequest) -> Listing<ExecutionSummary>;
        events(id: &ExecutionId, page: &PageRequest) -> Listing<StoredEvent>;
        put_job_log(id: &ExecutionId, job: &JobId, entries: &[JobLogEntry]) -> ();
        job_logs(id: &ExecutionId, page: &PageRequest) -> Listing<(JobId, JobLogEntry)>;
        owners_of_jobs(jobs: &[JobId]) -> BTreeMap<JobId, ExecutionId>;
        put_park(id: &ExecutionId, token: &str) -> ();
        park(id: &ExecutionId) -> Option<String>;
        take_lease(place: &Place, holder: &str, now: Timestamp, until: Timestamp) -> Lease;
        touch_lease(place: &Place, holder: &str, until: Option<Timestamp>) -> LeaseMark;
        claim_token(token: &TokenClaim) -> TokenState;
        answer_token(key: &TokenKey, answer: &str) -> ();
        drop_token(key: &TokenKey) -> ();
        secret(name: &str, fresh: &str) -> String;
}
}
