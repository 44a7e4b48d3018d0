//! The templates from which new source servers of an account and Region get their settings. DRS
//! keeps at most one of each kind.

use super::World;
use super::configuration::usual_points;
use super::identifier::derived;
use super::site::Site;
use crate::error::ApiError;
use crate::wire::Tags;
use crate::wire::configuration::{
    DescribeLaunchConfigurationTemplatesRequest, DescribeLaunchConfigurationTemplatesResponse,
    DescribeReplicationConfigurationTemplatesRequest,
    DescribeReplicationConfigurationTemplatesResponse, LaunchConfigurationTemplate,
    LaunchDisposition, Licensing, RecoveryMode, ReplicationConfigurationTemplate,
    RightSizingMethod,
};

impl World {
    pub(super) fn list_replication_templates(
        &self,
        site: usize,
        request: &DescribeReplicationConfigurationTemplatesRequest,
    ) -> Result<DescribeReplicationConfigurationTemplatesResponse, ApiError> {
        let page = self.page(
            "DescribeReplicationConfigurationTemplates",
            &request.ids,
            request.max_results,
            request.next_token.as_deref(),
        );
        let behind = page.begins_after()?.is_some();
        let template = self.sites.get(site).map(replication_template);
        let template = template.filter(|_| !behind);
        let template = known(
            template,
            request.ids.as_deref(),
            |one| &one.id,
            "ReplicationConfigurationTemplate",
        )?;
        let (items, next_token) =
            page.cut(template.into_iter(), |one| one.id.clone(), Clone::clone);
        Ok(DescribeReplicationConfigurationTemplatesResponse { items, next_token })
    }

    pub(super) fn list_launch_templates(
        &self,
        site: usize,
        request: &DescribeLaunchConfigurationTemplatesRequest,
    ) -> Result<DescribeLaunchConfigurationTemplatesResponse, ApiError> {
        let page = self.page(
            "DescribeLaunchConfigurationTemplates",
            &request.ids,
            request.max_results,
            request.next_token.as_deref(),
        );
        let behind = page.begins_after()?.is_some();
        let template = self.sites.get(site).map(launch_template);
        let template = template.filter(|_| !behind);
        let template = known(
            template.map(|one| (one.id.clone().unwrap_or_default(), one)),
            request.ids.as_deref(),
            |(id, _)| id,
            "LaunchConfigurationTemplate",
        )?;
        let (items, next_token) = page.cut(
            template.into_iter(),
            |(key, _)| key.clone(),
            |(_, one)| one.clone(),
        );
        Ok(DescribeLaunchConfigurationTemplatesResponse { items, next_token })
    }
}

/// The template, when nothing else is asked for; a template that does not exist is an error.
fn known<T>(
    template: Option<T>,
    ids: Option<&[String]>,
    id_of: impl Fn(&T) -> &String,
    kind: &str,
) -> Result<Option<T>, ApiError> {
    let ids = ids.unwrap_or_default();
    let is_it = |id: &String| template.as_ref().is_some_and(|one| id_of(one) == id);
    match ids.iter().find(|id| !is_it(id)) {
        Some(missing) => Err(ApiError::not_found(kind, missing)),
        None => Ok(template),
    }
}

fn replication_template(site: &Site) -> ReplicationConfigurationTemplate {
    let id = derived("rct-", &site.arn(""));
    ReplicationConfigurationTemplate {
        arn: Some(site.arn(&format!("replication-configuration-template/{id}"))),
        id,
        staging_area_subnet_id: Some("subnet-0123456789abcdef0".to_owned()),
        associate_default_security_group: Some(true),
        replication_servers_security_groups_ids: Some(Vec::new()),
        replication_server_instance_type: Some("t3.small".to_owned()),
        use_dedicated_replication_server: Some(false),
        default_large_staging_disk_type: Some("GP3".to_owned()),
        ebs_encryption: Some("DEFAULT".to_owned()),
        bandwidth_throttling: Some(0),
        data_plane_routing: Some("PRIVATE_IP".to_owned()),
        create_public_ip: Some(false),
        staging_area_tags: Some(Tags::new()),
        tags: Some(Tags::new()),
        pit_policy: Some(usual_points()),
        auto_replicate_new_disks: Some(true),
        internet_protocol: Some("IPV4".to_owned()),
    }
}

fn launch_template(site: &Site) -> LaunchConfigurationTemplate {
    let id = derived("lct-", &site.arn(""));
    LaunchConfigurationTemplate {
        arn: Some(site.arn(&format!("launch-configuration-template/{id}"))),
        id: Some(id),
        tags: Some(Tags::new()),
        launch_disposition: Some(LaunchDisposition::Started),
        right_sizing_method: Some(RightSizingMethod::Basic),
        copy_private_ip: Some(false),
        copy_tags: Some(true),
        licensing: Some(Licensing {
            os_byol: Some(false),
        }),
        post_launch_enabled: Some(false),
        launch_into_source_instance: Some(false),
        recovery_mode: Some(RecoveryMode::Optimal),
    }
}
