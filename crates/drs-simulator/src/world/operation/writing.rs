//! The operations that change something.

use crate::call::{Operation, OperationKind};
use crate::error::ApiError;
use crate::validation::Fields;
use crate::wire::Tags;
use crate::wire::configuration::{LaunchConfiguration, UpdateLaunchConfigurationRequest};
use crate::wire::job::{
    DeleteJobRequest, EmptyResponse, JobResponse, JobStatus, StartRecoveryRequest,
    TerminateRecoveryInstancesRequest,
};
use crate::wire::recovery_instance::{
    DeleteRecoveryInstanceRequest, DisconnectRecoveryInstanceRequest,
};
use crate::wire::source_server::InitializeServiceRequest;
use crate::wire::tag::{TagResourceRequest, UntagResourceRequest};
use crate::world::World;

impl Operation for StartRecoveryRequest {
    type Response = JobResponse;
    const NAME: &'static str = "StartRecovery";
    const KIND: OperationKind = OperationKind::Write;
    const STATUS: u16 = 202;

    fn validate(&self) -> Result<(), ApiError> {
        let mut fields = Fields::default();
        fields.size("sourceServers", self.source_servers.len(), 1, 200);
        for (at, server) in self.source_servers.iter().enumerate() {
            let name = format!("sourceServers.{at}.sourceServerID");
            fields.id(&name, "s-", &server.source_server_id);
            if let Some(point) = &server.recovery_snapshot_id {
                let name = format!("sourceServers.{at}.recoverySnapshotID");
                fields.id(&name, "pit-", point);
            }
        }
        if let Some(tags) = &self.tags {
            fields.tags(tags);
        }
        fields.finish()
    }

    fn perform(&self, world: &mut World, site: usize) -> Result<JobResponse, ApiError> {
        world.commit_recovery(site, self)
    }

    fn tags(&self) -> Option<&Tags> {
        self.tags.as_ref()
    }

    fn source_servers(&self) -> Vec<&str> {
        self.source_servers
            .iter()
            .map(|server| server.source_server_id.as_str())
            .collect()
    }

    fn as_recovery(&self) -> Option<&StartRecoveryRequest> {
        Some(self)
    }
}

impl Operation for DeleteJobRequest {
    type Response = EmptyResponse;
    const NAME: &'static str = "DeleteJob";
    const KIND: OperationKind = OperationKind::Write;
    const STATUS: u16 = 204;

    fn validate(&self) -> Result<(), ApiError> {
        let mut fields = Fields::default();
        fields.id("jobID", "drsjob-", &self.job_id);
        fields.finish()
    }

    fn perform(&self, world: &mut World, site: usize) -> Result<EmptyResponse, ApiError> {
        let missing = || ApiError::not_found("Job", &self.job_id);
        let (place, number) = *world.job_sites.get(&self.job_id).ok_or_else(missing)?;
        let job = world
            .sites
            .get_mut(place)
            .and_then(|site| site.jobs.get_mut(&number));
        let job = job
            .filter(|job| place == site && !job.forgotten)
            .ok_or_else(missing)?;
        if job.status != JobStatus::Completed {
            let message = format!("Job {} has not ended.", self.job_id);
            return Err(ApiError::conflict(message).about("Job", &self.job_id));
        }
        job.forgotten = true;
        Ok(EmptyResponse {})
    }
}

impl Operation for TerminateRecoveryInstancesRequest {
    type Response = JobResponse;
    const NAME: &'static str = "TerminateRecoveryInstances";
    const KIND: OperationKind = OperationKind::Write;

    fn validate(&self) -> Result<(), ApiError> {
        let mut fields = Fields::default();
        fields.size(
            "recoveryInstanceIDs",
            self.recovery_instance_ids.len(),
            1,
            200,
        );
        for id in &self.recovery_instance_ids {
            fields.instance_id("recoveryInstanceIDs", id);
        }
        fields.finish()
    }

    fn perform(&self, world: &mut World, site: usize) -> Result<JobResponse, ApiError> {
        world.commit_terminate(site, &self.recovery_instance_ids)
    }

    fn recovery_instances(&self) -> Vec<&str> {
        self.recovery_instance_ids
            .iter()
            .map(String::as_str)
            .collect()
    }
}

impl Operation for DisconnectRecoveryInstanceRequest {
    type Response = EmptyResponse;
    const NAME: &'static str = "DisconnectRecoveryInstance";
    const KIND: OperationKind = OperationKind::Write;

    fn validate(&self) -> Result<(), ApiError> {
        let mut fields = Fields::default();
        fields.instance_id("recoveryInstanceID", &self.recovery_instance_id);
        fields.finish()
    }

    fn perform(&self, world: &mut World, site: usize) -> Result<EmptyResponse, ApiError> {
        world.disconnect_instance(site, &self.recovery_instance_id)?;
        Ok(EmptyResponse {})
    }

    fn recovery_instances(&self) -> Vec<&str> {
        vec![&self.recovery_instance_id]
    }
}

impl Operation for DeleteRecoveryInstanceRequest {
    type Response = EmptyResponse;
    const NAME: &'static str = "DeleteRecoveryInstance";
    const KIND: OperationKind = OperationKind::Write;

    fn validate(&self) -> Result<(), ApiError> {
        let mut fields = Fields::default();
        fields.instance_id("recoveryInstanceID", &self.recovery_instance_id);
        fields.finish()
    }

    fn perform(&self, world: &mut World, site: usize) -> Result<EmptyResponse, ApiError> {
        world.delete_instance(site, &self.recovery_instance_id)?;
        Ok(EmptyResponse {})
    }

    fn recovery_instances(&self) -> Vec<&str> {
        vec![&self.recovery_instance_id]
    }
}

impl Operation for UpdateLaunchConfigurationRequest {
    type Response = LaunchConfiguration;
    const NAME: &'static str = "UpdateLaunchConfiguration";
    const KIND: OperationKind = OperationKind::Write;

    fn validate(&self) -> Result<(), ApiError> {
        let mut fields = Fields::default();
        fields.id("sourceServerID", "s-", &self.source_server_id);
        fields.length("name", self.name.as_ref(), 128);
        let into = self.launch_into_instance_properties.as_ref();
        let into = into.and_then(|properties| properties.launch_into_ec2_instance_id.as_ref());
        if let Some(id) = into.filter(|id| !id.is_empty()) {
            fields.ec2_instance_id("launchIntoInstanceProperties.launchIntoEC2InstanceID", id);
        }
        fields.finish()
    }

    fn perform(&self, world: &mut World, site: usize) -> Result<LaunchConfiguration, ApiError> {
        world.change_launch_configuration(site, self)
    }

    fn source_servers(&self) -> Vec<&str> {
        vec![&self.source_server_id]
    }
}

impl Operation for InitializeServiceRequest {
    type Response = EmptyResponse;
    const NAME: &'static str = "InitializeService";
    const KIND: OperationKind = OperationKind::Write;
    const STATUS: u16 = 204;
    const NEEDS_INITIALIZED: bool = false;

    fn validate(&self) -> Result<(), ApiError> {
        Ok(())
    }

    fn perform(&self, world: &mut World, site: usize) -> Result<EmptyResponse, ApiError> {
        if let Some(site) = world.sites.get_mut(site) {
            site.initialized = true;
        }
        Ok(EmptyResponse {})
    }
}

impl Operation for TagResourceRequest {
    type Response = EmptyResponse;
    const NAME: &'static str = "TagResource";
    const KIND: OperationKind = OperationKind::Write;
    const NEEDS_INITIALIZED: bool = false;
    const REQUIRED: &'static [&'static str] = &["tags"];

    fn validate(&self) -> Result<(), ApiError> {
        let mut fields = Fields::default();
        fields.arn("resourceArn", &self.resource_arn);
        fields.tags(&self.tags);
        fields.finish()
    }

    fn perform(&self, world: &mut World, site: usize) -> Result<EmptyResponse, ApiError> {
        let tags = world.tags_of_mut(site, &self.resource_arn)?;
        tags.extend(self.tags.clone());
        Ok(EmptyResponse {})
    }

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }
}

impl Operation for UntagResourceRequest {
    type Response = EmptyResponse;
    const NAME: &'static str = "UntagResource";
    const KIND: OperationKind = OperationKind::Write;
    const NEEDS_INITIALIZED: bool = false;
    const REQUIRED: &'static [&'static str] = &["tagKeys"];

    fn validate(&self) -> Result<(), ApiError> {
        let mut fields = Fields::default();
        fields.arn("resourceArn", &self.resource_arn);
        fields.tag_keys(&self.tag_keys);
        fields.finish()
    }

    fn perform(&self, world: &mut World, site: usize) -> Result<EmptyResponse, ApiError> {
        let tags = world.tags_of_mut(site, &self.resource_arn)?;
        tags.retain(|key, _| !self.tag_keys.contains(key));
        Ok(EmptyResponse {})
    }
}
