//! The operations of DRS, typed, by account and Region. Faults of requests do not apply here; they
//! do in `World::request` and `World::call`.

use super::World;
use crate::call::Operation;
use crate::error::{ApiError, ErrorName};
use crate::wire::configuration::{
    DescribeLaunchConfigurationTemplatesRequest, DescribeLaunchConfigurationTemplatesResponse,
    DescribeReplicationConfigurationTemplatesRequest,
    DescribeReplicationConfigurationTemplatesResponse, GetLaunchConfigurationRequest,
    GetReplicationConfigurationRequest, LaunchConfiguration, ReplicationConfiguration,
    UpdateLaunchConfigurationRequest,
};
use crate::wire::job::{
    DeleteJobRequest, DescribeJobLogItemsRequest, DescribeJobLogItemsResponse, DescribeJobsRequest,
    DescribeJobsResponse, EmptyResponse, JobResponse, StartRecoveryRequest,
    TerminateRecoveryInstancesRequest,
};
use crate::wire::recovery_instance::{
    DeleteRecoveryInstanceRequest, DescribeRecoveryInstancesRequest,
    DescribeRecoveryInstancesResponse, DisconnectRecoveryInstanceRequest,
};
use crate::wire::snapshot::{DescribeRecoverySnapshotsRequest, DescribeRecoverySnapshotsResponse};
use crate::wire::source_server::{
    DeleteSourceServerRequest, DescribeSourceServersRequest, DescribeSourceServersResponse,
    DisconnectSourceServerRequest, InitializeServiceRequest, ReplicationResponse, SourceServer,
    StartReplicationRequest, StopReplicationRequest,
};
use crate::wire::tag::{
    ListTagsForResourceRequest, ListTagsForResourceResponse, TagResourceRequest,
    UntagResourceRequest,
};

macro_rules! typed_operations {
    ($($(#[$meta:meta])* $name:ident($request:ty) -> $response:ty;)*) => {
        impl World {
            $($(#[$meta])*
            pub fn $name(
                &mut self,
                account: &str,
                region: &str,
                request: &$request,
            ) -> Result<$response, ApiError> {
                self.perform(account, region, request)
            })*
        }
    };
}

typed_operations! {
    /// Source servers, page by page.
    describe_source_servers(DescribeSourceServersRequest) -> DescribeSourceServersResponse;
    /// Starts a drill or a recovery, of all the servers or of none.
    start_recovery(StartRecoveryRequest) -> JobResponse;
    /// Jobs, newest first, page by page.
    describe_jobs(DescribeJobsRequest) -> DescribeJobsResponse;
    /// The log of a job, oldest first, page by page.
    describe_job_log_items(DescribeJobLogItemsRequest) -> DescribeJobLogItemsResponse;
    /// Deletes a job that has ended.
    delete_job(DeleteJobRequest) -> EmptyResponse;
    /// Recovery instances, page by page.
    describe_recovery_instances(DescribeRecoveryInstancesRequest)
        -> DescribeRecoveryInstancesResponse;
    /// Starts the end of instances, of all of them or of none.
    terminate_recovery_instances(TerminateRecoveryInstancesRequest) -> JobResponse;
    /// Stops the replication of an instance.
    disconnect_recovery_instance(DisconnectRecoveryInstanceRequest) -> EmptyResponse;
    /// Removes the record of a disconnected instance.
    delete_recovery_instance(DeleteRecoveryInstanceRequest) -> EmptyResponse;
    /// Points in time of a server, page by page.
    describe_recovery_snapshots(DescribeRecoverySnapshotsRequest)
        -> DescribeRecoverySnapshotsResponse;
    /// The launch settings of a server.
    get_launch_configuration(GetLaunchConfigurationRequest) -> LaunchConfiguration;
    /// Changes the launch settings of a server, and writes a version of its launch template.
    update_launch_configuration(UpdateLaunchConfigurationRequest) -> LaunchConfiguration;
    /// The replication settings of a server.
    get_replication_configuration(GetReplicationConfigurationRequest) -> ReplicationConfiguration;
    /// The template of replication settings, which DRS gives new servers.
    describe_replication_configuration_templates(DescribeReplicationConfigurationTemplatesRequest)
        -> DescribeReplicationConfigurationTemplatesResponse;
    /// The template of launch settings, which DRS gives new servers.
    describe_launch_configuration_templates(DescribeLaunchConfigurationTemplatesRequest)
        -> DescribeLaunchConfigurationTemplatesResponse;
    /// Starts the replication of a server again.
    start_replication_of(StartReplicationRequest) -> ReplicationResponse;
    /// Stops the replication of a server, which deletes its points in time.
    stop_replication_of(StopReplicationRequest) -> ReplicationResponse;
    /// Ends the replication of a server for good.
    disconnect_source_server(DisconnectSourceServerRequest) -> SourceServer;
    /// Removes the record of a disconnected server.
    delete_source_server(DeleteSourceServerRequest) -> EmptyResponse;
    /// Initialises DRS in an account and Region.
    initialize_service(InitializeServiceRequest) -> EmptyResponse;
    /// Adds tags to a resource.
    tag_resource(TagResourceRequest) -> EmptyResponse;
    /// Takes tags off a resource.
    untag_resource(UntagResourceRequest) -> EmptyResponse;
    /// The tags of a resource.
    list_tags_for_resource(ListTagsForResourceRequest) -> ListTagsForResourceResponse;
}

impl World {
    /// The account whose requests carry this access key.
    pub fn account_of_access_key<'a>(&'a self, access_key: &'a str) -> &'a str {
        self.site_index.account_of_key(access_key)
    }

    /// The body's `code` of an error: its name, or another text where the scenario wants that.
    pub fn error_code(&self, error: &ApiError) -> &'static str {
        if self.settings.switches.misleading_code {
            "GENERAL_FAILURE"
        } else {
            error.name.as_str()
        }
    }

    /// Validates a request and does what it asks.
    pub(crate) fn perform<O: Operation>(
        &mut self,
        account: &str,
        region: &str,
        request: &O,
    ) -> Result<O::Response, ApiError> {
        request.validate()?;
        if self.site_index.is_of_another_partition(region) {
            return Err(ApiError::plain(ErrorName::UnrecognizedClient));
        }
        let site = self.site_index.open(&mut self.sites, account, region);
        if O::NEEDS_INITIALIZED && !self.sites.get(site).is_some_and(|site| site.initialized) {
            return Err(ApiError::plain(ErrorName::UninitializedAccount));
        }
        request.perform(self, site)
    }
}
