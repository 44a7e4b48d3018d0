//! Telling somebody. A notice is saved with the decision that made it worth telling, and sent
//! after; it is never in the way of an execution, and one that cannot be sent is shown on it.

use domain::ExecutionId;
use domain::execution::Execution;
use domain::execution::notice::Notice;
use jiff::{SignedDuration, Timestamp};

use crate::ports::StoreError;
use crate::ports::execution_store::OutboxEntry;
use crate::ports::notifier::Notifier;
use crate::{Engine, EngineError};

/// The finder takes up what orchestration has not sent by then.
const FIRST_DUE: SignedDuration = SignedDuration::from_secs(20);
/// Between two attempts, at most.
const RETRY_MAX: SignedDuration = SignedDuration::from_hours(1);
/// Notices of one save are numbered from its version times this.
const PER_SAVE: u64 = 100;

/// The notices of one save.
pub(crate) fn entries(
    execution: &Execution,
    version: u64,
    notices: Vec<Notice>,
    now: Timestamp,
) -> Vec<OutboxEntry> {
    let head = &execution.head;
    (version * PER_SAVE..)
        .zip(notices)
        .map(|(number, notice)| OutboxEntry {
            execution: head.id.clone(),
            number,
            plan: head.plan.id.clone(),
            plan_name: head.plan.name.clone(),
            kind: head.kind,
            wave_key: notice
                .wave
                .and_then(|wave| execution.waves.get(wave))
                .map(|wave| wave.head.key.to_string()),
            notice,
            at: now,
            due_at: now + FIRST_DUE,
            attempts: 0,
            error: None,
            sent_at: None,
        })
        .collect()
}

impl Engine {
    /// Sends what an execution has to tell and nobody has tried to send.
    pub async fn send_notifications_of(
        &self,
        id: &ExecutionId,
        notifier: &dyn Notifier,
    ) -> Result<(), EngineError> {
        for entry in self.ports.store.outbox_of(id).await? {
            if entry.sent_at.is_none() && entry.attempts == 0 {
                self.send(entry, notifier).await?;
            }
        }
        Ok(())
    }

    /// Sends what is due; gives how many could not be sent, or not be noted as sent. One that
    /// cannot keeps no other from being sent.
    pub async fn send_due_notifications(&self, notifier: &dyn Notifier) -> u32 {
        let due = match self.ports.store.outbox_due(self.now()).await {
            Ok(due) => due,
            Err(error) => {
                tracing::error!("the notices that are due could not be listed: {error}");
                return 1;
            }
        };
        let mut failures = 0;
        for entry in due {
            let id = entry.execution.clone();
            failures += self.send(entry, notifier).await.unwrap_or_else(|error| {
                tracing::error!(
                    execution.id = %id,
                    "what became of a notice of execution {id} could not be noted: {error}"
                );
                1
            });
        }
        failures
    }

    /// What could not be sent so far.
    pub async fn unsent(&self, id: &ExecutionId) -> Result<Vec<OutboxEntry>, EngineError> {
        let mut entries = self.ports.store.outbox_of(id).await?;
        entries.retain(|entry| entry.sent_at.is_none() && entry.attempts > 0);
        Ok(entries)
    }

    async fn send(
        &self,
        mut entry: OutboxEntry,
        notifier: &dyn Notifier,
    ) -> Result<u32, StoreError> {
        let answer = notifier.send(&entry).await;
        entry.attempts = entry.attempts.saturating_add(1);
        let failures = match answer {
            Ok(()) => {
                entry.sent_at = Some(self.now());
                entry.error = None;
                0
            }
            Err(error) => {
                tracing::error!(
                    execution.id = %entry.execution,
                    notice.kind = ?entry.notice.kind,
                    notice.attempts = entry.attempts,
                    "{error}"
                );
                let doubled = FIRST_DUE * 2_i32.saturating_pow(entry.attempts.min(10));
                entry.due_at = self.now() + doubled.min(RETRY_MAX);
                entry.error = Some(error.to_string());
                1
            }
        };
        self.ports.store.put_outbox(&entry).await?;
        Ok(failures)
    }
}
