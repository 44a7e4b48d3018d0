//! Locks of executions: taken in ascending order, in chunks, and given back whole when one
//! is held by somebody else.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use domain::counted::counted;
use domain::execution::Execution;
use domain::execution::clean_up::CleanUpStatus;
use domain::execution::effect::PlanLock;
use domain::{ExecutionId, Place, SourceServerId};

use crate::ports::StoreError;
use crate::ports::execution_store::{
    LOCKS_PER_CALL_MAX, LockKey, LockOwner, LocksTaken, Stage, StoredExecution, Taken,
};
use crate::{About, Engine, EngineError, RefusalCode};

/// How often an execution that others save meanwhile is looked at anew.
const ROUNDS_MAX: u32 = 20;

/// Which locks an execution takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LockScope {
    /// The plan and all servers: to run.
    PlanAndServers,
    /// All servers: to clean up.
    Servers,
}

/// All locks of an execution, ascending.
pub(crate) fn keys(execution: &Execution, scope: LockScope) -> Vec<LockKey> {
    let mut keys: Vec<LockKey> = execution
        .batches()
        .flat_map(|(_, batch)| batch.servers.iter().map(move |server| (batch, server)))
        .map(|(batch, server)| LockKey::Server(batch.place.clone(), server.id.clone()))
        .collect();
    if scope == LockScope::PlanAndServers {
        keys.push(LockKey::Plan(execution.head.plan.id.clone()));
    }
    keys.sort();
    keys
}

/// The locks that an execution has no more use for: those of an ended one, except of servers
/// that a job of it may still bring up, and not while it is cleaned up.
fn leftovers(execution: &Execution) -> BTreeSet<LockKey> {
    if !execution.has_ended() || execution.head.clean_up.status == CleanUpStatus::Running {
        return BTreeSet::new();
    }
    let plan = LockKey::Plan(execution.head.plan.id.clone());
    let idle = execution
        .batches()
        .filter(|(_, batch)| !batch.is_in_flight());
    let servers = idle.flat_map(|(_, batch)| {
        batch
            .servers
            .iter()
            .map(|server| LockKey::Server(batch.place.clone(), server.id.clone()))
    });
    servers.chain([plan]).collect()
}

/// Locks of servers that DRS has, or may have, a launch of by this execution.
fn needed(execution: &Execution) -> BTreeSet<LockKey> {
    let batches = execution.batches();
    let in_flight = batches.filter(|(_, batch)| batch.is_in_flight());
    in_flight
        .flat_map(|(_, batch)| {
            let lock = |id: &SourceServerId| LockKey::Server(batch.place.clone(), id.clone());
            batch.servers.iter().map(move |server| lock(&server.id))
        })
        .collect()
}

/// What a lock of this execution says of it.
pub(crate) fn owner(stored: &StoredExecution) -> LockOwner {
    owner_at(&stored.execution, stored.version)
}

fn owner_at(execution: &Execution, version: u64) -> LockOwner {
    let head = &execution.head;
    let consent = &head.consent;
    LockOwner {
        version,
        execution: head.id.clone(),
        kind: head.kind,
        plan_name: head.plan.name.clone(),
        by: head.initiated_by.clone(),
        taken_from: consent.takes_over_from(),
    }
}

impl Engine {
    /// Refuses where somebody alive holds one of the locks, but for those who give way: answers
    /// which of these do hold some. What a dead owner left is undone.
    pub(crate) async fn refuse_if_locked(
        &self,
        keys: &[LockKey],
        predecessors: &[ExecutionId],
    ) -> Result<Vec<ExecutionId>, EngineError> {
        let mut owners = self.owners_alive(keys).await?;
        let holding = distinct(&owners).into_iter().map(|owner| owner.execution);
        let holding = holding.filter(|id| predecessors.contains(id)).collect();
        owners.retain(|_, owner| !predecessors.contains(&owner.execution));
        match refusal(&owners) {
            Some(refusal) => Err(refusal),
            None => Ok(holding),
        }
    }

    /// Who holds these locks and is no dead owner; what those have left is undone.
    pub(crate) async fn owners_alive(
        &self,
        keys: &[LockKey],
    ) -> Result<BTreeMap<LockKey, LockOwner>, EngineError> {
        let owners = self.ports.store.lock_owners(keys).await?;
        let mut undone = Vec::new();
        for owner in distinct(&owners) {
            let held: Vec<LockKey> = owners
                .iter()
                .filter(|(_, other)| other.execution == owner.execution)
                .map(|(key, _)| key.clone())
                .collect();
            undone.extend(self.free_leftovers(&owner, &held).await?);
        }
        if undone.is_empty() {
            return Ok(owners);
        }
        // Some may have passed back to those from whom they were taken.
        Ok(self.ports.store.lock_owners(keys).await?)
    }

    /// Takes all locks, or refuses; where it fails it may have taken some of them.
    pub(crate) async fn take_locks(
        &self,
        keys: &[LockKey],
        owner: &LockOwner,
        from: &[ExecutionId],
    ) -> Result<(), EngineError> {
        for chunk in keys.chunks(LOCKS_PER_CALL_MAX) {
            let taken = self.ports.store.take_locks_from(chunk, owner, from);
            if let LocksTaken::Held(others) = taken.await? {
                return Err(refusal(&others).unwrap_or_else(|| {
                    StoreError::Unavailable("locks were in motion".to_owned()).into()
                }));
            }
        }
        Ok(())
    }

    /// Undoes what its owner no longer needs, of the locks that it holds, and gives it: all of an
    /// execution that died while it took them, or that is not there any more (it is written
    /// before its locks, so it was rolled back, and whoever took these for it can no longer save
    /// it); and what an ended execution is about to free itself. Who is met by several at once
    /// is looked at anew: nobody is refused for an execution that only seemed to be active.
    async fn free_leftovers(
        &self,
        owner: &LockOwner,
        held: &[LockKey],
    ) -> Result<Vec<LockKey>, EngineError> {
        for _ in 0..ROUNDS_MAX {
            match self.try_free_leftovers(owner, held).await {
                Err(EngineError::Store(StoreError::Stale)) => {}
                settled => return settled,
            }
        }
        Err(StoreError::Unavailable("too many writers at once".to_owned()).into())
    }

    async fn try_free_leftovers(
        &self,
        owner: &LockOwner,
        held: &[LockKey],
    ) -> Result<Vec<LockKey>, EngineError> {
        let store = &self.ports.store;
        match store.execution(&owner.execution).await? {
            None => {
                self.free(held, owner, Taken::Ever).await?;
                Ok(held.to_vec())
            }
            Some(stored) if stored.stage == Stage::Acquiring => {
                if stored.driven_until >= self.now() {
                    return Ok(Vec::new());
                }
                self.roll_back(&stored).await?;
                Ok(held.to_vec())
            }
            Some(stored) => Ok(self.free_of_ended(&stored, held).await?),
        }
    }

    /// Frees what an ended execution has no more use for of these locks, and gives it. The
    /// execution is saved first, unchanged but for its version: a clean-up that has taken these
    /// locks and is not saved yet fails to save, and takes them again.
    ///
    /// # Errors
    ///
    /// [`StoreError::Stale`] where it has changed meanwhile: nothing was freed.
    pub(crate) async fn free_of_ended(
        &self,
        stored: &StoredExecution,
        held: &[LockKey],
    ) -> Result<Vec<LockKey>, StoreError> {
        let done = leftovers(&stored.execution);
        let free: Vec<LockKey> = held
            .iter()
            .filter(|key| done.contains(key))
            .cloned()
            .collect();
        if free.is_empty() {
            return Ok(free);
        }
        let store = &self.ports.store;
        let fence = StoredExecution {
            version: stored.version + 1,
            ..stored.clone()
        };
        store.save_execution(stored, &fence, &[]).await?;
        let taken = Taken::Before(fence.version);
        self.free(&free, &owner(stored), taken).await?;
        Ok(free)
    }

    /// Frees locks of an execution. One that it took over from another whose launch of that
    /// server is still in flight, or in doubt, passes back to that: else a third would launch the
    /// server, and the launch that is on its way would destroy what the third has launched. Of
    /// several, the one that began last has it: it took the lock from the others, and passes it on
    /// in its turn.
    pub(crate) async fn free(
        &self,
        keys: &[LockKey],
        owner: &LockOwner,
        taken: Taken,
    ) -> Result<(), StoreError> {
        let store = &self.ports.store;
        let mut free: BTreeSet<LockKey> = keys.iter().cloned().collect();
        let mut earlier_ones = Vec::new();
        for id in &owner.taken_from {
            earlier_ones.extend(store.execution(id).await?);
        }
        earlier_ones.sort_by_key(|stored| Reverse(stored.execution.head.created_at));
        for earlier in earlier_ones {
            let holder = self::owner(&earlier);
            let from = std::slice::from_ref(&owner.execution);
            for key in needed(&earlier.execution) {
                if !free.contains(&key) {
                    continue;
                }
                let passed = store.take_locks_from(std::slice::from_ref(&key), &holder, from);
                match passed.await {
                    // Where it knows of a later version it has the lock already.
                    Ok(LocksTaken::Done) | Err(StoreError::Stale) => free.remove(&key),
                    Ok(LocksTaken::Held(_)) => false,
                    Err(error) => return Err(error),
                };
            }
        }
        let free: Vec<LockKey> = free.into_iter().collect();
        store.free_locks(&free, &owner.execution, taken).await
    }

    /// Removes what an execution that never started has left: first the execution, so that its
    /// owner, should it be slow and not dead, can no longer let it live; then its locks. Whoever
    /// dies in between leaves locks without an execution, which free themselves when met.
    pub(crate) async fn roll_back(&self, stored: &StoredExecution) -> Result<(), EngineError> {
        match self.ports.store.remove_execution(stored).await {
            Ok(()) => {}
            // It lives after all, or somebody else has removed it and frees its locks.
            Err(StoreError::Stale) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
        let keys = keys(&stored.execution, LockScope::PlanAndServers);
        Ok(self.free(&keys, &owner(stored), Taken::Ever).await?)
    }

    /// Frees the locks that a decision no longer needs, as far as they were taken before it.
    pub(crate) async fn release(
        &self,
        execution: &Execution,
        servers: &[(Place, SourceServerId)],
        plan: PlanLock,
        taken: Taken,
    ) -> Result<(), StoreError> {
        let head = &execution.head;
        let mut keys: Vec<LockKey> = servers
            .iter()
            .map(|(place, server)| LockKey::Server(place.clone(), server.clone()))
            .collect();
        if plan == PlanLock::Release {
            keys.push(LockKey::Plan(head.plan.id.clone()));
        }
        self.free(&keys, &owner_at(execution, 0), taken).await
    }
}

fn distinct(owners: &BTreeMap<LockKey, LockOwner>) -> Vec<LockOwner> {
    let mut found: Vec<LockOwner> = Vec::new();
    for owner in owners.values() {
        if !found.iter().any(|other| other.execution == owner.execution) {
            found.push(owner.clone());
        }
    }
    found
}

/// The refusal that held locks mean: the plan's before any server's. A lock is held until nothing of
/// its execution is left to do, also by one that is being cleaned up or whose last job still runs.
fn refusal(owners: &BTreeMap<LockKey, LockOwner>) -> Option<EngineError> {
    let plan = owners
        .iter()
        .find(|(key, _)| matches!(key, LockKey::Plan(_)));
    if let Some((_, owner)) = plan {
        let detail = format!(
            "A {} of this plan, started by {}, is not over yet.",
            owner.kind.word(),
            owner.by
        );
        let about = about(owner);
        return Some(EngineError::refused_about(
            RefusalCode::PlanHasActiveExecution,
            detail,
            about,
        ));
    }
    let (_, owner) = owners.iter().next()?;
    let servers = owners
        .iter()
        .filter_map(|(key, owner)| match key {
            LockKey::Plan(_) => None,
            LockKey::Server(_, server) => {
                let text = format!("in a {} of plan {}", owner.kind.word(), owner.plan_name);
                Some((server.clone(), text))
            }
        })
        .collect();
    let detail = format!(
        "{} in a {} of plan {} that is not over yet, started by {}.",
        counted(owners.len(), "server is", "servers are"),
        owner.kind.word(),
        owner.plan_name,
        owner.by
    );
    let about = About {
        servers,
        ..about(owner)
    };
    Some(EngineError::refused_about(
        RefusalCode::ServerInActiveExecution,
        detail,
        about,
    ))
}

fn about(owner: &LockOwner) -> About {
    About {
        execution: Some(owner.execution.clone()),
        kind: Some(owner.kind),
        by: Some(owner.by.clone()),
        ..About::default()
    }
}
