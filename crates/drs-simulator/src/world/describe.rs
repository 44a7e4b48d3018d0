//! The lists: source servers, jobs, log items and recovery instances.

use super::World;
use super::defect::planted;
use super::page::PageRequest;
use crate::error::ApiError;
use crate::validation::Fields;
use crate::wire::job::{
    DescribeJobLogItemsRequest, DescribeJobLogItemsResponse, DescribeJobsRequest,
    DescribeJobsResponse, JobLog,
};
use crate::wire::recovery_instance::{
    DescribeRecoveryInstancesRequest, DescribeRecoveryInstancesResponse,
};
use crate::wire::source_server::{DescribeSourceServersRequest, DescribeSourceServersResponse};
use std::collections::BTreeSet;
use std::ops::Bound;

impl World {
    pub(super) fn list_servers(
        &self,
        site: usize,
        request: &DescribeSourceServersRequest,
    ) -> Result<DescribeSourceServersResponse, ApiError> {
        let page = self.page(
            "DescribeSourceServers",
            &request.filters,
            request.max_results,
            request.next_token.as_deref(),
        );
        let after = page.begins_after()?;
        let Some(site) = self.sites.get(site) else {
            return Ok(DescribeSourceServersResponse::default());
        };
        let filters = request.filters.as_ref();
        let staging = filters.and_then(|filters| filters.staging_account_ids.as_deref());
        let hardware = filters.and_then(|filters| filters.hardware_id.as_deref());
        let fits = |server: &&super::server::Server| {
            let staged_in = server
                .staging
                .as_ref()
                .map_or(&site.account, |staging| &staging.account);
            staging.is_none_or(|accounts| accounts.is_empty() || accounts.contains(staged_in))
                && hardware.is_none_or(|_| false)
        };
        let wanted = wanted(filters.and_then(|filters| filters.source_server_ids.as_deref()));
        let key = |server: &&super::server::Server| server.id.clone();
        let item = |server: &&super::server::Server| server.to_wire(site, self.now);
        let (items, next_token) = if let Some(ids) = wanted {
            let range = ids.range::<str, _>(bound(after.as_deref()));
            let servers = range.filter_map(|id| site.servers.get(*id));
            page.cut(servers.filter(fits), key, item)
        } else {
            let range = site.servers.range::<str, _>(bound(after.as_deref()));
            page.cut(range.map(|(_, server)| server).filter(fits), key, item)
        };
        Ok(DescribeSourceServersResponse { items, next_token })
    }

    pub(super) fn list_instances(
        &self,
        site: usize,
        request: &DescribeRecoveryInstancesRequest,
    ) -> Result<DescribeRecoveryInstancesResponse, ApiError> {
        let page = self.page(
            "DescribeRecoveryInstances",
            &request.filters,
            request.max_results,
            request.next_token.as_deref(),
        );
        let after = page.begins_after()?;
        let filters = request.filters.as_ref();
        let ids = wanted(filters.and_then(|filters| filters.recovery_instance_ids.as_deref()));
        let servers = wanted(filters.and_then(|filters| filters.source_server_ids.as_deref()));
        let Some(site) = self.sites.get(site) else {
            return Ok(DescribeRecoveryInstancesResponse::default());
        };
        let fitting = site
            .instances
            .range::<str, _>(bound(after.as_deref()))
            .map(|(_, instance)| instance)
            .filter(|one| ids.as_ref().is_none_or(|ids| ids.contains(one.id.as_str())))
            .filter(|one| {
                servers
                    .as_ref()
                    .is_none_or(|ids| ids.contains(one.server.as_str()))
            });
        let (items, next_token) = page.cut(
            fitting,
            |instance| instance.id.clone(),
            |instance| instance.to_wire(site),
        );
        Ok(DescribeRecoveryInstancesResponse { items, next_token })
    }

    pub(super) fn list_jobs(
        &self,
        site: usize,
        request: &DescribeJobsRequest,
    ) -> Result<DescribeJobsResponse, ApiError> {
        let page = self.page(
            "DescribeJobs",
            &request.filters,
            request.max_results,
            request.next_token.as_deref(),
        );
        let before = page.begins_after()?.and_then(|key| key.parse::<u64>().ok());
        let filters = request.filters.as_ref();
        let ids = wanted(filters.and_then(|filters| filters.job_ids.as_deref()));
        let mut fields = Fields::default();
        let from = fields.time(
            "filters.fromDate",
            filters.and_then(|one| one.from_date.as_ref()),
        );
        let to = fields.time(
            "filters.toDate",
            filters.and_then(|one| one.to_date.as_ref()),
        );
        fields.finish()?;
        let Some(site) = self.sites.get(site) else {
            return Ok(DescribeJobsResponse::default());
        };
        let fitting = site
            .jobs
            .range(..before.unwrap_or(u64::MAX))
            .rev()
            .filter(|(_, job)| job.is_visible(self.now))
            .filter(|(_, job)| ids.as_ref().is_none_or(|ids| ids.contains(job.id.as_str())))
            .filter(|(_, job)| from.is_none_or(|from| job.created_at >= from))
            .filter(|(_, job)| to.is_none_or(|to| job.created_at <= to));
        let item = |(_, job): &(&u64, &super::job::Job)| {
            if self.reads_stale {
                job.to_stale_wire(site, self.now)
            } else {
                job.to_wire(site, self.now)
            }
        };
        let (items, next_token) = page.cut(fitting, |(number, _)| number.to_string(), item);
        Ok(DescribeJobsResponse { items, next_token })
    }

    pub(super) fn list_log_items(
        &self,
        site: usize,
        request: &DescribeJobLogItemsRequest,
    ) -> Result<DescribeJobLogItemsResponse, ApiError> {
        let page = self.page(
            "DescribeJobLogItems",
            &request.job_id,
            request.max_results,
            request.next_token.as_deref(),
        );
        let begin = match page.begins_after()? {
            Some(key) => key.parse::<usize>().map_or(0, |last| last + 1),
            None => 0,
        };
        let job = self
            .job_sites
            .get(&request.job_id)
            .filter(|(place, _)| *place == site)
            .and_then(|(place, number)| self.sites.get(*place)?.jobs.get(number))
            .filter(|job| !job.forgotten);
        let log = job.map(|job| job.log.as_slice()).unwrap_or_default();
        let key = |(at, _): &(usize, &JobLog)| at.to_string();
        let item = |(_, item): &(usize, &JobLog)| (*item).clone();
        let (items, next_token) = if self.settings.switches.newest_log_first {
            page.cut(log.iter().rev().enumerate().skip(begin), key, item)
        } else {
            page.cut(log.iter().enumerate().skip(begin), key, item)
        };
        Ok(DescribeJobLogItemsResponse { items, next_token })
    }

    pub(super) fn page<'a>(
        &self,
        operation: &'a str,
        filters: &'a dyn std::fmt::Debug,
        max_results: Option<i64>,
        next_token: Option<&'a str>,
    ) -> PageRequest<'a> {
        PageRequest {
            operation,
            filters,
            max_results,
            next_token,
            page_size: if planted!(self, Unpaged) {
                usize::MAX
            } else {
                self.settings.page_size
            },
        }
    }
}

/// The ids that a filter names; none when it is absent or empty, which means all.
fn wanted(ids: Option<&[String]>) -> Option<BTreeSet<&str>> {
    ids.filter(|ids| !ids.is_empty())
        .map(|ids| ids.iter().map(String::as_str).collect())
}

fn bound(after: Option<&str>) -> (Bound<&str>, Bound<&str>) {
    (
        after.map_or(Bound::Unbounded, Bound::Excluded),
        Bound::Unbounded,
    )
}
