//! Clean-up on the wire.

use domain::execution::CleanUp;
use domain::execution::clean_up::CleanUpInstance;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::wire::enumeration::{CleanUpInstanceStatus, CleanUpStatus, JobStatus};
use crate::wire::shorten::{Room, cut_some};

/// Terminating what a drill has launched.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CleanUp)]
pub(crate) struct CleanUpView {
    status: CleanUpStatus,
    /// Why it ended as it did.
    #[schema(required = true)]
    reason: Option<String>,
    /// Who asked for it.
    #[schema(required = true)]
    initiated_by: Option<String>,
    jobs: Vec<TerminateJobView>,
    instances: Vec<CleanUpInstanceView>,
    #[schema(required = true)]
    started_at: Option<Timestamp>,
    #[schema(required = true)]
    ended_at: Option<Timestamp>,
}

/// A DRS job that terminates instances.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TerminateJob)]
pub(crate) struct TerminateJobView {
    job_id: String,
    status: JobStatus,
}

/// An instance to terminate.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CleanUpInstance)]
pub(crate) struct CleanUpInstanceView {
    recovery_instance_id: String,
    source_server_id: String,
    status: CleanUpInstanceStatus,
    /// Why it is not terminated, or not yet.
    #[schema(required = true)]
    reason: Option<String>,
}

impl CleanUpView {
    /// Cuts what the world says of its instances.
    pub(super) fn shorten(&mut self, room: Room) {
        for instance in &mut self.instances {
            cut_some(&mut instance.reason, room.reason);
        }
    }

    pub(super) fn status(&self) -> CleanUpStatus {
        self.status
    }
}

impl From<&CleanUp> for CleanUpView {
    fn from(clean_up: &CleanUp) -> Self {
        Self {
            status: clean_up.status.into(),
            reason: clean_up.reason.as_ref().map(Into::into),
            initiated_by: clean_up.by.clone(),
            jobs: clean_up
                .jobs
                .iter()
                .map(|job| TerminateJobView {
                    job_id: job.id.to_string(),
                    status: job.status.into(),
                })
                .collect(),
            instances: clean_up
                .instances
                .iter()
                .map(CleanUpInstanceView::from)
                .collect(),
            started_at: clean_up.started_at,
            ended_at: clean_up.ended_at,
        }
    }
}

impl From<&CleanUpInstance> for CleanUpInstanceView {
    fn from(instance: &CleanUpInstance) -> Self {
        Self {
            recovery_instance_id: instance.id.to_string(),
            source_server_id: instance.server.to_string(),
            status: instance.state.into(),
            reason: instance.reason.as_ref().map(Into::into),
        }
    }
}
