//! Commands of people, and reading executions.

use domain::ExecutionId;
use domain::JobId;
use domain::execution::command::CommandName;
use domain::execution::queries::allowed_actions::allowed;
use domain::execution::queries::status::{Drive, drive};
use domain::execution::{Command, Event};

use crate::advance::EffectMode;
use crate::locks::{LockScope, keys, owner};
use crate::ports::drs::JobLogEntry;
use crate::ports::execution_store::{
    ExecutionFilter, ExecutionSummary, LockKey, StoredEvent, StoredExecution,
};
use crate::ports::{Listing, PageRequest, StoreError};
use crate::{Engine, EngineError};

/// How often a clean-up is decided anew after somebody else has saved.
const ROUNDS_MAX: u32 = 20;

impl Engine {
    /// An execution that was accepted.
    pub async fn execution(&self, id: &ExecutionId) -> Result<StoredExecution, EngineError> {
        self.load(id).await
    }

    /// Executions, newest first.
    pub async fn list_executions(
        &self,
        filter: &ExecutionFilter,
        page: &PageRequest,
    ) -> Result<Listing<ExecutionSummary>, EngineError> {
        Ok(self.ports.store.list_executions(filter, page).await?)
    }

    /// The event log of an execution, oldest first.
    pub async fn events(
        &self,
        id: &ExecutionId,
        page: &PageRequest,
    ) -> Result<Listing<StoredEvent>, EngineError> {
        self.load(id).await?;
        Ok(self.ports.store.events(id, page).await?)
    }

    /// The copy of one job's log from an entry on (the first is 0), at most `most` entries;
    /// nothing of a job that is none of this execution's, or where there is no such execution.
    pub async fn job_log(
        &self,
        id: &ExecutionId,
        job: &JobId,
        from: usize,
        most: usize,
    ) -> Result<Vec<JobLogEntry>, EngineError> {
        Ok(self.ports.store.job_log(id, job, from, most).await?)
    }

    /// Does what a person asks, or refuses and changes nothing.
    pub async fn command(
        &self,
        id: &ExecutionId,
        by: &str,
        command: Command,
    ) -> Result<StoredExecution, EngineError> {
        match command.name() {
            CommandName::TerminateInstances => self.clean_up(id, by, command).await,
            CommandName::Pause
            | CommandName::Resume
            | CommandName::Cancel
            | CommandName::Retry
            | CommandName::Skip
            | CommandName::Resolve => {
                self.refuse_wrong_job(id, &command).await?;
                let event = Event::Command {
                    by: by.to_owned(),
                    command,
                };
                let advanced = self.advance(id, event, EffectMode::LeaveAndWake).await?;
                self.wake(id).await;
                Ok(advanced.stored)
            }
        }
    }

    /// Clean-up takes the locks on the servers again, so that no launch comes in its way, and is
    /// saved only for the version that it took them for.
    async fn clean_up(
        &self,
        id: &ExecutionId,
        by: &str,
        command: Command,
    ) -> Result<StoredExecution, EngineError> {
        let event = Event::Command {
            by: by.to_owned(),
            command,
        };
        for _ in 0..ROUNDS_MAX {
            let before = self.load(id).await?;
            allowed(&before.execution, CommandName::TerminateInstances)?;
            let locks = keys(&before.execution, LockScope::Servers);
            match self.take_locks_and_clean_up(&before, &locks, &event).await {
                Ok(stored) => {
                    self.set_going(&before, &stored).await;
                    return Ok(stored);
                }
                Err(EngineError::Store(StoreError::Stale)) => {}
                Err(error) => {
                    let held = self.load(id).await?;
                    match self.free_of_ended(&held, &locks).await {
                        // Where it has changed, its locks are for the next who meets them.
                        Ok(_) | Err(StoreError::Stale) => return Err(error),
                        Err(failure) => return Err(failure.into()),
                    }
                }
            }
        }
        Err(StoreError::Unavailable("too many writers at once".to_owned()).into())
    }

    async fn take_locks_and_clean_up(
        &self,
        before: &StoredExecution,
        locks: &[LockKey],
        event: &Event,
    ) -> Result<StoredExecution, EngineError> {
        self.take_locks(locks, &owner(before), &[]).await?;
        let mut stored = before.clone();
        self.turn_from(&mut stored, event, EffectMode::LeaveAndWake)
            .await?;
        Ok(stored)
    }

    async fn set_going(&self, before: &StoredExecution, stored: &StoredExecution) {
        match drive(&before.execution) {
            // Its machine is over.
            Drive::Done => self.start_machine_or_leave(stored).await,
            Drive::Soon | Drive::Held => self.wake(&stored.execution.head.id).await,
        }
    }
}
