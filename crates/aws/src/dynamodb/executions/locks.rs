//! Locks on plans and servers: taken all or none, freed by their owner alone.

use std::collections::{BTreeMap, HashMap};

use domain::{ExecutionId, JobId};
use engine::ports::StoreError;
use engine::ports::execution_store::{LockKey, LockOwner, LocksTaken, Taken};
use futures::{TryStreamExt, stream};

use crate::dynamodb::DynamoStore;
use crate::dynamodb::condition::Condition;
use crate::dynamodb::document::{DOCUMENT, decode, encode};
use crate::dynamodb::item::{number, parsed, text, text_of};
use crate::dynamodb::key::Key;
use crate::dynamodb::transaction::{Commit, Transaction};

/// Locks freed together, and how many such lots at once.
const LOCKS_PER_LOT: usize = 50;
const LOTS_AT_ONCE: usize = 4;
/// What the owner of a lock knew of itself when it took the lock.
const KNOWN_VERSION: &str = "knownVersion";

impl DynamoStore {
    pub(super) async fn take(
        &self,
        locks: &[LockKey],
        owner: &LockOwner,
        from: &[ExecutionId],
    ) -> Result<LocksTaken, StoreError> {
        let table = &self.tables.execution_history;
        let id = text(owner.execution.as_str());
        let free = "attribute_not_exists(#pk) OR (#executionId = :me AND \
                    (attribute_not_exists(#knownVersion) OR #knownVersion <= :known))";
        let known = number(owner.version);
        let mut free = Condition::new(free, [(":me", id.clone()), (":known", known.clone())]);
        for (number, other) in from.iter().enumerate() {
            let name = format!(":from{number}");
            free.text.push_str(" OR #executionId = ");
            free.text.push_str(&name);
            free.values.insert(name, text(other.as_str()));
        }
        let document = encode(owner)?;
        let mut transaction = Transaction::default();
        for lock in locks {
            let item = Key::lock(lock).with([
                ("executionId", id.clone()),
                (KNOWN_VERSION, known.clone()),
                (DOCUMENT, text(&document)),
            ]);
            transaction.put_if(table, item, &free);
        }
        let Commit::Refused(refused) = self.commit(transaction).await? else {
            return Ok(LocksTaken::Done);
        };
        let mut held: BTreeMap<LockKey, LockOwner> = BTreeMap::new();
        for (index, holder) in &refused {
            if let (Some(lock), Some(holder)) = (locks.get(*index), holder) {
                held.insert(lock.clone(), decode(holder)?);
            }
        }
        let refused_any = !held.is_empty();
        held.retain(|_, holder| holder.execution != owner.execution);
        if refused_any && held.is_empty() {
            return Err(StoreError::Stale);
        }
        Ok(LocksTaken::Held(held))
    }

    pub(super) async fn free(
        &self,
        locks: &[LockKey],
        owner: &ExecutionId,
        taken: Taken,
    ) -> Result<(), StoreError> {
        stream::iter(locks.chunks(LOCKS_PER_LOT).map(Ok))
            .try_for_each_concurrent(LOTS_AT_ONCE, |lot| self.free_lot(lot, owner, taken))
            .await
    }

    /// Frees a lot together; where one of them is somebody else's, each by itself.
    async fn free_lot(
        &self,
        lot: &[LockKey],
        owner: &ExecutionId,
        taken: Taken,
    ) -> Result<(), StoreError> {
        match self.commit(self.freeing(lot, owner, taken)).await? {
            Commit::Done => Ok(()),
            Commit::Refused(_) => {
                for lock in lot {
                    let alone = self.freeing(std::slice::from_ref(lock), owner, taken);
                    // A lock of somebody else, or taken since, is left as it is.
                    self.commit(alone).await?;
                }
                Ok(())
            }
        }
    }

    fn freeing(&self, locks: &[LockKey], owner: &ExecutionId, taken: Taken) -> Transaction {
        let me = (":me", text(owner.as_str()));
        let mine = match taken {
            Taken::Ever => Condition::new("attribute_not_exists(#pk) OR #executionId = :me", [me]),
            Taken::Before(limit) => Condition::new(
                "attribute_not_exists(#pk) OR (#executionId = :me AND \
                 (attribute_not_exists(#knownVersion) OR #knownVersion < :limit))",
                [me, (":limit", number(limit))],
            ),
        };
        let mut transaction = Transaction::default();
        for lock in locks {
            let table = &self.tables.execution_history;
            transaction.delete_if(table, &Key::lock(lock), &mine);
        }
        transaction
    }

    pub(super) async fn owners(
        &self,
        locks: &[LockKey],
    ) -> Result<BTreeMap<LockKey, LockOwner>, StoreError> {
        let table = &self.tables.execution_history;
        let by_partition: HashMap<String, &LockKey> = locks
            .iter()
            .map(|lock| (Key::lock(lock).partition, lock))
            .collect();
        let mut owners = BTreeMap::new();
        for item in self.get_all(table, locks.iter().map(Key::lock)).await? {
            if let Some(lock) = by_partition.get(text_of(&item, "pk")?) {
                owners.insert((*lock).clone(), decode(&item)?);
            }
        }
        Ok(owners)
    }

    pub(super) async fn job_owners(
        &self,
        jobs: &[JobId],
    ) -> Result<BTreeMap<JobId, ExecutionId>, StoreError> {
        let table = &self.tables.execution_history;
        let by_partition: HashMap<String, &JobId> = jobs
            .iter()
            .map(|job| (Key::job(job).partition, job))
            .collect();
        let mut owners = BTreeMap::new();
        for item in self.get_all(table, jobs.iter().map(Key::job)).await? {
            if let Some(job) = by_partition.get(text_of(&item, "pk")?) {
                owners.insert((*job).clone(), parsed(&item, "executionId")?);
            }
        }
        Ok(owners)
    }
}
