//! Tags of servers, jobs and instances, by ARN.

use super::World;
use crate::error::ApiError;
use crate::wire::Tags;

impl World {
    /// The tags of the resource that this ARN names in this account and Region.
    pub(super) fn tags_of(&self, site: usize, arn: &str) -> Result<&Tags, ApiError> {
        let missing = || ApiError::not_found("Resource", arn);
        let site_state = self.sites.get(site).ok_or_else(missing)?;
        let resource = arn.strip_prefix(&site_state.arn("")).ok_or_else(missing)?;
        let (kind, id) = resource.split_once('/').ok_or_else(missing)?;
        match kind {
            "source-server" => site_state.servers.get(id).map(|server| &server.tags),
            "recovery-instance" => site_state.instances.get(id).map(|instance| &instance.tags),
            "job" => self
                .job_sites
                .get(id)
                .filter(|(place, _)| *place == site)
                .and_then(|(_, number)| site_state.jobs.get(number))
                .map(|job| &job.tags),
            _ => None,
        }
        .ok_or_else(missing)
    }

    /// The same, to change them.
    pub(super) fn tags_of_mut(&mut self, site: usize, arn: &str) -> Result<&mut Tags, ApiError> {
        self.tags_of(site, arn)?;
        let missing = || ApiError::not_found("Resource", arn);
        let site_state = self.sites.get_mut(site).ok_or_else(missing)?;
        let resource = arn.strip_prefix(&site_state.arn("")).ok_or_else(missing)?;
        let (kind, id) = resource.split_once('/').ok_or_else(missing)?;
        match kind {
            "source-server" => site_state
                .servers
                .get_mut(id)
                .map(|server| &mut server.tags),
            "recovery-instance" => site_state
                .instances
                .get_mut(id)
                .map(|instance| &mut instance.tags),
            "job" => self
                .job_sites
                .get(id)
                .and_then(|(_, number)| site_state.jobs.get_mut(number))
                .map(|job| &mut job.tags),
            _ => None,
        }
        .ok_or_else(missing)
    }
}
