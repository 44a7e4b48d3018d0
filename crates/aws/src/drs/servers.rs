//! Source servers.

use std::collections::BTreeSet;

use aws_sdk_drs::Client;
use aws_sdk_drs::types::{self, DescribeSourceServersRequestFilters};
use domain::SourceServerId;
use domain::source_server::{Replication, SourceServer, StagingArea, Volumes};
use domain::text::Hostname;
use engine::ports::DrsError;
use engine::ports::drs::LaunchDisposition;

use super::error::classify;
use super::reading::{id, optional_id, seconds};

/// Most ids of one filter.
const IDS_MAX: usize = 200;

/// All source servers, or those named.
pub(super) async fn list(
    client: &Client,
    ids: Option<&[SourceServerId]>,
) -> Result<Vec<SourceServer>, DrsError> {
    let mut found = Vec::new();
    match ids {
        None => page_through(client, None, &mut found).await?,
        Some(ids) => {
            let ids: Vec<&SourceServerId> =
                ids.iter().collect::<BTreeSet<_>>().into_iter().collect();
            for chunk in ids.chunks(IDS_MAX) {
                let texts = chunk.iter().map(ToString::to_string).collect();
                let filters = DescribeSourceServersRequestFilters::builder()
                    .set_source_server_ids(Some(texts))
                    .build();
                page_through(client, Some(filters), &mut found).await?;
            }
        }
    }
    Ok(found)
}

async fn page_through(
    client: &Client,
    filters: Option<DescribeSourceServersRequestFilters>,
    found: &mut Vec<SourceServer>,
) -> Result<(), DrsError> {
    let mut items = client
        .describe_source_servers()
        .set_filters(filters)
        .into_paginator()
        .items()
        .send();
    while let Some(item) = items.next().await {
        found.push(server(&item.map_err(|error| classify(&error))?)?);
    }
    Ok(())
}

fn server(server: &types::SourceServer) -> Result<SourceServer, DrsError> {
    let data = server.data_replication_info();
    let state = data.and_then(types::DataReplicationInfo::data_replication_state);
    let hints = server
        .source_properties()
        .and_then(types::SourceProperties::identification_hints);
    let launch = server
        .life_cycle()
        .and_then(types::LifeCycle::last_launch)
        .and_then(types::LifeCycleLastLaunch::initiated);
    Ok(SourceServer {
        id: id(server.source_server_id(), "a source server")?,
        hostname: hints
            .and_then(|hints| hints.hostname().or_else(|| hints.fqdn()))
            .map(Hostname::from),
        replication: Replication::from_name(
            state.map_or("NOT_REPORTED", types::DataReplicationState::as_str),
        ),
        lag_seconds: seconds(data.and_then(types::DataReplicationInfo::lag_duration)),
        origin_region: server
            .source_cloud_properties()
            .and_then(types::SourceCloudProperties::origin_region)
            .map(str::to_owned),
        tags: server
            .tags()
            .map(|tags| tags.clone().into_iter().collect())
            .unwrap_or_default(),
        recovery_instance: optional_id(server.recovery_instance_id()),
        last_launch_job: optional_id(launch.and_then(types::LifeCycleLastLaunchInitiated::job_id)),
        staging_area: staging_area(server.staging_area()),
        volumes: volumes(data),
    })
}

fn staging_area(area: Option<&types::StagingArea>) -> StagingArea {
    let status = area.and_then(types::StagingArea::status);
    match status.map(types::ExtensionStatus::as_str) {
        Some("EXTENSION_ERROR") => StagingArea::OutOfReach {
            account: area
                .and_then(types::StagingArea::staging_account_id)
                .map(Into::into),
            reason: area
                .and_then(types::StagingArea::error_message)
                .map(Into::into),
        },
        Some(_) | None => StagingArea::Usable,
    }
}

fn volumes(data: Option<&types::DataReplicationInfo>) -> Volumes {
    let blocks = |disk: &types::DataReplicationInfoReplicatedDisk| {
        disk.volume_status().is_some_and(|status| {
            let status = status.as_str();
            status == "PENDING" || status.starts_with("MISSING_")
        })
    };
    let disks = data.map(types::DataReplicationInfo::replicated_disks);
    if disks.unwrap_or_default().iter().any(blocks) {
        Volumes::Missing
    } else {
        Volumes::Ready
    }
}

/// Whether the instance of a server is started after its launch.
pub(super) async fn launch_disposition(
    client: &Client,
    server: &SourceServerId,
) -> Result<LaunchDisposition, DrsError> {
    let answer = client
        .get_launch_configuration()
        .source_server_id(server.as_str())
        .send()
        .await
        .map_err(|error| classify(&error))?;
    let word = answer.launch_disposition();
    Ok(match word.map(types::LaunchDisposition::as_str) {
        Some("STARTED") => LaunchDisposition::Started,
        Some("STOPPED") => LaunchDisposition::Stopped,
        Some(_) | None => LaunchDisposition::Unknown,
    })
}
