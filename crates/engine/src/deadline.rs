//! Looks at DRS within the time that a caller has. A Region can accept a call and never answer
//! it; whoever waits for it has promised an answer to somebody else.

use std::future::Future;
use std::sync::Arc;

use async_trait::async_trait;
use domain::quota::Limits;
use domain::source_server::{RecoveryInstance, SourceServer};
use domain::{JobId, Place, RecoveryInstanceId, SourceServerId};
use futures::future::{Either, select};
use jiff::{SignedDuration, Timestamp};

use crate::Engine;
use crate::ports::drs::{Job, JobFilter, JobLogEntry, LaunchDisposition, StartRecovery};
use crate::ports::{Clock, Drs, DrsError, DrsErrorClass};

/// The shortest time that a look is worth beginning for.
const LOOK_MIN: SignedDuration = SignedDuration::from_millis(200);

/// DRS, read until a deadline and not longer. Calls that write have a time limit of their own,
/// because what they do is not undone by no longer waiting for it.
#[derive(Debug)]
struct InTime {
    drs: Arc<dyn Drs>,
    clock: Arc<dyn Clock>,
    deadline: Timestamp,
}

impl Engine {
    /// The same use cases, whose looks at DRS end by `deadline`: what has not been seen by then
    /// could not be seen.
    #[must_use]
    pub fn looking_until(&self, deadline: Timestamp) -> Self {
        let mut engine = self.clone();
        engine.ports.drs = Arc::new(InTime {
            drs: self.ports.drs.clone(),
            clock: self.ports.clock.clone(),
            deadline,
        });
        engine
    }
}

impl InTime {
    /// Waits for a look for at most two thirds of the time that is left, so that something is left
    /// for the looks after it: one that gets no answer must not take the others with it, and a
    /// listing of 4,000 servers takes many pages.
    async fn look<T>(
        &self,
        look: impl Future<Output = Result<T, DrsError>> + Send,
    ) -> Result<T, DrsError> {
        let left = self.deadline.duration_since(self.clock.now());
        if left < LOOK_MIN {
            return Err(out_of_time());
        }
        let patience = self.clock.sleep(left * 2 / 3);
        match select(Box::pin(look), patience).await {
            Either::Left((answer, _)) => answer,
            Either::Right(((), _)) => Err(out_of_time()),
        }
    }
}

fn out_of_time() -> DrsError {
    DrsError {
        class: DrsErrorClass::Transient,
        text: "DRS gave no answer in the time that there was".into(),
        resource: None,
    }
}

#[async_trait]
impl Drs for InTime {
    async fn source_servers(
        &self,
        place: &Place,
        ids: Option<&[SourceServerId]>,
    ) -> Result<Vec<SourceServer>, DrsError> {
        self.look(self.drs.source_servers(place, ids)).await
    }

    async fn recovery_instances(
        &self,
        place: &Place,
        servers: &[SourceServerId],
    ) -> Result<Vec<RecoveryInstance>, DrsError> {
        self.look(self.drs.recovery_instances(place, servers)).await
    }

    async fn jobs(&self, place: &Place, which: JobFilter) -> Result<Vec<Job>, DrsError> {
        self.look(self.drs.jobs(place, which)).await
    }

    async fn job_log(&self, place: &Place, job: &JobId) -> Result<Vec<JobLogEntry>, DrsError> {
        self.look(self.drs.job_log(place, job)).await
    }

    async fn launch_disposition(
        &self,
        place: &Place,
        server: &SourceServerId,
    ) -> Result<LaunchDisposition, DrsError> {
        self.look(self.drs.launch_disposition(place, server)).await
    }

    async fn start_recovery(&self, request: &StartRecovery) -> Result<JobId, DrsError> {
        self.drs.start_recovery(request).await
    }

    async fn terminate(
        &self,
        place: &Place,
        instances: &[RecoveryInstanceId],
    ) -> Result<JobId, DrsError> {
        self.drs.terminate(place, instances).await
    }

    async fn limits(&self, place: &Place) -> Result<Limits, DrsError> {
        self.look(self.drs.limits(place)).await
    }
}
