//! Looks at DRS, with the credentials of whoever proves. Nothing here changes anything.

use aws_config::Region;
use aws_config::SdkConfig;
use aws_sdk_drs::Client;
use aws_sdk_drs::error::ProvideErrorMetadata;
use aws_sdk_drs::types::{
    DescribeJobsRequestFilters, DescribeRecoveryInstancesRequestFilters,
    DescribeSourceServersRequestFilters,
};

use super::super::{AwsCloud, failed};
use crate::error::Failure;
use crate::proving::{CallAnswer, DrsPlace, FirstPage, More, SeenInstance, SeenJob, SeenLogItem};
use crate::talk::repeated;

impl AwsCloud {
    pub(super) async fn servers_of_first_page(
        &self,
        place: DrsPlace<'_>,
    ) -> Result<FirstPage, Failure> {
        let page = client(&self.configuration, place).describe_source_servers();
        let page = page.send().await;
        let page = page.map_err(failed("drs:DescribeSourceServers"))?;
        Ok(FirstPage {
            items: page.items.unwrap_or_default().len(),
            more: more(page.next_token.as_ref()),
        })
    }

    pub(super) async fn log_of_first_page(
        &self,
        place: DrsPlace<'_>,
        job: &str,
    ) -> Result<FirstPage, Failure> {
        let page = client(&self.configuration, place).describe_job_log_items();
        let page = page.job_id(job).send().await;
        let page = page.map_err(failed("drs:DescribeJobLogItems"))?;
        Ok(FirstPage {
            items: page.items.unwrap_or_default().len(),
            more: more(page.next_token.as_ref()),
        })
    }

    pub(super) async fn job_of(
        &self,
        place: DrsPlace<'_>,
        job: &str,
    ) -> Result<Option<SeenJob>, Failure> {
        let filters = DescribeJobsRequestFilters::builder().job_ids(job).build();
        let found = client(&self.configuration, place).describe_jobs();
        let found = found.filters(filters).send().await;
        let found = found.map_err(failed("drs:DescribeJobs"))?;
        let jobs = found.items.unwrap_or_default();
        Ok(jobs.into_iter().next().map(|job| SeenJob {
            kind: text(job.r#type.as_ref().map(aws_sdk_drs::types::JobType::as_str)),
            initiated_by: text(
                job.initiated_by
                    .as_ref()
                    .map(aws_sdk_drs::types::InitiatedBy::as_str),
            ),
            status: text(
                job.status
                    .as_ref()
                    .map(aws_sdk_drs::types::JobStatus::as_str),
            ),
            participating: job
                .participating_servers
                .unwrap_or_default()
                .into_iter()
                .map(|server| {
                    let status = server.launch_status.as_ref();
                    (
                        server.source_server_id.unwrap_or_default(),
                        text(status.map(aws_sdk_drs::types::LaunchStatus::as_str)),
                    )
                })
                .collect(),
        }))
    }

    pub(super) async fn log_of(
        &self,
        place: DrsPlace<'_>,
        job: &str,
    ) -> Result<Vec<SeenLogItem>, Failure> {
        let listing = client(&self.configuration, place).describe_job_log_items();
        let mut pages = listing.job_id(job).into_paginator().send();
        let mut found = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(failed("drs:DescribeJobLogItems"))?;
            let items = page.items.unwrap_or_default().into_iter();
            found.extend(items.map(|item| {
                SeenLogItem {
                    at: item.log_date_time.unwrap_or_default(),
                    event: text(
                        item.event
                            .as_ref()
                            .map(aws_sdk_drs::types::JobLogEvent::as_str),
                    ),
                }
            }));
        }
        Ok(found)
    }

    pub(super) async fn instance_of(
        &self,
        place: DrsPlace<'_>,
        server: &str,
    ) -> Result<Option<SeenInstance>, Failure> {
        let filters = DescribeRecoveryInstancesRequestFilters::builder();
        let filters = filters.source_server_ids(server).build();
        let found = client(&self.configuration, place).describe_recovery_instances();
        let found = found.filters(filters).send().await;
        let found = found.map_err(failed("drs:DescribeRecoveryInstances"))?;
        let instances = found.items.unwrap_or_default();
        Ok(instances.into_iter().next().map(|instance| {
            let mut tags: Vec<_> = instance.tags.unwrap_or_default().into_iter().collect();
            tags.sort();
            SeenInstance {
                id: instance.recovery_instance_id.unwrap_or_default(),
                ec2_instance: instance.ec2_instance_id.unwrap_or_default(),
                tags,
            }
        }))
    }

    pub(super) async fn server_of(
        &self,
        place: DrsPlace<'_>,
        server: &str,
    ) -> Result<CallAnswer, Failure> {
        let filters = DescribeSourceServersRequestFilters::builder();
        let filters = filters.source_server_ids(server).build();
        let found = client(&self.configuration, place).describe_source_servers();
        match found.filters(filters).send().await {
            Ok(found) => Ok(CallAnswer::Items(found.items.unwrap_or_default().len())),
            Err(error) => refused(error, "drs:DescribeSourceServers"),
        }
    }

    pub(super) async fn launch_configuration_of(
        &self,
        place: DrsPlace<'_>,
        server: &str,
    ) -> Result<CallAnswer, Failure> {
        let look = client(&self.configuration, place).get_launch_configuration();
        match look.source_server_id(server).send().await {
            Ok(_) => Ok(CallAnswer::Items(1)),
            Err(error) => refused(error, "drs:GetLaunchConfiguration"),
        }
    }
}

fn client(configuration: &SdkConfig, place: DrsPlace<'_>) -> Client {
    let configuration = aws_sdk_drs::config::Builder::from(configuration);
    let configuration = configuration.region(Region::new(place.region.to_owned()));
    let configuration = match place.endpoint {
        Some(endpoint) => configuration.endpoint_url(endpoint),
        None => configuration,
    };
    Client::from_conf(configuration.build())
}

/// What the service itself says is an answer; that it cannot be reached, or that the caller may not
/// ask, is none.
fn refused<E>(error: E, operation: &'static str) -> Result<CallAnswer, Failure>
where
    E: ProvideErrorMetadata + std::error::Error,
{
    let known = ["ResourceNotFoundException", "ValidationException"];
    match error.code() {
        Some(code) if known.contains(&code) => {
            let message = repeated(error.message().unwrap_or_default());
            Ok(CallAnswer::Refused(format!("{code}: {message}")))
        }
        Some(_) | None => Err(failed(operation)(error)),
    }
}

fn more(token: Option<&String>) -> More {
    match token {
        Some(token) if !token.is_empty() => More::Follows,
        Some(_) | None => More::Nothing,
    }
}

fn text(word: Option<&str>) -> String {
    word.unwrap_or_default().to_owned()
}
