//! The source servers of a scenario, one by one or many from a template.

pub(super) mod expand;

use super::locate;
use crate::wire::Tags;
use crate::wire::configuration::{LaunchDisposition, RecoveryMode, RightSizingMethod};
use crate::wire::source_server::{
    DataReplicationErrorString, DataReplicationState, ExtensionStatus, VolumeStatus,
};
use expand::Expanded;
use jiff::SignedDuration;
use serde::Deserialize;

/// All source servers, expanded.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(from = "Vec<Expanded>")]
pub struct Fleet(pub Vec<ServerSpecification>);

impl From<Vec<Expanded>> for Fleet {
    fn from(entries: Vec<Expanded>) -> Self {
        Self(entries.into_iter().flat_map(|entry| entry.0).collect())
    }
}

/// Servers as a file lists them, whatever else it says.
#[derive(Deserialize)]
struct WrittenFleet {
    servers: Vec<Expanded>,
}

/// The path at which a file says this about one of all servers: in its entry, or in the template
/// of many.
pub(super) fn written_at(text: &str, server: usize, member: &str) -> String {
    let document = serde_yaml_ng::Deserializer::from_str(text);
    let entries =
        WrittenFleet::deserialize(document).map_or_else(|_| Vec::new(), |one| one.servers);
    let mut before = 0;
    let entry = entries.iter().position(|entry| {
        before += entry.0.len();
        before > server
    });
    let Some(entry) = entry else {
        return "servers".to_owned();
    };
    let own = format!("servers[{entry}]");
    let places = ["", ".expand", ".template"].map(|part| format!("{own}{part}.{member}"));
    places
        .into_iter()
        .find(|path| locate::is_written(text, path))
        .unwrap_or(own)
}

/// One source server as it is at the start.
#[derive(Debug, Clone)]
pub struct ServerSpecification {
    /// `s-` and 17 letters or digits.
    pub id: String,
    /// The host's name.
    pub hostname: String,
    /// The account; the scenario's first one when absent.
    pub account: Option<String>,
    /// The Region; the account's first initialised one when absent.
    pub region: Option<String>,
    /// The operating system.
    pub os: OperatingSystemFamily,
    /// The size of the root disk.
    pub disk_gib: u64,
    /// Processor cores.
    pub cores: u32,
    /// Memory.
    pub ram_gib: u64,
    /// How replication stands.
    pub state: DataReplicationState,
    /// How old the newest consistent data is.
    pub lag: Option<SignedDuration>,
    /// How much the lag grows in a second while replication is CONTINUOUS or BACKLOG.
    pub lag_growth: f64,
    /// Until replication has caught up.
    pub eta: Option<SignedDuration>,
    /// Why replication does not go on.
    pub error: Option<DataReplicationErrorString>,
    /// Whether the volume can be recovered.
    pub volume_status: VolumeStatus,
    /// Tags.
    pub tags: Tags,
    /// Points in time; DRS's usual policy when absent.
    pub pit: Option<PointPolicy>,
    /// Launch settings.
    pub launch: LaunchSettings,
    /// The Region of an EC2 origin; a server on premises has none.
    pub origin_region: Option<String>,
    /// The staging account of an extended server.
    pub staging: Option<StagingSettings>,
}

impl Default for ServerSpecification {
    fn default() -> Self {
        Self {
            id: String::new(),
            hostname: String::new(),
            account: None,
            region: None,
            os: OperatingSystemFamily::Linux,
            disk_gib: 50,
            cores: 2,
            ram_gib: 8,
            state: DataReplicationState::Continuous,
            lag: Some(SignedDuration::ZERO),
            lag_growth: 0.0,
            eta: None,
            error: None,
            volume_status: VolumeStatus::Regular,
            tags: Tags::new(),
            pit: None,
            launch: LaunchSettings::default(),
            origin_region: None,
            staging: None,
        }
    }
}

/// The families that launch at different speeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum OperatingSystemFamily {
    /// Any Linux.
    Linux,
    /// Any Windows.
    Windows,
}

/// How points in time are made.
#[derive(Debug, Clone, Copy, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PointPolicy {
    /// How many are kept.
    pub count: u32,
    /// How far they are apart.
    #[serde(deserialize_with = "crate::scenario::amount::duration")]
    pub every: SignedDuration,
}

/// Launch settings at the start.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct LaunchSettings {
    /// Whether a launched instance is started.
    pub disposition: Option<LaunchDisposition>,
    /// How the instance type is chosen.
    pub right_sizing: Option<RightSizingMethod>,
    /// Whether the launch converts its volumes.
    pub recovery_mode: Option<RecoveryMode>,
    /// Whether the source's private address is used.
    pub copy_private_ip: Option<bool>,
    /// Whether the source server's tags are copied to the instance.
    pub copy_tags: Option<bool>,
}

/// The staging account of an extended server.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StagingSettings {
    /// Whether the extension works.
    pub status: ExtensionStatus,
    /// The account that stages.
    pub account: String,
}

/// What changes about a server's replication; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ReplicationChange {
    /// The replication state. Its error goes when only the state is given.
    #[serde(alias = "dataReplicationState", alias = "replicationState")]
    pub state: Option<DataReplicationState>,
    /// The lag from now on.
    #[serde(alias = "lagDuration")]
    #[serde(deserialize_with = "crate::scenario::amount::optional_duration")]
    pub lag: Option<SignedDuration>,
    /// Why replication does not go on.
    pub error: Option<DataReplicationErrorString>,
    /// Until replication has caught up.
    #[serde(deserialize_with = "crate::scenario::amount::optional_duration")]
    pub eta: Option<SignedDuration>,
    /// Whether the volume can be recovered.
    #[serde(alias = "volumeStatus")]
    pub volume_status: Option<VolumeStatus>,
    /// All tags from now on.
    pub tags: Option<Tags>,
}
