//! Recovery instances on the wire.

use domain::execution::Server;
use domain::source_server::{DrillFlag, RecoveryInstance};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::enumeration::Kind;

/// The warning of a server whose launch configuration leaves the instance stopped.
const STOPPED_ON_PURPOSE: &str = "STOPPED_ON_PURPOSE";
/// The warning of a server that was recovered from an earlier snapshot than the newest.
const USED_PREVIOUS_SNAPSHOT: &str = "USED_PREVIOUS_SNAPSHOT";

/// What an execution has launched for a server.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LaunchedInstance)]
pub(crate) struct LaunchedInstanceView {
    /// The EC2 instance id as well.
    id: String,
    /// EC2's state by DRS's record.
    #[schema(required = true)]
    ec2_state: Option<String>,
    /// `STOPPED` where the launch configuration leaves it stopped on purpose; nothing where
    /// DRS says nothing of the kind.
    #[schema(required = true)]
    launch_disposition: Option<&'static str>,
    pub(super) private_ips: Vec<String>,
    /// The point in time that its data is from.
    #[schema(required = true)]
    recovery_point_at: Option<Timestamp>,
    /// Whether DRS fell back to an earlier snapshot.
    used_previous_point: bool,
    /// When DRS was last looked at for it.
    #[schema(required = true)]
    checked_at: Option<Timestamp>,
}

impl LaunchedInstanceView {
    pub(crate) fn of(server: &Server, checked_at: Option<Timestamp>) -> Option<Self> {
        let instance = server.instance.as_ref()?;
        let warned = |warning: &str| server.warnings.iter().any(|other| other == warning);
        Some(Self {
            id: instance.id.to_string(),
            ec2_state: instance.ec2_state.as_ref().map(Into::into),
            launch_disposition: warned(STOPPED_ON_PURPOSE).then_some("STOPPED"),
            private_ips: instance.private_ips.iter().map(Into::into).collect(),
            recovery_point_at: instance.recovery_point_at,
            used_previous_point: warned(USED_PREVIOUS_SNAPSHOT),
            checked_at,
        })
    }
}

/// The recovery instance that DRS has for a source server.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RecoveryInstance)]
pub(crate) struct RecoveryInstanceView {
    /// The EC2 instance id as well.
    id: String,
    /// What it was launched for; nothing where DRS does not say.
    #[schema(required = true)]
    kind: Option<Kind>,
    /// The job that launched it.
    #[schema(required = true)]
    job_id: Option<String>,
    /// EC2's state by DRS's record.
    #[schema(required = true)]
    ec2_state: Option<String>,
    private_ips: Vec<String>,
    /// The point in time that its data is from.
    #[schema(required = true)]
    recovery_point_at: Option<Timestamp>,
    /// DRS's failback state, where there is one.
    #[schema(required = true)]
    failback_state: Option<String>,
}

impl From<RecoveryInstance> for RecoveryInstanceView {
    fn from(instance: RecoveryInstance) -> Self {
        Self {
            id: instance.id.into(),
            kind: match instance.drill {
                DrillFlag::Drill => Some(Kind::Drill),
                DrillFlag::Recovery => Some(Kind::Recovery),
                DrillFlag::Unsaid => None,
            },
            job_id: instance.job.map(String::from),
            ec2_state: instance.ec2_state.map(Into::into),
            private_ips: instance.private_ips.into_iter().map(Into::into).collect(),
            recovery_point_at: instance.recovery_point_at,
            failback_state: instance.failback_state.map(Into::into),
        }
    }
}
