//! How much an execution knows of what its launches brought up.

use crate::execution::model::execution::Execution;

/// How much an execution knows of what its launches brought up. It only grows. A look that was
/// asked for with less of it may be older than an instance that is known by now, and so proves
/// no absence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct KnownLaunches {
    /// Servers with an instance.
    pub instances: usize,
    /// Instances that the logs of failed launches name.
    pub unregistered: usize,
    /// Batches whose job is followed no more.
    pub ended: usize,
}

impl KnownLaunches {
    /// What this execution knows.
    #[must_use]
    pub fn of(execution: &Execution) -> Self {
        let instances = execution
            .servers()
            .filter(|server| server.instance.is_some());
        let batches = execution.batches();
        Self {
            instances: instances.count(),
            unregistered: execution.servers().map(|one| one.unregistered.len()).sum(),
            ended: batches.filter(|(_, batch)| !batch.is_in_flight()).count(),
        }
    }
}
