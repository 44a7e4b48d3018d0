//! Launch and replication settings of a server.

use super::World;
use super::server::Server;
use crate::error::ApiError;
use crate::wire::Tags;
use crate::wire::configuration::{
    LaunchConfiguration, PitPolicyRule, PitPolicyRuleUnits, ReplicationConfiguration,
    ReplicationConfigurationDisk, UpdateLaunchConfigurationRequest,
};

impl World {
    pub(super) fn launch_configuration(
        &self,
        site: usize,
        id: &str,
    ) -> Result<LaunchConfiguration, ApiError> {
        self.known_server(site, id)
            .map(|server| server.launch.clone())
    }

    /// Changes the settings that the request names. DRS writes a new version of the server's
    /// launch template each time, and makes it the default one.
    pub(super) fn change_launch_configuration(
        &mut self,
        site: usize,
        request: &UpdateLaunchConfigurationRequest,
    ) -> Result<LaunchConfiguration, ApiError> {
        self.known_server(site, &request.source_server_id)?;
        let server = self
            .sites
            .get_mut(site)
            .and_then(|site| site.servers.get_mut(&request.source_server_id))
            .ok_or_else(|| ApiError::not_found("SourceServer", &request.source_server_id))?;
        let launch = &mut server.launch;
        launch.name = request.name.clone().or_else(|| launch.name.take());
        launch.launch_disposition = request.launch_disposition.or(launch.launch_disposition);
        launch.right_sizing_method = request.right_sizing_method.or(launch.right_sizing_method);
        launch.copy_private_ip = request.copy_private_ip.or(launch.copy_private_ip);
        launch.copy_tags = request.copy_tags.or(launch.copy_tags);
        launch.licensing = request
            .licensing
            .clone()
            .or_else(|| launch.licensing.take());
        launch.post_launch_enabled = request.post_launch_enabled.or(launch.post_launch_enabled);
        launch.launch_into_instance_properties = request
            .launch_into_instance_properties
            .clone()
            .or_else(|| launch.launch_into_instance_properties.take());
        launch.recovery_mode = request.recovery_mode.or(launch.recovery_mode);
        server.template.rewrite();
        Ok(server.launch.clone())
    }

    /// The default version of a server's launch template; each change of settings makes one.
    pub fn launch_template_version(&self, server: &str) -> Option<u32> {
        self.server(server).map(|server| server.template.default)
    }

    pub(super) fn replication_configuration(
        &self,
        site: usize,
        id: &str,
    ) -> Result<ReplicationConfiguration, ApiError> {
        let server = self.known_server(site, id)?;
        Ok(ReplicationConfiguration {
            source_server_id: Some(server.id.clone()),
            name: Some(server.hostname.clone()),
            staging_area_subnet_id: Some("subnet-0123456789abcdef0".to_owned()),
            associate_default_security_group: Some(true),
            replication_servers_security_groups_ids: Some(Vec::new()),
            replication_server_instance_type: Some("t3.small".to_owned()),
            use_dedicated_replication_server: Some(false),
            default_large_staging_disk_type: Some("GP3".to_owned()),
            replicated_disks: Some(vec![ReplicationConfigurationDisk {
                device_name: Some(server.device_name().to_owned()),
                is_boot_disk: Some(true),
                staging_disk_type: Some("AUTO".to_owned()),
            }]),
            ebs_encryption: Some("DEFAULT".to_owned()),
            bandwidth_throttling: Some(0),
            data_plane_routing: Some("PRIVATE_IP".to_owned()),
            create_public_ip: Some(false),
            staging_area_tags: Some(Tags::new()),
            pit_policy: Some(usual_points()),
            auto_replicate_new_disks: Some(true),
            internet_protocol: Some("IPV4".to_owned()),
        })
    }

    pub(super) fn known_server(&self, site: usize, id: &str) -> Result<&Server, ApiError> {
        self.sites
            .get(site)
            .and_then(|site| site.servers.get(id))
            .ok_or_else(|| ApiError::not_found("SourceServer", id))
    }
}

/// The points in time that DRS keeps by default; a policy has exactly three rules.
pub(super) fn usual_points() -> Vec<PitPolicyRule> {
    vec![
        pit_rule(1, PitPolicyRuleUnits::Minute, 10, 60),
        pit_rule(2, PitPolicyRuleUnits::Hour, 1, 24),
        pit_rule(3, PitPolicyRuleUnits::Day, 1, 7),
    ]
}

const fn pit_rule(
    rule: u32,
    units: PitPolicyRuleUnits,
    interval: u32,
    retention: u32,
) -> PitPolicyRule {
    PitPolicyRule {
        rule_id: Some(rule),
        units: Some(units),
        interval: Some(interval),
        retention_duration: Some(retention),
        enabled: Some(true),
    }
}
