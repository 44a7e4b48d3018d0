//! Waking the machine that keeps time for an execution.
//!
//! Whoever writes commits first and reads the parked token after; whoever parks puts the token
//! first and reads the version after. So one of the two always sees the other.

use std::collections::BTreeSet;
use std::fmt::Display;

use domain::ExecutionId;
use jiff::{SignedDuration, Timestamp};

use crate::ports::StoreError;
use crate::ports::execution_store::StoredExecution;
use crate::ports::machines::{Started, Woken};
use crate::{Engine, EngineError};

/// Within this time a machine that has news says that it drives: a turn of one that is awake,
/// or the wake of one that is parked.
const DRIVES_WITHIN: SignedDuration = SignedDuration::from_secs(80);

impl Engine {
    /// Wakes the machine of an execution that has just been changed. What cannot be woken is
    /// left to the finder, which finds it by the time that the save has written; it never fails
    /// the change, which is saved.
    pub(crate) async fn wake(&self, id: &ExecutionId) {
        if let Err(error) = self.try_wake(id).await {
            log_left_to_finder(id, &error);
        }
    }

    async fn try_wake(&self, id: &ExecutionId) -> Result<(), StoreError> {
        let token = self.ports.store.park(id).await?;
        // Before the wake, so that the machine's own word comes after this one. Without it a
        // machine that dies of its wake, or waits under a token that was lost, would be missed
        // only when its long wait is over.
        let soon = self.drives_by();
        self.ports.store.set_driven_until(id, soon).await?;
        let Some(token) = token.filter(|token| !token.is_empty()) else {
            return Ok(());
        };
        match self.ports.machines.wake(&token).await {
            Ok(Woken::Woken) => Ok(()),
            Ok(Woken::Gone) => self.ports.store.set_driven_until(id, self.now()).await,
            Err(error) => {
                log_left_to_finder(id, &error);
                self.ports.store.set_driven_until(id, self.now()).await
            }
        }
    }

    /// Wakes those who wait for what an execution has just left to them. Nothing was saved of
    /// theirs, so one that is about to park does not see it; it asks again by itself when its
    /// brief wait is over.
    pub(crate) async fn wake_all(&self, ids: &BTreeSet<ExecutionId>) {
        for id in ids {
            self.wake(id).await;
        }
    }

    /// When the machine of an execution that is changed now says that it drives, if it lives.
    pub(crate) fn drives_by(&self) -> Timestamp {
        self.now() + DRIVES_WITHIN
    }

    /// Starts the next machine of an execution that has been saved as one with work left. What
    /// fails is left to the finder; it never fails the change, which is saved.
    pub(crate) async fn start_machine_or_leave(&self, stored: &StoredExecution) {
        if let Err(error) = self.start_machine(stored).await {
            log_left_to_finder(&stored.execution.head.id, &error);
        }
    }

    /// Starts the next machine of an execution. Only one of several that try at once does.
    pub(crate) async fn start_machine(
        &self,
        stored: &StoredExecution,
    ) -> Result<bool, EngineError> {
        let id = &stored.execution.head.id;
        match self.ports.store.count_start(id, stored.starts).await {
            Ok(()) => {}
            Err(StoreError::Stale) => return Ok(false),
            Err(error) => return Err(error.into()),
        }
        match self.ports.machines.start(id, stored.starts + 1).await {
            Ok(Started::Running) => Ok(true),
            Ok(Started::OverAlready) => {
                self.ports.store.set_driven_until(id, self.now()).await?;
                Ok(false)
            }
            Err(error) => {
                log_left_to_finder(id, &error);
                self.ports.store.set_driven_until(id, self.now()).await?;
                Ok(false)
            }
        }
    }
}

fn log_left_to_finder(id: &ExecutionId, error: &dyn Display) {
    tracing::warn!(execution.id = %id, "execution {id} is left to the finder: {error}");
}
