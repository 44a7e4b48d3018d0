//! Recovery instances.

use std::collections::BTreeSet;

use aws_sdk_drs::Client;
use aws_sdk_drs::types::{self, DescribeRecoveryInstancesRequestFilters};
use domain::SourceServerId;
use domain::source_server::{ADDRESSES_MAX, DrillFlag, RecoveryInstance};
use engine::ports::DrsError;

use super::error::classify;
use super::reading::{id, optional_id, time};

/// Most ids of one filter; DRS models none for servers and 200 for instances.
const IDS_MAX: usize = 200;

/// The recovery instances of these servers.
pub(super) async fn list(
    client: &Client,
    servers: &[SourceServerId],
) -> Result<Vec<RecoveryInstance>, DrsError> {
    let servers: Vec<&SourceServerId> = servers
        .iter()
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let mut found = Vec::new();
    for chunk in servers.chunks(IDS_MAX) {
        let texts = chunk.iter().map(ToString::to_string).collect();
        let filters = DescribeRecoveryInstancesRequestFilters::builder()
            .set_source_server_ids(Some(texts))
            .build();
        let mut items = client
            .describe_recovery_instances()
            .filters(filters)
            .into_paginator()
            .items()
            .send();
        while let Some(item) = items.next().await {
            found.push(instance(&item.map_err(|error| classify(&error))?)?);
        }
    }
    Ok(found)
}

fn instance(instance: &types::RecoveryInstance) -> Result<RecoveryInstance, DrsError> {
    let text = instance
        .recovery_instance_id()
        .or_else(|| instance.ec2_instance_id());
    let interfaces = instance
        .recovery_instance_properties()
        .map(types::RecoveryInstanceProperties::network_interfaces)
        .unwrap_or_default();
    Ok(RecoveryInstance {
        id: id(text, "a recovery instance")?,
        server: optional_id(instance.source_server_id()),
        job: optional_id(instance.job_id()),
        drill: match instance.is_drill() {
            Some(true) => DrillFlag::Drill,
            Some(false) => DrillFlag::Recovery,
            None => DrillFlag::Unsaid,
        },
        ec2_state: instance
            .ec2_instance_state()
            .map(|state| state.as_str().into()),
        private_ips: interfaces
            .iter()
            .flat_map(types::NetworkInterface::ips)
            .take(ADDRESSES_MAX)
            .map(Into::into)
            .collect(),
        recovery_point_at: time(instance.point_in_time_snapshot_date_time()),
        failback_state: instance
            .failback()
            .and_then(types::RecoveryInstanceFailback::state)
            .map(|state| state.as_str().into()),
    })
}
