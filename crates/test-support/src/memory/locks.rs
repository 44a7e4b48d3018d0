//! Locks of executions on plans and servers.

use std::collections::BTreeMap;

use domain::ExecutionId;

use engine::ports::StoreError;
use engine::ports::execution_store::{LockKey, LockOwner, LocksTaken, Taken};

#[derive(Debug, Default)]
pub(super) struct Locks {
    held: BTreeMap<LockKey, LockOwner>,
}

impl Locks {
    pub(super) fn owner(&self, key: &LockKey) -> Option<&LockOwner> {
        self.held.get(key)
    }

    pub(super) fn take(
        &mut self,
        keys: &[LockKey],
        owner: &LockOwner,
        from: &[ExecutionId],
    ) -> Result<LocksTaken, StoreError> {
        let others: BTreeMap<LockKey, LockOwner> = keys
            .iter()
            .filter_map(|key| Some((key.clone(), self.held.get(key)?.clone())))
            .filter(|(_, holder)| {
                holder.execution != owner.execution && !from.contains(&holder.execution)
            })
            .collect();
        if !others.is_empty() {
            return Ok(LocksTaken::Held(others));
        }
        let held = keys.iter().filter_map(|key| self.held.get(key));
        let mut mine = held.filter(|holder| holder.execution == owner.execution);
        if mine.any(|holder| holder.version > owner.version) {
            return Err(StoreError::Stale);
        }
        for key in keys {
            self.held.insert(key.clone(), owner.clone());
        }
        Ok(LocksTaken::Done)
    }

    pub(super) fn free(&mut self, keys: &[LockKey], owner: &ExecutionId, taken: Taken) {
        for key in keys {
            if self
                .held
                .get(key)
                .is_some_and(|holder| holder.execution == *owner && taken.means(holder.version))
            {
                self.held.remove(key);
            }
        }
    }

    pub(super) fn owners(&self, keys: &[LockKey]) -> BTreeMap<LockKey, LockOwner> {
        keys.iter()
            .filter_map(|key| Some((key.clone(), self.held.get(key)?.clone())))
            .collect()
    }
}
