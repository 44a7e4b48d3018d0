//! A source server as the wire shows it.

use super::{GIB, Server};
use crate::scenario::OperatingSystemFamily;
use crate::wire::job::LaunchStatus;
use crate::wire::source_server::{
    self as shape, DataReplicationState, ExtensionStatus, LastLaunchResult,
};
use crate::world::identifier::derived;
use crate::world::site::Site;
use jiff::Timestamp;

impl Server {
    pub(in crate::world) fn to_wire(&self, site: &Site, now: Timestamp) -> shape::SourceServer {
        shape::SourceServer {
            source_server_id: Some(self.id.clone()),
            arn: Some(site.arn(&format!("source-server/{}", self.id))),
            tags: Some(self.tags.clone()),
            recovery_instance_id: self.recovery_instance.clone(),
            last_launch_result: Some(self.last_launch_result()),
            data_replication_info: Some(self.data_replication_info(site, now)),
            life_cycle: Some(self.life_cycle(now)),
            source_properties: Some(self.source_properties(now)),
            staging_area: Some(self.staging_area(site)),
            source_cloud_properties: self.origin_region.as_ref().map(|region| {
                shape::SourceCloudProperties {
                    origin_account_id: Some(site.account.clone()),
                    origin_region: Some(region.clone()),
                    origin_availability_zone: Some(format!("{region}a")),
                }
            }),
            replication_direction: Some(shape::ReplicationDirection::Failover),
            agent_version: Some("6.3.0".to_owned()),
        }
    }

    fn last_launch_result(&self) -> LastLaunchResult {
        match self.last_launch.as_ref().map(|launch| launch.status) {
            None => LastLaunchResult::NotStarted,
            Some(LaunchStatus::Pending | LaunchStatus::InProgress) => LastLaunchResult::Pending,
            Some(LaunchStatus::Launched | LaunchStatus::Terminated) => LastLaunchResult::Succeeded,
            Some(LaunchStatus::Failed) => LastLaunchResult::Failed,
        }
    }

    fn data_replication_info(&self, site: &Site, now: Timestamp) -> shape::DataReplicationInfo {
        let replication = &self.replication;
        let total = self.disk_gib * GIB;
        let synchronised = replication.consistent_at(now).is_some();
        let replicated = if synchronised { total } else { total / 3 };
        let behind = matches!(
            replication.state,
            DataReplicationState::Backlog | DataReplicationState::Stalled
        );
        shape::DataReplicationInfo {
            lag_duration: replication.lag(now).map(|lag| lag.to_string()),
            eta_date_time: replication.eta.map(|eta| now + eta),
            replicated_disks: Some(vec![shape::ReplicatedDisk {
                device_name: Some(self.device_name().to_owned()),
                total_storage_bytes: Some(total),
                replicated_storage_bytes: Some(replicated),
                rescanned_storage_bytes: Some(0),
                backlogged_storage_bytes: Some(if behind { total / 100 } else { 0 }),
                volume_status: Some(replication.volume_status),
            }]),
            data_replication_state: Some(replication.state),
            data_replication_initiation: None,
            data_replication_error: replication.error.map(|error| shape::DataReplicationError {
                error: Some(error),
                raw_error: None,
            }),
            staging_availability_zone: Some(format!("{}a", site.region)),
        }
    }

    pub(in crate::world) const fn device_name(&self) -> &'static str {
        match self.family {
            OperatingSystemFamily::Linux => "/dev/xvda",
            OperatingSystemFamily::Windows => "c:0",
        }
    }

    fn life_cycle(&self, now: Timestamp) -> shape::LifeCycle {
        let seen = match self.replication.state {
            DataReplicationState::Stalled
            | DataReplicationState::Disconnected
            | DataReplicationState::Stopped => self.replication.since,
            DataReplicationState::Initiating
            | DataReplicationState::InitialSync
            | DataReplicationState::Backlog
            | DataReplicationState::CreatingSnapshot
            | DataReplicationState::Continuous
            | DataReplicationState::Paused
            | DataReplicationState::Rescan => now,
        };
        shape::LifeCycle {
            added_to_service_date_time: Some(self.added_at),
            first_byte_date_time: (self.replication.state != DataReplicationState::Initiating)
                .then_some(self.added_at),
            elapsed_replication_duration: Some(now.duration_since(self.added_at).to_string()),
            last_seen_by_service_date_time: Some(seen),
            last_launch: self.last_launch.as_ref().map(|launch| shape::LastLaunch {
                initiated: Some(shape::LastLaunchInitiated {
                    api_call_date_time: Some(launch.at),
                    job_id: Some(launch.job_id.clone()),
                    launch_type: Some(launch.launch_type),
                }),
                status: Some(launch.status),
            }),
        }
    }

    fn source_properties(&self, now: Timestamp) -> shape::SourceProperties {
        shape::SourceProperties {
            last_updated_date_time: Some(now),
            recommended_instance_type: Some("m5.large".to_owned()),
            identification_hints: Some(shape::IdentificationHints {
                fqdn: Some(format!("{}.example.com", self.hostname)),
                hostname: Some(self.hostname.clone()),
                vm_ware_uuid: None,
                aws_instance_id: self.origin_region.as_ref().map(|_| derived("i-", &self.id)),
            }),
            network_interfaces: Some(vec![shape::NetworkInterface {
                mac_address: Some("02:00:00:00:00:01".to_owned()),
                ips: Some(self.ips()),
                is_primary: Some(true),
            }]),
            disks: Some(vec![shape::Disk {
                device_name: Some(self.device_name().to_owned()),
                bytes: Some(self.disk_gib * GIB),
            }]),
            cpus: Some(vec![shape::Cpu {
                cores: Some(self.cores),
                model_name: Some("Generic processor".to_owned()),
            }]),
            ram_bytes: Some(self.ram_gib * GIB),
            os: Some(shape::OperatingSystem {
                full_string: Some(self.os_name().to_owned()),
            }),
            supports_nitro_instances: Some(true),
            architecture: Some(shape::SourceServerArchitecture::X8664),
        }
    }

    fn staging_area(&self, site: &Site) -> shape::StagingArea {
        self.staging.as_ref().map_or_else(
            || shape::StagingArea {
                status: Some(ExtensionStatus::NotExtended),
                staging_account_id: Some(site.account.clone()),
                ..shape::StagingArea::default()
            },
            |staging| shape::StagingArea {
                status: Some(staging.status),
                staging_account_id: Some(staging.account.clone()),
                staging_source_server_arn: Some(format!(
                    "arn:aws:drs:{}:{}:source-server/{}",
                    site.region, staging.account, self.id
                )),
                error_message: (staging.status == ExtensionStatus::ExtensionError)
                    .then(|| "The staging account does not share its snapshots.".to_owned()),
            },
        )
    }
}
