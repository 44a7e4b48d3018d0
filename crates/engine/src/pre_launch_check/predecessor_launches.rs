//! What the executions that servers were taken from have asked DRS to launch. DRS does not always
//! show it: a job can be hidden at first, and list no servers at first (F13 and F14).

use std::collections::BTreeMap;

use domain::execution::batch::JobStatus;
use domain::execution::{Batch, Execution};
use domain::{ExecutionId, JobId, Place, SourceServerId};
use jiff::Timestamp;

use super::JOBS_SINCE;
use crate::Engine;
use crate::ports::StoreError;
use crate::ports::drs::Job;

/// What of the servers of a look others may still bring up.
#[derive(Debug, Default)]
pub(super) struct PredecessorLaunches {
    /// Asked for by an execution that does not know it yet.
    in_doubt: BTreeMap<SourceServerId, ExecutionId>,
    /// In a job that an execution follows.
    followed: BTreeMap<SourceServerId, JobId>,
}

impl PredecessorLaunches {
    /// The execution that may have asked for this server without knowing it yet.
    pub(super) fn in_doubt(&self, server: &SourceServerId) -> Option<ExecutionId> {
        self.in_doubt.get(server).cloned()
    }

    /// All of those.
    pub(super) fn all_in_doubt(&self) -> Vec<(SourceServerId, ExecutionId)> {
        self.in_doubt.clone().into_iter().collect()
    }

    /// The job that has this server although DRS does not say so: it is not shown, or shows no
    /// servers yet.
    pub(super) fn in_hidden_job(&self, server: &SourceServerId, shown: &[Job]) -> Option<JobId> {
        let followed = self.followed.get(server)?;
        let tells = |job: &&Job| job.status >= JobStatus::Completed || !job.servers.is_empty();
        let told = shown.iter().filter(tells).any(|job| job.id == *followed);
        (!told).then(|| followed.clone())
    }

    fn learn(&mut self, from: &Execution, batch: &Batch, now: Timestamp) {
        let id = &from.head.id;
        if batch.may_still_arrive(&from.head.waits, now) {
            let called = batch.called_servers();
            let called = called.map(|server| (server.id.clone(), id.clone()));
            self.in_doubt.extend(called);
        }
        // DRS is not asked for older ones: they are over, whoever still follows them.
        let followed = batch.followed_servers(now - JOBS_SINCE);
        let followed = followed.map(|(server, job)| (server.id.clone(), job.clone()));
        self.followed.extend(followed);
    }
}

impl Engine {
    /// What the executions that servers of a place were taken from may still bring up. One that
    /// is gone from the table has ended long ago.
    pub(super) async fn predecessor_launches(
        &self,
        place: &Place,
        taken_from: &[ExecutionId],
    ) -> Result<PredecessorLaunches, StoreError> {
        let now = self.now();
        let mut found = PredecessorLaunches::default();
        for id in taken_from {
            if let Some(stored) = self.ports.store.execution(id).await? {
                let batches = stored.execution.batches().map(|(_, batch)| batch);
                for batch in batches.filter(|batch| batch.place == *place) {
                    found.learn(&stored.execution, batch, now);
                }
            }
        }
        Ok(found)
    }
}
