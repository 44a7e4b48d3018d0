//! Who is refused for an active execution is refused for one that is active.

use std::collections::BTreeSet;

use super::state::Checker;
use crate::facts::Batch;

impl Checker {
    /// This process is asked to start an execution.
    pub(crate) fn start_asked(&mut self, process: u64) {
        let resting = self.resting();
        self.at_rest.insert(process, resting);
    }

    /// It was not started: not because of an execution that was at rest all the while. The
    /// execution is named where the start was refused for one that is active.
    pub(crate) fn not_started(&mut self, process: u64, refused_for: Option<String>) {
        let before = self.at_rest.remove(&process).unwrap_or_default();
        let Some(id) = refused_for else {
            return;
        };
        if before.contains(&id) && self.resting().contains(&id) {
            let text = format!("a start was refused for {id}, which has ended");
            self.breach("E2", text);
        }
    }

    /// What has ended, has no job that may bring up a server, and is not to be cleaned up.
    fn resting(&self) -> BTreeSet<String> {
        let current = self.current.values().map(|stored| &stored.execution);
        current
            .filter(|execution| {
                execution.has_ended()
                    && !self.clean_ups.contains(&execution.id)
                    && !execution.batches().any(Batch::is_in_flight)
            })
            .map(|execution| execution.id.clone())
            .collect()
    }
}
