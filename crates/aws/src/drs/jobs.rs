//! Jobs and their logs.

use std::collections::BTreeSet;

use aws_sdk_drs::Client;
use aws_sdk_drs::types::{self, DescribeJobsRequestFilters};
use domain::JobId;
use domain::execution::batch::JobStatus;
use domain::execution::event::LaunchStatus;
use engine::ports::DrsError;
use engine::ports::drs::{Job, JobFilter, JobLogEntry, JobServer};

use super::error::classify;
use super::reading::{id, optional_id, time};

/// Most ids of one filter.
const IDS_MAX: usize = 1_000;
/// Entries that are asked for at once: as many as the poller has room for. The service model of
/// `DescribeJobLogItems` knows no upper bound, but allows 65,536 characters in the error of each, in
/// letters of up to four bytes, and a page is in memory as it came and as it was read.
const LOG_ENTRIES_PER_PAGE: i32 = 200;

/// Jobs by id, or since a time.
pub(super) async fn list(client: &Client, which: JobFilter) -> Result<Vec<Job>, DrsError> {
    let mut found = Vec::new();
    match which {
        JobFilter::Ids(ids) => {
            let ids: BTreeSet<String> = ids.iter().map(ToString::to_string).collect();
            let ids: Vec<String> = ids.into_iter().collect();
            // An empty filter would mean every job.
            for chunk in ids.chunks(IDS_MAX) {
                let filters = DescribeJobsRequestFilters::builder()
                    .set_job_ids(Some(chunk.to_vec()))
                    .build();
                page_through(client, filters, &mut found).await?;
            }
        }
        JobFilter::Since(since) => {
            let filters = DescribeJobsRequestFilters::builder()
                .from_date(format!("{since:.3}"))
                .build();
            page_through(client, filters, &mut found).await?;
        }
    }
    Ok(found)
}

async fn page_through(
    client: &Client,
    filters: DescribeJobsRequestFilters,
    found: &mut Vec<Job>,
) -> Result<(), DrsError> {
    let mut items = client
        .describe_jobs()
        .filters(filters)
        .into_paginator()
        .items()
        .send();
    while let Some(item) = items.next().await {
        found.push(job(&item.map_err(|error| classify(&error))?)?);
    }
    Ok(())
}

fn job(job: &types::Job) -> Result<Job, DrsError> {
    let servers = job
        .participating_servers()
        .iter()
        .filter(|server| server.source_server_id().is_some());
    Ok(Job {
        id: id(Some(job.job_id()), "a job")?,
        status: status(job.status().map(types::JobStatus::as_str)),
        kind: job
            .r#type()
            .map_or("NOT_REPORTED", types::JobType::as_str)
            .to_owned(),
        initiated_by: job
            .initiated_by()
            .map(types::InitiatedBy::as_str)
            .map(str::to_owned),
        created_at: time(job.creation_date_time()),
        servers: servers.map(server).collect::<Result<_, _>>()?,
        tags: job
            .tags()
            .map(|tags| tags.clone().into_iter().collect())
            .unwrap_or_default(),
    })
}

/// A status that is not known counts as work in progress: it never ends a job.
fn status(word: Option<&str>) -> JobStatus {
    match word {
        Some("COMPLETED") => JobStatus::Completed,
        Some("PENDING") | None => JobStatus::Pending,
        Some(_) => JobStatus::Started,
    }
}

fn server(server: &types::ParticipatingServer) -> Result<JobServer, DrsError> {
    Ok(JobServer {
        id: id(server.source_server_id(), "a server of a job")?,
        status: match server.launch_status().map(types::LaunchStatus::as_str) {
            Some("IN_PROGRESS") => LaunchStatus::InProgress,
            Some("LAUNCHED") => LaunchStatus::Launched,
            Some("FAILED") => LaunchStatus::Failed,
            Some("TERMINATED") => LaunchStatus::Terminated,
            Some(_) | None => LaunchStatus::Pending,
        },
        instance: optional_id(server.recovery_instance_id()),
    })
}

/// The whole log of a job, in order of time; entries of one time as DRS gives them.
pub(super) async fn log(client: &Client, job: &JobId) -> Result<Vec<JobLogEntry>, DrsError> {
    let mut items = client
        .describe_job_log_items()
        .job_id(job.as_str())
        .max_results(LOG_ENTRIES_PER_PAGE)
        .into_paginator()
        .items()
        .send();
    let mut entries = Vec::new();
    while let Some(item) = items.next().await {
        entries.push(entry(&item.map_err(|error| classify(&error))?));
    }
    entries.sort_by_key(|entry| entry.at);
    Ok(entries)
}

fn entry(log: &types::JobLog) -> JobLogEntry {
    let data = log.event_data();
    let text = |text: Option<&str>| text.map(Into::into);
    let attempt = data.and_then(|data| {
        let attempt = i32::try_from(data.attempt_count()).ok()?;
        let of = i32::try_from(data.max_attempts_count()).ok()?;
        (of > 0).then_some((attempt, of))
    });
    JobLogEntry {
        at: time(log.log_date_time()),
        event: log
            .event()
            .map_or("NOT_REPORTED", types::JobLogEvent::as_str)
            .into(),
        server: optional_id(data.and_then(types::JobLogEventData::source_server_id)),
        conversion_server: text(data.and_then(types::JobLogEventData::conversion_server_id)),
        instance: text(data.and_then(types::JobLogEventData::target_instance_id)),
        error: data
            .and_then(types::JobLogEventData::raw_error)
            .map(Into::into),
        attempt,
    }
}
