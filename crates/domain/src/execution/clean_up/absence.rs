//! What it proves that a look does not show an instance.

use jiff::{SignedDuration, Timestamp};

use super::LOOK_EVERY;
use crate::execution::batch::{BatchJob, JobStatus};
use crate::execution::{Execution, ServerState};
use crate::ids::JobId;

/// The longest that a launch may go on unseen after DRS stopped showing its job, and that a clean-up
/// waits for one which is in progress. Windows servers with large volumes take the better part of an
/// hour from snapshot to launch.
pub(super) const LAUNCH_MAX: SignedDuration = SignedDuration::from_hours(2);

/// A job that DRS no longer shows, of whose servers nobody knows what became: they may still come
/// up, and until then it is not proved that nothing is left.
pub(super) fn may_still_come_up(
    execution: &Execution,
    now: Timestamp,
) -> Option<(&JobId, Timestamp)> {
    execution.batches().find_map(|(_, batch)| {
        let is_open = |job: &&BatchJob| {
            let unknown = |state| state == ServerState::Unknown;
            job.status == JobStatus::Vanished
                && now.duration_since(job.since) < LAUNCH_MAX
                && batch
                    .servers
                    .iter()
                    .any(|server| server.job.as_ref() == Some(&job.id) && unknown(server.state))
        };
        let job = batch.jobs.iter().find(is_open)?;
        Some((&job.id, job.since + LAUNCH_MAX))
    })
}

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

/// What it means that a look does not show an instance.
#[derive(Clone, Copy)]
pub(super) enum Absence {
    Counts,
    /// Two looks at nearly the same moment prove no more than one.
    IsNoNews,
    /// The look may be older than the instance.
    ProvesNothing,
}

pub(super) fn absence(execution: &Execution, known: KnownLaunches, now: Timestamp) -> Absence {
    if known != KnownLaunches::of(execution) {
        return Absence::ProvesNothing;
    }
    match execution.head.clean_up.looked_at {
        Some(at) if now.duration_since(at) < LOOK_EVERY => Absence::IsNoNews,
        Some(_) | None => Absence::Counts,
    }
}
