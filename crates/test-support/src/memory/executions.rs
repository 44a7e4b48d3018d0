//! Executions with their events, logs and parked tokens. Each is kept as one shared value, so
//! that a save moves a pointer.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use domain::execution::decision::LedgerChange;
use domain::execution::event::LedgerPage;
use domain::{ExecutionId, JobId, Place};
use jiff::Timestamp;

use super::listing::{number, page};
use super::tables::executions::Row;
use super::{MemoryStore, State};
use engine::ports::drs::JobLogEntry;
use engine::ports::execution_store::{
    ExecutionFilter, ExecutionSummary, Lease, LeaseMark, LiveEntry, LockKey, LockOwner, LocksTaken,
    OutboxEntry, SideWrites, Stage, StoredEvent, StoredExecution, Taken, TokenClaim, TokenKey,
    TokenState,
};
use engine::ports::{ExecutionStore, Listing, PageRequest, StoreError};
use engine::summary::{live_places, summary};

#[async_trait]
impl ExecutionStore for MemoryStore {
    async fn create_execution(&self, stored: &StoredExecution) -> Result<(), StoreError> {
        self.write(|state| {
            let id = &stored.execution.head.id;
            if state.executions.by_id.contains_key(id) {
                return Err(StoreError::Stale);
            }
            let row = Row {
                stored: Arc::new(stored.clone()),
                driven_until: stored.driven_until,
                starts: stored.starts,
            };
            state.executions.put(id, row);
            Ok(())
        })
    }

    async fn take_locks_from(
        &self,
        locks: &[LockKey],
        owner: &LockOwner,
        from: &[ExecutionId],
    ) -> Result<LocksTaken, StoreError> {
        self.write(|state| state.locks.take(locks, owner, from))
    }

    async fn free_locks(
        &self,
        locks: &[LockKey],
        owner: &ExecutionId,
        taken: Taken,
    ) -> Result<(), StoreError> {
        self.write(|state| {
            state.locks.free(locks, owner, taken);
            Ok(())
        })
    }

    async fn lock_owners(
        &self,
        locks: &[LockKey],
    ) -> Result<BTreeMap<LockKey, LockOwner>, StoreError> {
        self.read(|state| Ok(state.locks.owners(locks)))
    }

    async fn remove_execution(&self, stored: &StoredExecution) -> Result<(), StoreError> {
        self.write(|state| {
            let executions = &mut state.executions;
            let id = &stored.execution.head.id;
            if executions.standing(stored)?.stored.stage != Stage::Acquiring {
                return Err(StoreError::Stale);
            }
            executions.by_id.remove(id);
            executions.live.remove(id.clone());
            Ok(())
        })
    }

    async fn execution(&self, id: &ExecutionId) -> Result<Option<StoredExecution>, StoreError> {
        self.read(|state| Ok(state.executions.by_id.get(id).map(Row::whole)))
    }

    async fn save_with_side_writes(
        &self,
        before: &StoredExecution,
        after: &StoredExecution,
        events: &[StoredEvent],
        side_writes: &SideWrites,
    ) -> Result<(), StoreError> {
        self.write(|state| {
            state.executions.check(before, after)?;
            if let Some(change) = &side_writes.ledger {
                state.ledgers.check(change)?;
                state.ledgers.put(change);
            }
            for entry in &side_writes.outbox {
                state.outbox.put(entry);
            }
            state.executions.save(before, after, events)
        })
    }

    async fn put_outbox(&self, entry: &OutboxEntry) -> Result<(), StoreError> {
        self.write(|state| {
            state.outbox.put(entry);
            Ok(())
        })
    }

    async fn outbox_due(&self, now: Timestamp) -> Result<Vec<OutboxEntry>, StoreError> {
        self.read(|state| Ok(state.outbox.due(now)))
    }

    async fn outbox_of(&self, id: &ExecutionId) -> Result<Vec<OutboxEntry>, StoreError> {
        self.read(|state| Ok(state.outbox.of(id)))
    }

    async fn ledger(&self, place: &Place) -> Result<LedgerPage, StoreError> {
        self.read(|state| Ok(state.ledgers.page(place)))
    }

    async fn save_ledger(&self, change: &LedgerChange) -> Result<(), StoreError> {
        self.write(|state| {
            state.ledgers.check(change)?;
            state.ledgers.put(change);
            Ok(())
        })
    }

    async fn live(&self, due: Option<Timestamp>) -> Result<Vec<LiveEntry>, StoreError> {
        self.read(|state| {
            let missed = state.chance.lag();
            let mut entries: Vec<LiveEntry> = state
                .executions
                .live
                .seen(missed)
                .iter()
                .filter(|(_, row)| due.is_none_or(|due| row.driven_until < due))
                .map(|(id, row)| LiveEntry {
                    id: id.clone(),
                    stage: row.stored.stage,
                    driven_until: row.driven_until,
                    places: live_places(&row.stored.execution),
                })
                .collect();
            entries.sort_by_key(|entry| entry.driven_until);
            Ok(entries)
        })
    }

    async fn set_driven_until(&self, id: &ExecutionId, until: Timestamp) -> Result<(), StoreError> {
        self.write(|state| state.executions.move_driven_until(id, until, |_| true))
    }

    async fn sleep_until(
        &self,
        id: &ExecutionId,
        version: u64,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|state| {
            let stands = |row: &Row| row.stored.version == version;
            state.executions.move_driven_until(id, until, stands)
        })
    }

    async fn count_start(&self, id: &ExecutionId, from: u32) -> Result<(), StoreError> {
        self.write(|state| {
            let row = state
                .executions
                .by_id
                .get(id)
                .filter(|row| row.starts == from)
                .ok_or(StoreError::Stale)?;
            let counted = Row {
                starts: from + 1,
                ..row.clone()
            };
            state.executions.put(id, counted);
            Ok(())
        })
    }

    async fn list_executions(
        &self,
        filter: &ExecutionFilter,
        request: &PageRequest,
    ) -> Result<Listing<ExecutionSummary>, StoreError> {
        self.read(|state| {
            let missed = state.chance.lag();
            let mut newest: Vec<(String, ExecutionSummary)> = state
                .executions
                .listed
                .seen(missed)
                .values()
                .map(|stored| summary(stored))
                .filter(|item| filter.admits(item))
                .map(|item| (position(&item), item))
                .collect();
            newest.sort_by(|one, other| other.0.cmp(&one.0));
            let rest = newest.into_iter().filter(|(position, _)| {
                request.after.as_ref().is_none_or(|after| position < after)
            });
            Ok(page(rest, request.limit))
        })
    }

    async fn events(
        &self,
        id: &ExecutionId,
        request: &PageRequest,
    ) -> Result<Listing<StoredEvent>, StoreError> {
        self.read(|state| {
            let after = number(request.after.as_deref())?;
            let events = state.executions.events.get(id).into_iter().flatten();
            let rest = events
                .filter(|event| event.number > after)
                .map(|event| (event.number.to_string(), event.clone()));
            Ok(page(rest, request.limit))
        })
    }

    async fn put_job_log(
        &self,
        id: &ExecutionId,
        job: &JobId,
        entries: &[JobLogEntry],
    ) -> Result<(), StoreError> {
        self.write(|state| {
            let logs = state.executions.logs.entry(id.clone()).or_default();
            let copy = logs.entry(job.clone()).or_default();
            if entries.len() > copy.len() {
                *copy = entries.to_vec();
            }
            Ok(())
        })
    }

    async fn job_log(
        &self,
        id: &ExecutionId,
        job: &JobId,
        from: usize,
        most: usize,
    ) -> Result<Vec<JobLogEntry>, StoreError> {
        self.read(|state| {
            let logs = state.executions.logs.get(id);
            let log = logs.and_then(|logs| logs.get(job)).into_iter().flatten();
            Ok(log.skip(from).take(most).cloned().collect())
        })
    }

    async fn owners_of_jobs(
        &self,
        jobs: &[JobId],
    ) -> Result<BTreeMap<JobId, ExecutionId>, StoreError> {
        self.read(|state| {
            let owners = &state.executions.job_owners;
            let found = jobs
                .iter()
                .filter_map(|job| Some((job.clone(), owners.get(job)?.clone())));
            Ok(found.collect())
        })
    }

    async fn put_park(&self, id: &ExecutionId, token: &str) -> Result<(), StoreError> {
        self.write(|state| {
            let parks = &mut state.executions.parks;
            parks.insert(id.clone(), token.to_owned());
            Ok(())
        })
    }

    async fn park(&self, id: &ExecutionId) -> Result<Option<String>, StoreError> {
        self.read(|state| Ok(state.executions.parks.get(id).cloned()))
    }

    async fn take_lease(
        &self,
        place: &Place,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Lease, StoreError> {
        self.write(|state| Ok(state.leases.take(place, holder, now, until)))
    }

    async fn touch_lease(
        &self,
        place: &Place,
        holder: &str,
        until: Option<Timestamp>,
    ) -> Result<LeaseMark, StoreError> {
        self.write(|state| state.leases.touch(place, holder, until))
    }

    async fn claim_token(&self, token: &TokenClaim) -> Result<TokenState, StoreError> {
        self.write(|state| Ok(state.tokens.claim(token)))
    }

    async fn answer_token(&self, key: &TokenKey, answer: &str) -> Result<(), StoreError> {
        self.write(|state| {
            state.tokens.answer(key, answer);
            Ok(())
        })
    }

    async fn drop_token(&self, key: &TokenKey) -> Result<(), StoreError> {
        self.write(|state| {
            state.tokens.drop_claim(key);
            Ok(())
        })
    }

    async fn secret(&self, name: &str, fresh: &str) -> Result<String, StoreError> {
        self.write(|state: &mut State| Ok(state.tokens.secret(name, fresh)))
    }
}

/// All positions have the same length, so that they sort as their times do.
fn position(item: &ExecutionSummary) -> String {
    format!("{:.9}#{}", item.created_at, item.id)
}
