//! The operations: their names, statuses, validation, and what each does to a world.

use super::{Arrival, Caller, Reply, WireAnswer};
use crate::error::{ApiError, ErrorName, ValidationReason};
use crate::journal::JournalEntry;
use crate::wire::Tags;
use crate::wire::configuration::{
    DescribeLaunchConfigurationTemplatesRequest, DescribeReplicationConfigurationTemplatesRequest,
    GetLaunchConfigurationRequest, GetReplicationConfigurationRequest,
    UpdateLaunchConfigurationRequest,
};
use crate::wire::ec2::{
    CreateLaunchTemplateVersionRequest, CreateTagsRequest, DescribeInstanceStatusRequest,
    DescribeInstancesRequest, DescribeLaunchTemplateVersionsRequest,
    DescribeLaunchTemplatesRequest, ModifyLaunchTemplateRequest, TerminateInstancesRequest,
};
use crate::wire::job::{
    DeleteJobRequest, DescribeJobLogItemsRequest, DescribeJobsRequest, StartRecoveryRequest,
    TerminateRecoveryInstancesRequest,
};
use crate::wire::recovery_instance::{
    DeleteRecoveryInstanceRequest, DescribeRecoveryInstancesRequest,
    DisconnectRecoveryInstanceRequest,
};
use crate::wire::snapshot::DescribeRecoverySnapshotsRequest;
use crate::wire::source_server::{
    DeleteSourceServerRequest, DescribeSourceServersRequest, DisconnectSourceServerRequest,
    InitializeServiceRequest, StartReplicationRequest, StopReplicationRequest,
};
use crate::wire::tag::{ListTagsForResourceRequest, TagResourceRequest, UntagResourceRequest};
use crate::world::World;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Whether an operation changes something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperationKind {
    /// It only reads.
    Read,
    /// It changes something.
    Write,
}

/// One operation of DRS; its type is that of its request.
pub trait Operation: Serialize + DeserializeOwned {
    /// What it answers.
    type Response: Serialize + Clone;
    /// Its name on the wire.
    const NAME: &'static str;
    /// Whether it changes something.
    const KIND: OperationKind;
    /// The HTTP status of success.
    const STATUS: u16 = 200;
    /// Whether it is refused where DRS is not initialised.
    const NEEDS_INITIALIZED: bool = true;
    /// Members that must be there, where their absence cannot be told from an empty value.
    #[doc(hidden)]
    const REQUIRED: &'static [&'static str] = &[];

    /// Checks the request against the service model.
    #[doc(hidden)]
    fn validate(&self) -> Result<(), ApiError>;

    /// Does it.
    #[doc(hidden)]
    fn perform(&self, world: &mut World, site: usize) -> Result<Self::Response, ApiError>;

    /// The tags that the request gives.
    fn tags(&self) -> Option<&Tags> {
        None
    }

    /// The source servers that the request names.
    fn source_servers(&self) -> Vec<&str> {
        Vec::new()
    }

    /// The recovery instances that the request names.
    fn recovery_instances(&self) -> Vec<&str> {
        Vec::new()
    }

    /// The request as a start of a recovery, if it is one.
    fn as_recovery(&self) -> Option<&StartRecoveryRequest> {
        None
    }
}

macro_rules! dispatch_by_name {
    ($($request:ty),* $(,)?) => {
        /// The operations that are simulated, by name; those of EC2 begin with `ec2:`.
        pub const OPERATIONS: &[&str] = &[$(<$request as Operation>::NAME,)*];

        /// Lets the request of the named operation arrive.
        pub(super) fn dispatch(
            world: &mut World,
            caller: &Caller,
            operation: &str,
            body: &Value,
            arrival: Arrival,
        ) -> Reply<WireAnswer> {
            match operation {
                $(<$request as Operation>::NAME => world.arrive::<$request>(caller, body, arrival),)*
                unknown => unknown_operation(world, caller, unknown, body),
            }
        }
    };
}

dispatch_by_name!(
    DescribeSourceServersRequest,
    StartRecoveryRequest,
    DescribeJobsRequest,
    DescribeJobLogItemsRequest,
    DeleteJobRequest,
    DescribeRecoveryInstancesRequest,
    TerminateRecoveryInstancesRequest,
    DisconnectRecoveryInstanceRequest,
    DeleteRecoveryInstanceRequest,
    DescribeRecoverySnapshotsRequest,
    GetLaunchConfigurationRequest,
    UpdateLaunchConfigurationRequest,
    GetReplicationConfigurationRequest,
    DescribeReplicationConfigurationTemplatesRequest,
    DescribeLaunchConfigurationTemplatesRequest,
    StartReplicationRequest,
    StopReplicationRequest,
    DisconnectSourceServerRequest,
    DeleteSourceServerRequest,
    InitializeServiceRequest,
    TagResourceRequest,
    UntagResourceRequest,
    ListTagsForResourceRequest,
    DescribeInstancesRequest,
    DescribeInstanceStatusRequest,
    TerminateInstancesRequest,
    CreateTagsRequest,
    DescribeLaunchTemplatesRequest,
    DescribeLaunchTemplateVersionsRequest,
    CreateLaunchTemplateVersionRequest,
    ModifyLaunchTemplateRequest,
);

/// DRS has more operations than this world; those answer as one that does not exist.
fn unknown_operation(
    world: &mut World,
    caller: &Caller,
    operation: &str,
    body: &Value,
) -> Reply<WireAnswer> {
    let mut error = ApiError::validation(
        ValidationReason::UnknownOperation,
        format!("The operation {operation} is not simulated."),
    );
    if operation.starts_with("ec2:") {
        error.details.ec2_code = Some("InvalidAction");
    }
    let answer = error.body(ErrorName::Validation.as_str());
    world.journal.record(
        OperationKind::Read,
        JournalEntry {
            sequence: 0,
            at: world.now(),
            operation: operation.to_owned(),
            account_id: caller.account.clone(),
            region: caller.region.clone(),
            request: body.clone(),
            status: Some(error.name.status()),
            response: Some(answer.clone()),
            committed: false,
            delivered: true,
            invocation_id: caller.invocation_id.clone(),
            attempt: caller.attempt,
        },
    );
    let status = error.name.status();
    Reply::Answered(WireAnswer {
        status,
        error: Some(error),
        body: Some(answer),
        cut: false,
    })
}
