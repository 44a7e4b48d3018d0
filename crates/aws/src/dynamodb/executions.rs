//! Executions, and all that is kept with them. What one execution is made of is spread over
//! items, so that a save writes only what has changed.

mod ended;
mod leases;
mod ledgers;
mod load;
mod locks;
mod logs;
mod meta;
mod outbox;
mod parts;
mod pieces;
mod recent;
mod save;
mod staged;
mod tokens;

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::execution::decision::LedgerChange;
use domain::execution::event::LedgerPage;
use domain::{ExecutionId, JobId, Place};
use engine::ports::drs::JobLogEntry;
use engine::ports::execution_store::{
    ExecutionFilter, ExecutionSummary, Lease, LeaseMark, LiveEntry, LockKey, LockOwner, LocksTaken,
    OutboxEntry, SideWrites, StoredEvent, StoredExecution, Taken, TokenClaim, TokenKey, TokenState,
};
use engine::ports::{ExecutionStore, Listing, PageRequest, StoreError};
use jiff::Timestamp;

use super::DynamoStore;

#[async_trait]
impl ExecutionStore for DynamoStore {
    async fn create_execution(&self, stored: &StoredExecution) -> Result<(), StoreError> {
        self.create_whole(stored).await
    }

    async fn take_locks_from(
        &self,
        locks: &[LockKey],
        owner: &LockOwner,
        from: &[ExecutionId],
    ) -> Result<LocksTaken, StoreError> {
        self.take(locks, owner, from).await
    }

    async fn free_locks(
        &self,
        locks: &[LockKey],
        owner: &ExecutionId,
        taken: Taken,
    ) -> Result<(), StoreError> {
        self.free(locks, owner, taken).await
    }

    async fn lock_owners(
        &self,
        locks: &[LockKey],
    ) -> Result<BTreeMap<LockKey, LockOwner>, StoreError> {
        self.owners(locks).await
    }

    async fn remove_execution(&self, stored: &StoredExecution) -> Result<(), StoreError> {
        self.remove_whole(stored).await
    }

    async fn execution(&self, id: &ExecutionId) -> Result<Option<StoredExecution>, StoreError> {
        self.load(id).await
    }

    async fn save_with_side_writes(
        &self,
        before: &StoredExecution,
        after: &StoredExecution,
        events: &[StoredEvent],
        side_writes: &SideWrites,
    ) -> Result<(), StoreError> {
        self.save(before, after, events, side_writes).await
    }

    async fn put_outbox(&self, entry: &OutboxEntry) -> Result<(), StoreError> {
        self.put_notice(entry).await
    }

    async fn outbox_due(&self, now: Timestamp) -> Result<Vec<OutboxEntry>, StoreError> {
        self.due_notices(now).await
    }

    async fn outbox_of(&self, id: &ExecutionId) -> Result<Vec<OutboxEntry>, StoreError> {
        self.notices_of(id).await
    }

    async fn ledger(&self, place: &Place) -> Result<LedgerPage, StoreError> {
        self.ledger_of(place).await
    }

    async fn save_ledger(&self, change: &LedgerChange) -> Result<(), StoreError> {
        self.put_ledger_alone(change).await
    }

    async fn live(&self, due: Option<Timestamp>) -> Result<Vec<LiveEntry>, StoreError> {
        self.live_entries(due).await
    }

    async fn set_driven_until(&self, id: &ExecutionId, until: Timestamp) -> Result<(), StoreError> {
        self.move_driven_until(id, until, None).await
    }

    async fn sleep_until(
        &self,
        id: &ExecutionId,
        version: u64,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        self.move_driven_until(id, until, Some(version)).await
    }

    async fn count_start(&self, id: &ExecutionId, from: u32) -> Result<(), StoreError> {
        self.raise_starts(id, from).await
    }

    async fn list_executions(
        &self,
        filter: &ExecutionFilter,
        page: &PageRequest,
    ) -> Result<Listing<ExecutionSummary>, StoreError> {
        self.newest(filter, page).await
    }

    async fn events(
        &self,
        id: &ExecutionId,
        page: &PageRequest,
    ) -> Result<Listing<StoredEvent>, StoreError> {
        self.event_page(id, page).await
    }

    async fn put_job_log(
        &self,
        id: &ExecutionId,
        job: &JobId,
        entries: &[JobLogEntry],
    ) -> Result<(), StoreError> {
        self.put_log(id, job, entries).await
    }

    async fn job_log(
        &self,
        id: &ExecutionId,
        job: &JobId,
        from: usize,
        most: usize,
    ) -> Result<Vec<JobLogEntry>, StoreError> {
        self.log_of_job(id, job, from, most).await
    }

    async fn owners_of_jobs(
        &self,
        jobs: &[JobId],
    ) -> Result<BTreeMap<JobId, ExecutionId>, StoreError> {
        self.job_owners(jobs).await
    }

    async fn put_park(&self, id: &ExecutionId, token: &str) -> Result<(), StoreError> {
        self.put_token_of_park(id, token).await
    }

    async fn park(&self, id: &ExecutionId) -> Result<Option<String>, StoreError> {
        self.token_of_park(id).await
    }

    async fn take_lease(
        &self,
        place: &Place,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Lease, StoreError> {
        self.lease(place, holder, now, until).await
    }

    async fn touch_lease(
        &self,
        place: &Place,
        holder: &str,
        until: Option<Timestamp>,
    ) -> Result<LeaseMark, StoreError> {
        match until {
            Some(until) => self.keep_lease(place, holder, until).await,
            None => self.end_lease(place, holder).await,
        }
    }

    async fn claim_token(&self, token: &TokenClaim) -> Result<TokenState, StoreError> {
        self.claim(token).await
    }

    async fn answer_token(&self, key: &TokenKey, answer: &str) -> Result<(), StoreError> {
        self.answer(key, answer).await
    }

    async fn drop_token(&self, key: &TokenKey) -> Result<(), StoreError> {
        self.drop_claim(key).await
    }

    async fn secret(&self, name: &str, fresh: &str) -> Result<String, StoreError> {
        self.secret_or(name, fresh).await
    }
}
