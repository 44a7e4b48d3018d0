//! Who is refused for an active execution is refused for one that is active.

use std::collections::BTreeSet;

use domain::ExecutionId;
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
        if before.contains(id) && self.resting().contains(id) {
            let text = format!("a start was refused for {id}, which has ended");
            self.breach("E2", text);
        }
    }

    /// What has ended, has no job that may bring up a server, and is not to be cleaned up.
    fn resting(&self) -> BTreeSet<ExecutionId> {
        let current = self.current().map(|stored| &stored.execution);
        current
            .filter(|execution| {
                execution.has_ended()
                    && !self.clean_ups.contains(&execution.head.id)
                    && !execution.batches().any(|(_, batch)| batch.is_in_flight())
            })
            .map(|execution| execution.head.id.clone())
            .collect()
    }
}
