//! The store behind crash points, at which a process may die, with tables that throttle and lose
//! answers, and a record of everything that was really written.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use domain::execution::decision::LedgerChange;
use domain::execution::event::LedgerPage;
use domain::protection_group::ProtectionGroup;
use domain::recovery_plan::RecoveryPlan;
use domain::{ExecutionId, JobId, Place, ProtectionGroupId, RecoveryPlanId, SourceServerId};
use engine::ports::drs::JobLogEntry;
use engine::ports::execution_store::{
    ExecutionFilter, ExecutionSummary, Lease, LeaseMark, LiveEntry, LockKey, LockOwner, LocksTaken,
    OutboxEntry, SideWrites, StoredEvent, StoredExecution, Taken, TokenClaim, TokenKey, TokenState,
};
use engine::ports::group_store::{Claimed, Prepared, StoredGroup};
use engine::ports::plan_store::{PlanPut, PlanRemoved};
use engine::ports::statistics_store::{EndedExecution, LastRuns};
use engine::ports::{
    ExecutionStore, GroupStore, Listing, PageRequest, PlanStore, StatisticsStore, Store, StoreError,
};
use jiff::Timestamp;

use crate::crash_points::{Edge, Process};
use crate::facts::Told;

/// Something that happened to the tables, or that an execution was told, in its order.
#[derive(Debug)]
pub(crate) enum Entry {
    /// A save took effect.
    Saved {
        /// The process that saved.
        process: u64,
        /// What stands now.
        after: Arc<StoredExecution>,
        /// What the event log got.
        events: Vec<StoredEvent>,
    },
    /// A save was refused because it is too large.
    TooLarge(ExecutionId),
    /// Locks went that were held.
    Freed {
        /// By this execution.
        owner: ExecutionId,
        /// These.
        keys: Vec<LockKey>,
    },
    /// DRS was asked to change something; its journal has it up to this number.
    Asked(u64),
    /// An execution was told something.
    Told(Told),
}

/// What happened since it was last asked.
pub(crate) type Record = Arc<Mutex<Vec<Entry>>>;

/// How often the tables fail, in tenths of a percent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TableFaults {
    /// Nothing was done, and an error says so.
    pub unavailable: u32,
    /// It was done, and an error says that it was not.
    pub lost_answers: u32,
    /// How many of the latest writes an index may not show.
    pub index_lag: usize,
    /// Whether the table takes what DRS says of a failure.
    pub reasons: Reasons,
}

/// Whether the reasons of DRS fit the table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Reasons {
    /// They do.
    #[default]
    Kept,
    /// An execution with one is too large: at this try, and at each further one.
    TooLarge,
}

/// The dice of the tables.
#[derive(Debug)]
pub(crate) struct TableDice {
    pub(crate) faults: TableFaults,
    pub(crate) random: fastrand::Rng,
    pub(crate) thrown: u32,
}

/// A store behind crash points.
#[derive(Debug, Clone)]
pub(crate) struct WatchedStore {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) process: Process,
    pub(crate) record: Record,
    pub(crate) dice: Arc<Mutex<TableDice>>,
}

impl WatchedStore {
    pub(crate) fn dice(&self) -> MutexGuard<'_, TableDice> {
        self.dice.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_down(&self, entry: Entry) {
        self.record
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(entry);
    }

    fn throw(&self, pick: impl Fn(&TableFaults) -> u32) -> Result<(), StoreError> {
        let mut dice = self.dice();
        let rate = pick(&dice.faults);
        if rate > 0 && dice.random.u32(..1_000) < rate {
            dice.thrown += 1;
            return Err(StoreError::Unavailable("the table is throttled".to_owned()));
        }
        Ok(())
    }

    async fn before(&self, call: &'static str) -> Result<(), StoreError> {
        self.process.crash_point(call, Edge::Before).await;
        self.throw(|faults| faults.unavailable)
    }

    async fn after(&self, call: &'static str) -> Result<(), StoreError> {
        self.process.crash_point(call, Edge::After).await;
        self.throw(|faults| faults.lost_answers)
    }

    /// Whether a save brings a reason out of a job's log, and the table takes none.
    fn is_too_large(&self, before: &StoredExecution, after: &StoredExecution) -> bool {
        let reasons = |stored: &StoredExecution| {
            let servers = stored.execution.servers();
            let errors = servers.filter_map(|server| server.error.as_ref());
            errors.filter(|error| error.contains("_FAIL")).count()
        };
        match self.dice().faults.reasons {
            Reasons::Kept => false,
            Reasons::TooLarge => reasons(after) > reasons(before),
        }
    }

    fn saved(&self, after: &StoredExecution, events: &[StoredEvent]) {
        self.write_down(Entry::Saved {
            process: self.process.number(),
            after: Arc::new(after.clone()),
            events: events.to_vec(),
        });
    }
}

/// Delegates each method, with a crash point before and one after.
macro_rules! watched {
    ($port:ident { $($name:ident($($argument:ident: $kind:ty),*) -> $answer:ty;)* } $($own:tt)*) => {
        #[async_trait]
        impl $port for WatchedStore {
            $(async fn $name(&self, $($argument: $kind),*) -> Result<$answer, StoreError> {
                self.before(stringify!($name)).await?;
                let answer = self.store.$name($($argument),*).await?;
                self.after(stringify!($name)).await?;
                Ok(answer)
            })*
            $($own)*
        }
    };
}

watched! {
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

watched! {
    PlanStore {
        create_plan(plan: &RecoveryPlan) -> PlanPut;
        update_plan(before: &RecoveryPlan, after: &RecoveryPlan) -> PlanPut;
        remove_plan(plan: &RecoveryPlan) -> PlanRemoved;
        plan(id: &RecoveryPlanId) -> Option<RecoveryPlan>;
        list_plans(page: &PageRequest) -> Listing<RecoveryPlan>;
        plans_of_group(group: &ProtectionGroupId) -> Vec<(RecoveryPlanId, String)>;
    }
}

watched! {
    StatisticsStore {
        ended_between(from: Timestamp, until: Timestamp, most: usize) -> Vec<EndedExecution>;
        last_runs(page: &PageRequest) -> Listing<LastRuns>;
        summaries(ids: &[ExecutionId]) -> Vec<ExecutionSummary>;
    }
}

watched! {
    ExecutionStore {
        create_execution(stored: &StoredExecution) -> ();
        take_locks_from(locks: &[LockKey], owner: &LockOwner, from: &[ExecutionId]) -> LocksTaken;
        lock_owners(locks: &[LockKey]) -> BTreeMap<LockKey, LockOwner>;
        remove_execution(stored: &StoredExecution) -> ();
        execution(id: &ExecutionId) -> Option<StoredExecution>;
        ledger(place: &Place) -> LedgerPage;
        put_outbox(entry: &OutboxEntry) -> ();
        outbox_due(now: Timestamp) -> Vec<OutboxEntry>;
        outbox_of(id: &ExecutionId) -> Vec<OutboxEntry>;
        save_ledger(change: &LedgerChange) -> ();
        live(due: Option<Timestamp>) -> Vec<LiveEntry>;
        set_driven_until(id: &ExecutionId, until: Timestamp) -> ();
        sleep_until(id: &ExecutionId, version: u64, until: Timestamp) -> ();
        count_start(id: &ExecutionId, from: u32) -> ();
        list_executions(filter: &ExecutionFilter, page: &PageRequest) -> Listing<ExecutionSummary>;
        events(id: &ExecutionId, page: &PageRequest) -> Listing<StoredEvent>;
        put_job_log(id: &ExecutionId, job: &JobId, entries: &[JobLogEntry]) -> ();
        job_log(id: &ExecutionId, job: &JobId, from: usize, most: usize) -> Vec<JobLogEntry>;
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

    async fn free_locks(
        &self,
        locks: &[LockKey],
        owner: &ExecutionId,
        taken: Taken,
    ) -> Result<(), StoreError> {
        self.before("free_locks").await?;
        let mut held = self.store.lock_owners(locks).await?;
        held.retain(|_, holder| holder.execution == *owner && taken.means(holder.version));
        self.store.free_locks(locks, owner, taken).await?;
        if !held.is_empty() {
            let keys = held.into_keys().collect();
            self.write_down(Entry::Freed { owner: owner.clone(), keys });
        }
        self.after("free_locks").await
    }

    async fn save_with_side_writes(
        &self,
        before: &StoredExecution,
        after: &StoredExecution,
        events: &[StoredEvent],
        side_writes: &SideWrites,
    ) -> Result<(), StoreError> {
        self.before("save").await?;
        if self.is_too_large(before, after) {
            self.write_down(Entry::TooLarge(after.execution.head.id.clone()));
            return Err(StoreError::TooLarge("the reason of a failure".to_owned()));
        }
        self.store.save_with_side_writes(before, after, events, side_writes).await?;
        self.saved(after, events);
        self.after("save").await
    }
}
