//! Who is refused for an active execution is refused for one that is active.

use std::collections::BTreeMap;

use domain::ExecutionId;
use domain::execution::clean_up::CleanUpStatus;
use engine::{EngineError, RefusalCode};

use super::Checker;

impl Checker {
    /// This process is asked to start an execution.
    pub(crate) fn start_asked(&mut self, process: u64) {
        let resting = self.resting();
        self.at_rest.insert(process, resting);
    }

    /// It was not started: not because of an execution that was at rest all the while.
    pub(crate) fn not_started(&mut self, process: u64, error: &EngineError) {
        let before = self.at_rest.remove(&process).unwrap_or_default();
        let EngineError::Refused(refused) = error else {
            return;
        };
        let is_for_active = matches!(
            refused.code,
            RefusalCode::PlanHasActiveExecution | RefusalCode::ServerInActiveExecution
        );
        let Some(id) = refused.about.execution.as_ref().filter(|_| is_for_active) else {
            return;
        };
        let resting = self.resting();
        if resting.contains_key(id) && resting.get(id) == before.get(id) {
            let text = format!("a start was refused for {id}, which has ended");
            self.breach("E2", text);
        }
    }

    /// What has ended, has no job that may bring up a server, and is not being cleaned up.
    fn resting(&self) -> BTreeMap<ExecutionId, CleanUpStatus> {
        let current = self.current().map(|stored| &stored.execution);
        current
            .filter(|execution| {
                execution.has_ended()
                    && execution.head.clean_up.status != CleanUpStatus::Running
                    && !execution.batches().any(|(_, batch)| batch.is_in_flight())
            })
            .map(|execution| (execution.head.id.clone(), execution.head.clean_up.status))
            .collect()
    }
}
