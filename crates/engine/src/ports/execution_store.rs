//! Executions, their locks, logs, tokens and leases in their table.

use std::collections::BTreeMap;
use std::fmt::Debug;

use async_trait::async_trait;
use domain::execution::decision::LedgerChange;
use domain::execution::event::LedgerPage;
use domain::execution::notice::Notice;
use domain::execution::{Execution, Note};
use domain::{ExecutionId, JobId, Kind, Place, RecoveryPlanId, SourceServerId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::drs::JobLogEntry;
pub use super::execution_list::{Activity, ExecutionFilter, ExecutionSummary};
use super::{Listing, PageRequest, StoreError};

/// Most locks of one call.
pub const LOCKS_PER_CALL_MAX: usize = 90;

/// The table of executions.
#[async_trait]
pub trait ExecutionStore: Send + Sync + Debug {
    /// Puts a new execution in stage ACQUIRING: it is in the live index with its expiry, and
    /// nowhere else, until it is saved as LIVE.
    async fn create_execution(&self, stored: &StoredExecution) -> Result<(), StoreError>;

    /// Takes locks for an execution, all or none. A lock of its own holds and is renewed, and
    /// those of `from` pass. At most [`LOCKS_PER_CALL_MAX`]. [`StoreError::Stale`] where it has
    /// taken one of them itself, knowing a later version.
    async fn take_locks_from(
        &self,
        locks: &[LockKey],
        owner: &LockOwner,
        from: &[ExecutionId],
    ) -> Result<LocksTaken, StoreError>;

    /// The same from nobody.
    async fn take_locks(
        &self,
        locks: &[LockKey],
        owner: &LockOwner,
    ) -> Result<LocksTaken, StoreError> {
        self.take_locks_from(locks, owner, &[]).await
    }

    /// Frees locks of this execution; those of others, and none, are left. Any number.
    async fn free_locks(
        &self,
        locks: &[LockKey],
        owner: &ExecutionId,
        taken: Taken,
    ) -> Result<(), StoreError>;

    /// Who holds these locks (any number), consistently; free ones are left out.
    async fn lock_owners(
        &self,
        locks: &[LockKey],
    ) -> Result<BTreeMap<LockKey, LockOwner>, StoreError>;

    /// Removes an execution that never became LIVE, where it still stands by its version.
    async fn remove_execution(&self, stored: &StoredExecution) -> Result<(), StoreError>;

    /// An execution, consistently, whole.
    async fn execution(&self, id: &ExecutionId) -> Result<Option<StoredExecution>, StoreError>;

    /// Puts `after` where `before` still stands, by its version, appends the events, and does
    /// what is beside it, in one transaction; only what differs is written. Notes the owner of
    /// each new job. [`StoreError::StaleLedger`] where only the ledger does not stand.
    async fn save_with_side_writes(
        &self,
        before: &StoredExecution,
        after: &StoredExecution,
        events: &[StoredEvent],
        side_writes: &SideWrites,
    ) -> Result<(), StoreError>;

    /// The same with nothing beside it.
    async fn save_execution(
        &self,
        before: &StoredExecution,
        after: &StoredExecution,
        events: &[StoredEvent],
    ) -> Result<(), StoreError> {
        self.save_with_side_writes(before, after, events, &SideWrites::default())
            .await
    }

    /// The ledger of a place, consistently.
    async fn ledger(&self, place: &Place) -> Result<LedgerPage, StoreError>;

    /// Puts a ledger where it still stands as it was read; else [`StoreError::StaleLedger`].
    async fn save_ledger(&self, change: &LedgerChange) -> Result<(), StoreError>;

    /// Work that is left, by when it must be driven again; `driven_until` before `due`, or all.
    async fn live(&self, due: Option<Timestamp>) -> Result<Vec<LiveEntry>, StoreError>;

    /// Keeps a notice as it stands now.
    async fn put_outbox(&self, entry: &OutboxEntry) -> Result<(), StoreError>;

    /// Notices that are not sent and due by now. The index is a hint.
    async fn outbox_due(&self, now: Timestamp) -> Result<Vec<OutboxEntry>, StoreError>;

    /// All notices of an execution, oldest first, consistently.
    async fn outbox_of(&self, id: &ExecutionId) -> Result<Vec<OutboxEntry>, StoreError>;

    /// Sets when somebody must drive it again. It is no part of the version;
    /// [`StoreError::Stale`] where there is no such execution.
    async fn set_driven_until(&self, id: &ExecutionId, until: Timestamp) -> Result<(), StoreError>;

    /// Sets when something is to be told of an execution that needs nobody to drive it, where it
    /// still stands at this version; else [`StoreError::Stale`]: somebody has woken it.
    async fn sleep_until(
        &self,
        id: &ExecutionId,
        version: u64,
        until: Timestamp,
    ) -> Result<(), StoreError>;

    /// Raises the count of machine starts from `from` by one; [`StoreError::Stale`] where
    /// somebody else did. It is no part of the version.
    async fn count_start(&self, id: &ExecutionId, from: u32) -> Result<(), StoreError>;

    /// Executions, newest first.
    async fn list_executions(
        &self,
        filter: &ExecutionFilter,
        page: &PageRequest,
    ) -> Result<Listing<ExecutionSummary>, StoreError>;

    /// The event log, oldest first.
    async fn events(
        &self,
        id: &ExecutionId,
        page: &PageRequest,
    ) -> Result<Listing<StoredEvent>, StoreError>;

    /// Puts the copy of a job's log; a longer copy replaces a shorter one.
    async fn put_job_log(
        &self,
        id: &ExecutionId,
        job: &JobId,
        entries: &[JobLogEntry],
    ) -> Result<(), StoreError>;

    /// The copy of one job's log from an entry on (the first is 0), at most `most` entries.
    async fn job_log(
        &self,
        id: &ExecutionId,
        job: &JobId,
        from: usize,
        most: usize,
    ) -> Result<Vec<JobLogEntry>, StoreError>;

    /// The execution that launched each of these jobs; unknown ones are left out.
    async fn owners_of_jobs(
        &self,
        jobs: &[JobId],
    ) -> Result<BTreeMap<JobId, ExecutionId>, StoreError>;

    /// Keeps the token of a parked machine; a newer one replaces it.
    async fn put_park(&self, id: &ExecutionId, token: &str) -> Result<(), StoreError>;

    /// The token of the parked machine, consistently.
    async fn park(&self, id: &ExecutionId) -> Result<Option<String>, StoreError>;

    /// Takes the right to look at a place, where nobody has it or theirs has expired; else
    /// leaves a mark that something is new.
    async fn take_lease(
        &self,
        place: &Place,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Lease, StoreError>;

    /// Reads and clears the mark, and keeps the lease until then; gives it up where `until`
    /// is nothing. [`StoreError::Stale`] where somebody else has the lease.
    async fn touch_lease(
        &self,
        place: &Place,
        holder: &str,
        until: Option<Timestamp>,
    ) -> Result<LeaseMark, StoreError>;

    /// Takes a client token for a call, or shows what is known of it.
    async fn claim_token(&self, token: &TokenClaim) -> Result<TokenState, StoreError>;

    /// Notes the answer of the call.
    async fn answer_token(&self, key: &TokenKey, answer: &str) -> Result<(), StoreError>;

    /// Gives a token back: the call changed nothing.
    async fn drop_token(&self, key: &TokenKey) -> Result<(), StoreError>;

    /// A secret of this deployment, made at its first use from `fresh`.
    async fn secret(&self, name: &str, fresh: &str) -> Result<String, StoreError>;
}

/// An execution with what only the table knows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredExecution {
    /// The execution.
    pub execution: Execution,
    /// Raised by every save.
    pub version: u64,
    /// Where it stands between being made and being over.
    pub stage: Stage,
    /// How many events its log has.
    pub events: u64,
    /// The hash of the last one.
    pub last_hash: String,
    /// When somebody must drive it again.
    pub driven_until: Timestamp,
    /// How many machines were started for it.
    pub starts: u32,
}

/// What is saved together with an execution.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SideWrites {
    /// The ledger of one place.
    pub ledger: Option<LedgerChange>,
    /// Notices that are to be sent.
    pub outbox: Vec<OutboxEntry>,
}

/// A notice on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxEntry {
    /// The execution that it is about.
    pub execution: ExecutionId,
    /// Its number, unique and rising in the execution.
    pub number: u64,
    /// The plan.
    pub plan: RecoveryPlanId,
    /// The plan's name.
    pub plan_name: String,
    /// Drill or recovery.
    pub kind: Kind,
    /// The wave, where it is about one.
    pub wave_key: Option<String>,
    /// What is told.
    pub notice: Notice,
    /// When it was worth telling.
    pub at: Timestamp,
    /// When it is tried again.
    pub due_at: Timestamp,
    /// How often it was tried.
    pub attempts: u32,
    /// Why the last attempt failed, where it did.
    pub error: Option<String>,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
}

/// Where a stored execution stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Stage {
    /// Taking its locks; dead after `driven_until`.
    Acquiring,
    /// Work is left: it is in the live index.
    Live,
    /// Nothing is left to do.
    Over,
}

/// One entry of the event log: a note with its number, time and hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredEvent {
    /// From 1.
    pub number: u64,
    /// When.
    pub at: Timestamp,
    /// What.
    pub note: Note,
    /// The hash of the entry before; empty for the first.
    pub previous_hash: String,
    /// SHA-256, in hexadecimal, over the entry before's hash and this entry.
    pub hash: String,
}

/// What is locked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LockKey {
    /// A plan: one active execution each.
    Plan(RecoveryPlanId),
    /// A server: one active execution each.
    Server(Place, SourceServerId),
}

/// Who holds a lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockOwner {
    /// The execution.
    pub execution: ExecutionId,
    /// Drill or recovery.
    pub kind: Kind,
    /// The plan's name.
    pub plan_name: String,
    /// Who started it.
    pub by: String,
    /// The version of the execution that it knew when it took or renewed the lock.
    #[serde(default)]
    pub version: u64,
    /// Those whose locks it may have taken over: where one of them needs the lock again, it
    /// passes back and is not freed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taken_from: Vec<ExecutionId>,
}

/// Which locks of an execution are freed, by what it knew when it took them. Who decides to
/// free must not take away what the execution takes anew after that decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// All: the execution is no more.
    Ever,
    /// Those that were taken knowing an earlier version than this.
    Before(u64),
}

impl Taken {
    /// Whether a lock that was taken knowing this version is meant.
    #[must_use]
    pub fn means(self, version: u64) -> bool {
        match self {
            Self::Ever => true,
            Self::Before(limit) => version < limit,
        }
    }
}

/// What became of taking locks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LocksTaken {
    /// All are held.
    Done,
    /// None was taken: these are held by others.
    Held(BTreeMap<LockKey, LockOwner>),
}

/// One execution with work left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveEntry {
    /// The execution.
    pub id: ExecutionId,
    /// Its stage, as the index has it: a hint.
    pub stage: Stage,
    /// When somebody must drive it again, as the index has it: a hint.
    pub driven_until: Timestamp,
    /// Where it has jobs in flight, as the index has it: a hint.
    pub places: Vec<Place>,
}

/// What became of asking for a lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lease {
    /// It is ours.
    Taken,
    /// Somebody has it, and will see our mark.
    Busy,
}

/// Whether something new was marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeaseMark {
    /// Something is new.
    Dirty,
    /// Nothing.
    Clean,
}

/// A client token, for one caller and one operation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenKey {
    /// Who calls.
    pub caller: String,
    /// What they call, with its path parameters.
    pub operation: String,
    /// Their token.
    pub token: String,
}

/// A call that is to be made once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenClaim {
    /// The token.
    pub key: TokenKey,
    /// The hash of the body.
    pub body_hash: String,
    /// Now.
    pub now: Timestamp,
    /// When the token is forgotten; checked when it is read.
    pub expires_at: Timestamp,
    /// When a claim without an answer counts as dead.
    pub dead_at: Timestamp,
}

/// What is known of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenState {
    /// It is ours: make the call.
    Claimed,
    /// The call is being made.
    InProgress,
    /// The call was made, and this was its answer.
    Answered(String),
    /// The token was used with another body.
    OtherBody,
}
