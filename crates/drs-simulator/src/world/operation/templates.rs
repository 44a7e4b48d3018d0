//! The operations that list an account's templates of settings.

use super::reading::texts;
use crate::call::{Operation, OperationKind};
use crate::error::ApiError;
use crate::validation::Fields;
use crate::wire::configuration::{
    DescribeLaunchConfigurationTemplatesRequest, DescribeLaunchConfigurationTemplatesResponse,
    DescribeReplicationConfigurationTemplatesRequest,
    DescribeReplicationConfigurationTemplatesResponse,
};
use crate::world::World;

impl Operation for DescribeReplicationConfigurationTemplatesRequest {
    type Response = DescribeReplicationConfigurationTemplatesResponse;
    const NAME: &'static str = "DescribeReplicationConfigurationTemplates";
    const KIND: OperationKind = OperationKind::Read;

    fn validate(&self) -> Result<(), ApiError> {
        let mut fields = Fields::default();
        fields.max_results(self.max_results);
        let ids = texts(self.ids.as_deref());
        fields.size("replicationConfigurationTemplateIDs", ids.len(), 0, 200);
        for id in ids {
            fields.id("replicationConfigurationTemplateIDs", "rct-", id);
        }
        fields.finish()
    }

    fn perform(&self, world: &mut World, site: usize) -> Result<Self::Response, ApiError> {
        world.list_replication_templates(site, self)
    }
}

impl Operation for DescribeLaunchConfigurationTemplatesRequest {
    type Response = DescribeLaunchConfigurationTemplatesResponse;
    const NAME: &'static str = "DescribeLaunchConfigurationTemplates";
    const KIND: OperationKind = OperationKind::Read;

    fn validate(&self) -> Result<(), ApiError> {
        let mut fields = Fields::default();
        fields.max_results_up_to(self.max_results, 1_000);
        let ids = texts(self.ids.as_deref());
        fields.size("launchConfigurationTemplateIDs", ids.len(), 0, 1);
        for id in ids {
            fields.id("launchConfigurationTemplateIDs", "lct-", id);
        }
        fields.finish()
    }

    fn perform(&self, world: &mut World, site: usize) -> Result<Self::Response, ApiError> {
        world.list_launch_templates(site, self)
    }
}
