//! Source servers: what the world keeps of them, and how the wire shows them.

use super::World;
use super::identifier::derived;
use super::site::Site;
use crate::scenario::{
    OperatingSystemFamily, PointPolicy, ReplicationChange, Scenario, ServerSpecification,
    StagingSettings,
};
use crate::wire::Tags;
use crate::wire::configuration::{
    LaunchConfiguration, LaunchDisposition, LaunchIntoInstanceProperties, Licensing, RecoveryMode,
    RightSizingMethod,
};
use crate::wire::job::LaunchStatus;
use crate::wire::source_server::{
    self as shape, DataReplicationErrorString, DataReplicationState, ExtensionStatus,
    LastLaunchResult, LastLaunchType, VolumeStatus,
};
use jiff::{SignedDuration, Timestamp};

pub(super) const GIB: u64 = 1 << 30;

#[derive(Debug, Clone)]
pub(super) struct Server {
    pub(super) id: String,
    pub(super) hostname: String,
    pub(super) family: OperatingSystemFamily,
    pub(super) disk_gib: u64,
    cores: u32,
    ram_gib: u64,
    pub(super) tags: Tags,
    pub(super) replication: Replication,
    pub(super) added_at: Timestamp,
    pub(super) points: Option<PointPolicy>,
    origin_region: Option<String>,
    pub(super) staging: Option<StagingSettings>,
    pub(super) recovery_instance: Option<String>,
    pub(super) last_launch: Option<LastLaunch>,
    /// The job that works on this server.
    pub(super) locked_by: Option<u64>,
    pub(super) launch: LaunchConfiguration,
    pub(super) launch_template_version: u32,
    /// How often a committed request has launched it.
    pub(super) commits: usize,
}

/// The last launch of a server.
#[derive(Debug, Clone)]
pub(super) struct LastLaunch {
    pub(super) at: Timestamp,
    pub(super) job_id: String,
    pub(super) launch_type: LastLaunchType,
    pub(super) status: LaunchStatus,
}

/// How replication stands, and since when.
#[derive(Debug, Clone)]
pub(super) struct Replication {
    pub(super) state: DataReplicationState,
    since: Timestamp,
    lag: Option<SignedDuration>,
    lag_growth: f64,
    eta: Option<SignedDuration>,
    error: Option<DataReplicationErrorString>,
    pub(super) volume_status: VolumeStatus,
}

impl Replication {
    /// How old the newest consistent data is; absent where it cannot be measured.
    pub(super) fn lag(&self, now: Timestamp) -> Option<SignedDuration> {
        let elapsed = now.duration_since(self.since);
        let growth = match self.state {
            DataReplicationState::Continuous
            | DataReplicationState::Backlog
            | DataReplicationState::CreatingSnapshot
            | DataReplicationState::Rescan => {
                SignedDuration::try_from_secs_f64((elapsed.as_secs_f64() * self.lag_growth).round())
                    .unwrap_or(SignedDuration::ZERO)
            }
            DataReplicationState::Stalled | DataReplicationState::Paused => elapsed,
            DataReplicationState::Stopped
            | DataReplicationState::Initiating
            | DataReplicationState::InitialSync
            | DataReplicationState::Disconnected => return None,
        };
        Some(self.lag.unwrap_or_default() + growth)
    }

    /// Whether a snapshot of the newest data can be taken now.
    pub(super) const fn takes_snapshots(&self) -> bool {
        match self.state {
            DataReplicationState::Continuous
            | DataReplicationState::Backlog
            | DataReplicationState::CreatingSnapshot
            | DataReplicationState::Rescan => true,
            DataReplicationState::Stopped
            | DataReplicationState::Initiating
            | DataReplicationState::InitialSync
            | DataReplicationState::Paused
            | DataReplicationState::Stalled
            | DataReplicationState::Disconnected => false,
        }
    }

    /// The time of the newest consistent data, if there is any.
    pub(super) fn consistent_at(&self, now: Timestamp) -> Option<Timestamp> {
        let lag = self.lag.unwrap_or_default();
        match self.state {
            DataReplicationState::Initiating
            | DataReplicationState::InitialSync
            | DataReplicationState::Stopped => None,
            DataReplicationState::Stalled
            | DataReplicationState::Paused
            | DataReplicationState::Disconnected => Some(self.since - lag),
            DataReplicationState::Continuous
            | DataReplicationState::Backlog
            | DataReplicationState::CreatingSnapshot
            | DataReplicationState::Rescan => Some(now - self.lag(now).unwrap_or(lag)),
        }
    }

    fn change(&mut self, now: Timestamp, change: &ReplicationChange) {
        let lag = change.lag.or_else(|| self.lag(now)).or(self.lag);
        if let Some(state) = change.state {
            self.state = state;
            self.error = None;
            self.eta = None;
        }
        self.lag = lag;
        self.since = now;
        self.error = change.error.or(self.error);
        self.eta = change.eta.or(self.eta);
        self.volume_status = change.volume_status.unwrap_or(self.volume_status);
    }
}

impl Server {
    pub(super) fn change(&mut self, now: Timestamp, change: &ReplicationChange) {
        self.replication.change(now, change);
        if let Some(tags) = &change.tags {
            self.tags.clone_from(tags);
        }
    }

    fn new(specification: &ServerSpecification, now: Timestamp) -> Self {
        let launch = &specification.launch;
        Self {
            id: specification.id.clone(),
            hostname: specification.hostname.clone(),
            family: specification.os,
            disk_gib: specification.disk_gib,
            cores: specification.cores,
            ram_gib: specification.ram_gib,
            tags: specification.tags.clone(),
            replication: Replication {
                state: specification.state,
                since: now,
                lag: specification.lag,
                lag_growth: specification.lag_growth,
                eta: specification.eta,
                error: specification.error,
                volume_status: specification.volume_status,
            },
            added_at: now - SignedDuration::from_hours(24 * 30),
            points: specification.pit,
            origin_region: specification.origin_region.clone(),
            staging: specification.staging.clone(),
            recovery_instance: None,
            last_launch: None,
            locked_by: None,
            launch: LaunchConfiguration {
                source_server_id: Some(specification.id.clone()),
                name: Some(specification.hostname.clone()),
                ec2_launch_template_id: Some(derived("lt-", &specification.id)),
                launch_disposition: launch.disposition.or(Some(LaunchDisposition::Started)),
                right_sizing_method: launch.right_sizing.or(Some(RightSizingMethod::Basic)),
                copy_private_ip: Some(launch.copy_private_ip.unwrap_or(false)),
                copy_tags: Some(launch.copy_tags.unwrap_or(true)),
                licensing: Some(Licensing {
                    os_byol: Some(false),
                }),
                post_launch_enabled: Some(false),
                launch_into_instance_properties: Some(LaunchIntoInstanceProperties::default()),
                recovery_mode: launch.recovery_mode.or(Some(RecoveryMode::Optimal)),
            },
            launch_template_version: 1,
            commits: 0,
        }
    }

    pub(super) fn ips(&self) -> Vec<String> {
        let number = super::identifier::fingerprint(&self.id);
        vec![format!(
            "10.{}.{}.{}",
            number & 0x7f,
            (number >> 8) & 0xff,
            (number >> 16) % 250 + 4
        )]
    }

    pub(super) fn os_name(&self) -> &'static str {
        match self.family {
            OperatingSystemFamily::Linux => "Linux version 6.1.0 (Debian 12)",
            OperatingSystemFamily::Windows => "Microsoft Windows Server 2022 Datacenter 64 bit",
        }
    }

    pub(super) fn to_wire(&self, site: &Site, now: Timestamp) -> shape::SourceServer {
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

    pub(super) const fn device_name(&self) -> &'static str {
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

impl World {
    pub(super) fn add_server(&mut self, scenario: &Scenario, specification: &ServerSpecification) {
        let account = specification
            .account
            .as_deref()
            .unwrap_or(scenario.default_account());
        let region = specification
            .region
            .as_deref()
            .unwrap_or_else(|| scenario.default_region(account));
        let known = self.site_index.find(account, region).is_some();
        let site = self.site_index.open(&mut self.sites, account, region);
        // A server in a Region that the scenario does not list can only be where DRS is set up.
        self.sites[site].initialized |= !known;
        let whereabouts = (site, specification.id.clone());
        self.whereabouts
            .insert(specification.id.clone(), whereabouts.clone());
        self.whereabouts
            .entry(specification.hostname.clone())
            .or_insert(whereabouts);
        let server = Server::new(specification, self.now);
        self.sites[site]
            .servers
            .insert(specification.id.clone(), server);
    }

    /// The server with this id or hostname, wherever it is.
    pub(super) fn server(&self, name: &str) -> Option<&Server> {
        let (site, id) = self.whereabouts.get(name)?;
        self.sites.get(*site)?.servers.get(id)
    }

    pub(super) fn server_mut(&mut self, name: &str) -> Option<&mut Server> {
        let (site, id) = self.whereabouts.get(name)?;
        self.sites.get_mut(*site)?.servers.get_mut(id)
    }
}
