//! The operations that only read.

use crate::call::{Operation, OperationKind};
use crate::error::ApiError;
use crate::validation::Fields;
use crate::wire::configuration::{
    GetLaunchConfigurationRequest, GetReplicationConfigurationRequest, LaunchConfiguration,
    ReplicationConfiguration,
};
use crate::wire::job::{
    DescribeJobLogItemsRequest, DescribeJobLogItemsResponse, DescribeJobsRequest,
    DescribeJobsResponse,
};
use crate::wire::recovery_instance::{
    DescribeRecoveryInstancesRequest, DescribeRecoveryInstancesResponse,
};
use crate::wire::snapshot::{DescribeRecoverySnapshotsRequest, DescribeRecoverySnapshotsResponse};
use crate::wire::source_server::{DescribeSourceServersRequest, DescribeSourceServersResponse};
use crate::wire::tag::{ListTagsForResourceRequest, ListTagsForResourceResponse};
use crate::world::World;

impl Operation for DescribeSourceServersRequest {
    type Response = DescribeSourceServersResponse;
    const NAME: &'static str = "DescribeSourceServers";
    const KIND: OperationKind = OperationKind::Read;

    fn validate(&self) -> Result<(), ApiError> {
        let mut fields = Fields::default();
        fields.max_results(self.max_results);
        for id in self.source_servers() {
            fields.id("filters.sourceServerIDs", "s-", id);
        }
        fields.size(
            "filters.sourceServerIDs",
            self.source_servers().len(),
            0,
            200,
        );
        if let Some(filters) = &self.filters {
            fields.length("filters.hardwareId", filters.hardware_id.as_ref(), 256);
            let accounts = texts(filters.staging_account_ids.as_deref());
            fields.size("filters.stagingAccountIDs", accounts.len(), 0, 200);
            for account in accounts {
                fields.account("filters.stagingAccountIDs", account);
            }
        }
        fields.finish()
    }

    fn perform(
        &self,
        world: &mut World,
        site: usize,
    ) -> Result<DescribeSourceServersResponse, ApiError> {
        world.list_servers(site, self)
    }

    fn source_servers(&self) -> Vec<&str> {
        texts(
            self.filters
                .as_ref()
                .and_then(|filters| filters.source_server_ids.as_deref()),
        )
    }
}

impl Operation for DescribeJobsRequest {
    type Response = DescribeJobsResponse;
    const NAME: &'static str = "DescribeJobs";
    const KIND: OperationKind = OperationKind::Read;

    fn validate(&self) -> Result<(), ApiError> {
        let mut fields = Fields::default();
        fields.max_results(self.max_results);
        let ids = texts(
            self.filters
                .as_ref()
                .and_then(|filters| filters.job_ids.as_deref()),
        );
        fields.size("filters.jobIDs", ids.len(), 0, 1000);
        for id in ids {
            fields.id("filters.jobIDs", "drsjob-", id);
        }
        fields.finish()
    }

    fn perform(&self, world: &mut World, site: usize) -> Result<DescribeJobsResponse, ApiError> {
        world.list_jobs(site, self)
    }
}

impl Operation for DescribeJobLogItemsRequest {
    type Response = DescribeJobLogItemsResponse;
    const NAME: &'static str = "DescribeJobLogItems";
    const KIND: OperationKind = OperationKind::Read;

    fn validate(&self) -> Result<(), ApiError> {
        let mut fields = Fields::default();
        fields.max_results(self.max_results);
        fields.id("jobID", "drsjob-", &self.job_id);
        fields.finish()
    }

    fn perform(
        &self,
        world: &mut World,
        site: usize,
    ) -> Result<DescribeJobLogItemsResponse, ApiError> {
        world.list_log_items(site, self)
    }
}

impl Operation for DescribeRecoveryInstancesRequest {
    type Response = DescribeRecoveryInstancesResponse;
    const NAME: &'static str = "DescribeRecoveryInstances";
    const KIND: OperationKind = OperationKind::Read;

    fn validate(&self) -> Result<(), ApiError> {
        let mut fields = Fields::default();
        fields.max_results(self.max_results);
        for id in self.recovery_instances() {
            fields.instance_id("filters.recoveryInstanceIDs", id);
        }
        fields.size(
            "filters.recoveryInstanceIDs",
            self.recovery_instances().len(),
            0,
            200,
        );
        for id in self.source_servers() {
            fields.id("filters.sourceServerIDs", "s-", id);
        }
        fields.finish()
    }

    fn perform(
        &self,
        world: &mut World,
        site: usize,
    ) -> Result<DescribeRecoveryInstancesResponse, ApiError> {
        world.list_instances(site, self)
    }

    fn source_servers(&self) -> Vec<&str> {
        texts(
            self.filters
                .as_ref()
                .and_then(|filters| filters.source_server_ids.as_deref()),
        )
    }

    fn recovery_instances(&self) -> Vec<&str> {
        texts(
            self.filters
                .as_ref()
                .and_then(|filters| filters.recovery_instance_ids.as_deref()),
        )
    }
}

impl Operation for DescribeRecoverySnapshotsRequest {
    type Response = DescribeRecoverySnapshotsResponse;
    const NAME: &'static str = "DescribeRecoverySnapshots";
    const KIND: OperationKind = OperationKind::Read;

    fn validate(&self) -> Result<(), ApiError> {
        let mut fields = Fields::default();
        fields.max_results(self.max_results);
        fields.id("sourceServerID", "s-", &self.source_server_id);
        fields.finish()
    }

    fn perform(
        &self,
        world: &mut World,
        site: usize,
    ) -> Result<DescribeRecoverySnapshotsResponse, ApiError> {
        world.list_snapshots(site, self)
    }

    fn source_servers(&self) -> Vec<&str> {
        vec![&self.source_server_id]
    }
}

impl Operation for GetLaunchConfigurationRequest {
    type Response = LaunchConfiguration;
    const NAME: &'static str = "GetLaunchConfiguration";
    const KIND: OperationKind = OperationKind::Read;

    fn validate(&self) -> Result<(), ApiError> {
        let mut fields = Fields::default();
        fields.id("sourceServerID", "s-", &self.source_server_id);
        fields.finish()
    }

    fn perform(&self, world: &mut World, site: usize) -> Result<LaunchConfiguration, ApiError> {
        world.launch_configuration(site, &self.source_server_id)
    }

    fn source_servers(&self) -> Vec<&str> {
        vec![&self.source_server_id]
    }
}

impl Operation for GetReplicationConfigurationRequest {
    type Response = ReplicationConfiguration;
    const NAME: &'static str = "GetReplicationConfiguration";
    const KIND: OperationKind = OperationKind::Read;

    fn validate(&self) -> Result<(), ApiError> {
        let mut fields = Fields::default();
        fields.id("sourceServerID", "s-", &self.source_server_id);
        fields.finish()
    }

    fn perform(
        &self,
        world: &mut World,
        site: usize,
    ) -> Result<ReplicationConfiguration, ApiError> {
        world.replication_configuration(site, &self.source_server_id)
    }

    fn source_servers(&self) -> Vec<&str> {
        vec![&self.source_server_id]
    }
}

impl Operation for ListTagsForResourceRequest {
    type Response = ListTagsForResourceResponse;
    const NAME: &'static str = "ListTagsForResource";
    const KIND: OperationKind = OperationKind::Read;
    const NEEDS_INITIALIZED: bool = false;

    fn validate(&self) -> Result<(), ApiError> {
        let mut fields = Fields::default();
        fields.arn("resourceArn", &self.resource_arn);
        fields.finish()
    }

    fn perform(
        &self,
        world: &mut World,
        site: usize,
    ) -> Result<ListTagsForResourceResponse, ApiError> {
        let tags = world.tags_of(site, &self.resource_arn)?.clone();
        Ok(ListTagsForResourceResponse { tags: Some(tags) })
    }
}

pub(super) fn texts(ids: Option<&[String]>) -> Vec<&str> {
    ids.unwrap_or_default().iter().map(String::as_str).collect()
}
