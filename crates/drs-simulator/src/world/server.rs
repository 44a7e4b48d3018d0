//! Source servers: what the world keeps of them, and how the wire shows them.

use super::World;
use super::identifier::derived;
use super::launch_template::LaunchTemplate;
use super::settings::bounded;
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
    DataReplicationErrorString, DataReplicationState, LastLaunchType, VolumeStatus,
};
use jiff::{SignedDuration, Timestamp};

mod view;

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
    pub(super) template: LaunchTemplate,
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
    /// How often it has been changed from outside.
    pub(super) changes: u32,
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
                    .map_or(SignedDuration::ZERO, bounded)
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
        let lag = change
            .lag
            .map(bounded)
            .or_else(|| self.lag(now))
            .or(self.lag);
        if let Some(state) = change.state {
            self.state = state;
            self.error = None;
            self.eta = None;
        }
        self.lag = lag;
        self.since = now;
        self.changes += 1;
        self.error = change.error.or(self.error);
        self.eta = change.eta.map(bounded).or(self.eta);
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
                lag: specification.lag.map(bounded),
                lag_growth: specification.lag_growth,
                eta: specification.eta.map(bounded),
                error: specification.error,
                volume_status: specification.volume_status,
                changes: 0,
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
            template: LaunchTemplate::new(),
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
}

impl World {
    pub(super) fn add_server(&mut self, scenario: &Scenario, specification: &ServerSpecification) {
        let account = specification
            .account
            .as_deref()
            .unwrap_or_else(|| scenario.default_account());
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
