//! The table of executions.

use crate::memory::index::Lagging;
use domain::{ExecutionId, JobId};
use engine::ports::StoreError;
use engine::ports::drs::JobLogEntry;
use engine::ports::execution_store::{Stage, StoredEvent, StoredExecution};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Debug, Default)]
pub(in crate::memory) struct Executions {
    pub(in crate::memory) by_id: BTreeMap<ExecutionId, Row>,
    pub(in crate::memory) live: Lagging<ExecutionId, Row>,
    pub(in crate::memory) listed: Lagging<ExecutionId, Arc<StoredExecution>>,
    pub(in crate::memory) events: BTreeMap<ExecutionId, Vec<StoredEvent>>,
    pub(in crate::memory) logs: BTreeMap<ExecutionId, BTreeMap<JobId, Vec<JobLogEntry>>>,
    pub(in crate::memory) job_owners: BTreeMap<JobId, ExecutionId>,
    pub(in crate::memory) parks: BTreeMap<ExecutionId, String>,
}

/// An execution with the two members that are no part of its version.
#[derive(Debug, Clone)]
pub(in crate::memory) struct Row {
    pub(in crate::memory) stored: Arc<StoredExecution>,
    pub(in crate::memory) driven_until: Timestamp,
    pub(in crate::memory) starts: u32,
}

impl Row {
    pub(in crate::memory) fn whole(&self) -> StoredExecution {
        let mut stored = StoredExecution::clone(&self.stored);
        stored.driven_until = self.driven_until;
        stored.starts = self.starts;
        stored
    }
}

impl Executions {
    /// Every one that was accepted, in no order of time.
    pub(in crate::memory) fn all(&self) -> impl Iterator<Item = &StoredExecution> {
        self.by_id.values().map(|row| &*row.stored)
    }

    /// The one of this id.
    pub(in crate::memory) fn one(&self, id: &ExecutionId) -> Option<&StoredExecution> {
        self.by_id.get(id).map(|row| &*row.stored)
    }

    /// Where the row is as `stands` says.
    pub(in crate::memory) fn move_driven_until(
        &mut self,
        id: &ExecutionId,
        until: Timestamp,
        stands: impl Fn(&Row) -> bool,
    ) -> Result<(), StoreError> {
        let row = self.by_id.get(id).filter(|row| stands(row));
        let moved = Row {
            driven_until: until,
            ..row.ok_or(StoreError::Stale)?.clone()
        };
        self.put(id, moved);
        Ok(())
    }

    pub(in crate::memory) fn put(&mut self, id: &ExecutionId, row: Row) {
        match row.stored.stage {
            Stage::Acquiring => self.live.put(id.clone(), row.clone()),
            Stage::Live => {
                self.live.put(id.clone(), row.clone());
                self.listed.put(id.clone(), Arc::clone(&row.stored));
            }
            Stage::Over => {
                self.live.remove(id.clone());
                self.listed.put(id.clone(), Arc::clone(&row.stored));
            }
        }
        self.by_id.insert(id.clone(), row);
    }

    pub(in crate::memory) fn standing(&self, read: &StoredExecution) -> Result<&Row, StoreError> {
        self.by_id
            .get(&read.execution.head.id)
            .filter(|row| row.stored.version == read.version)
            .ok_or(StoreError::Stale)
    }

    /// Whether a save is of something that stands.
    pub(in crate::memory) fn check(
        &self,
        before: &StoredExecution,
        after: &StoredExecution,
    ) -> Result<(), StoreError> {
        if after.version <= before.version {
            let text = "a save must raise the version of an execution";
            return Err(StoreError::Corrupt(text.to_owned()));
        }
        self.standing(before).map(|_| ())
    }

    pub(in crate::memory) fn save(
        &mut self,
        before: &StoredExecution,
        after: &StoredExecution,
        events: &[StoredEvent],
    ) -> Result<(), StoreError> {
        let row = self.standing(before)?;
        // Somebody may have moved it since it was read; only a save that moves it does so again.
        let driven_until = if after.driven_until == before.driven_until {
            row.driven_until
        } else {
            after.driven_until
        };
        let starts = row.starts;
        let id = &after.execution.head.id;
        for (_, batch) in after.execution.batches() {
            for job in &batch.jobs {
                self.job_owners.insert(job.id.clone(), id.clone());
            }
        }
        self.events
            .entry(id.clone())
            .or_default()
            .extend_from_slice(events);
        let stored = Arc::new(after.clone());
        self.put(
            id,
            Row {
                stored,
                driven_until,
                starts,
            },
        );
        Ok(())
    }
}
