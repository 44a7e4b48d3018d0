//! Commands of people, and reading executions.

use domain::ExecutionId;
use domain::JobId;
use domain::execution::clean_up::CleanUpStatus;
use domain::execution::command::{CommandName, allowed};
use domain::execution::status::{Drive, drive};
use domain::execution::{Command, Event};

use crate::advance::Hands;
use crate::locks::{LockScope, keys, owner};
use crate::ports::drs::JobLogEntry;
use crate::ports::execution_store::{
    ExecutionFilter, ExecutionSummary, LockKey, StoredEvent, StoredExecution,
};
use crate::ports::{Listing, PageRequest};
use crate::{Engine, EngineError};

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

    /// The copies of the job logs of an execution.
    pub async fn job_logs(
        &self,
        id: &ExecutionId,
        page: &PageRequest,
    ) -> Result<Listing<(JobId, JobLogEntry)>, EngineError> {
        self.load(id).await?;
        Ok(self.ports.store.job_logs(id, page).await?)
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
                let advanced = self.advance(id, event, Hands::None).await?;
                self.wake(id).await?;
                Ok(advanced.stored)
            }
        }
    }

    /// Clean-up takes the locks on the servers again, so that no launch comes in its way.
    async fn clean_up(
        &self,
        id: &ExecutionId,
        by: &str,
        command: Command,
    ) -> Result<StoredExecution, EngineError> {
        let before = self.load(id).await?;
        allowed(&before.execution, CommandName::TerminateInstances)?;
        let locks = keys(&before.execution, LockScope::FreedServers);
        self.take_locks(&locks, &owner(&before.execution), &[])
            .await?;
        let event = Event::Command {
            by: by.to_owned(),
            command,
        };
        let advanced = match self.advance(id, event, Hands::None).await {
            Ok(advanced) => advanced,
            Err(error) => {
                self.free_if_unused(id, &locks).await?;
                return Err(error);
            }
        };
        match drive(&before.execution) {
            // Its machine is over.
            Drive::Done => {
                self.start_machine(&advanced.stored).await?;
            }
            Drive::Soon | Drive::Held => self.wake(id).await?,
        }
        Ok(advanced.stored)
    }

    /// A refused clean-up gives back the locks that it took, unless another has begun meanwhile
    /// and needs them.
    async fn free_if_unused(&self, id: &ExecutionId, taken: &[LockKey]) -> Result<(), EngineError> {
        let stored = self.load(id).await?;
        if stored.execution.head.clean_up.status != CleanUpStatus::Running {
            self.ports.store.free_locks(taken, id).await?;
        }
        Ok(())
    }
}
