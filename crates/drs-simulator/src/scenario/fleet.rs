//! The source servers of a scenario, one by one or many from a template.

use crate::wire::Tags;
use crate::wire::configuration::{LaunchDisposition, RecoveryMode, RightSizingMethod};
use crate::wire::source_server::{
    DataReplicationErrorString, DataReplicationState, ExtensionStatus, VolumeStatus,
};
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
    pub lag: Option<SignedDuration>,
    /// Why replication does not go on.
    pub error: Option<DataReplicationErrorString>,
    /// Until replication has caught up.
    pub eta: Option<SignedDuration>,
    /// Whether the volume can be recovered.
    #[serde(alias = "volumeStatus")]
    pub volume_status: Option<VolumeStatus>,
    /// All tags from now on.
    pub tags: Option<Tags>,
}

#[derive(Deserialize)]
#[serde(try_from = "Entry")]
struct Expanded(Vec<ServerSpecification>);

/// A source server, or many made from a template.
#[derive(Clone, Default, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Server")
)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Entry {
    /// What the servers of `expand` have in common.
    template: Option<Box<Self>>,
    /// How many servers are made, and how they are called.
    expand: Option<Expansion>,
    /// `s-` and 17 letters or digits.
    id: Option<String>,
    /// The host's name; the id when left out.
    hostname: Option<String>,
    /// The account; the first one when left out.
    account: Option<String>,
    /// The Region; the account's first initialised one when left out.
    region: Option<String>,
    /// The operating system, on which durations depend.
    os: Option<OperatingSystemFamily>,
    /// The size of the only disk.
    disk_gib: Option<u64>,
    /// Processor cores.
    cores: Option<u32>,
    /// Memory.
    ram_gib: Option<u64>,
    /// How replication stands.
    state: Option<DataReplicationState>,
    /// How old the newest consistent data is.
    lag: Option<SignedDuration>,
    /// How much the lag grows in a second while replication goes on.
    lag_growth: Option<f64>,
    /// Until replication has caught up.
    eta: Option<SignedDuration>,
    /// Why replication does not go on.
    error: Option<DataReplicationErrorString>,
    /// Whether the volume can be recovered.
    volume_status: Option<VolumeStatus>,
    /// Tags.
    tags: Option<Tags>,
    /// Points in time; the usual policy of DRS when left out.
    pit: Option<PointPolicy>,
    /// Launch settings.
    launch: Option<LaunchSettings>,
    /// The Region of an EC2 origin; a server on premises has none.
    origin_region: Option<String>,
    /// The staging account of an extended server.
    staging: Option<StagingSettings>,
}

/// Many servers from one template.
#[derive(Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct Expansion {
    /// How many.
    count: u64,
    /// The first number.
    #[serde(default = "one")]
    first: u64,
    /// The hostname, with `{n}` or `{n:02}` for the number.
    hostname: String,
    /// The id, with `{n:017x}` or the like for the number.
    id: String,
    /// Tags beside those of the template.
    #[serde(default)]
    tags: Tags,
}

const fn one() -> u64 {
    1
}

impl TryFrom<Entry> for Expanded {
    type Error = String;

    fn try_from(mut entry: Entry) -> Result<Self, String> {
        let template = entry
            .template
            .take()
            .map_or_else(Entry::default, |template| *template);
        if template.template.is_some() || template.expand.is_some() {
            return Err("a template has neither `template` nor `expand`".to_owned());
        }
        let Some(expansion) = entry.expand.take() else {
            return Ok(Self(vec![specification(entry, template)?]));
        };
        let numbers = expansion.first..expansion.first.saturating_add(expansion.count);
        let servers = numbers.map(|number| {
            let mut one = entry.clone();
            one.id = Some(fill(&expansion.id, number)?);
            one.hostname = Some(fill(&expansion.hostname, number)?);
            let mut server = specification(one, template.clone())?;
            server.tags.extend(expansion.tags.clone());
            Ok(server)
        });
        Ok(Self(servers.collect::<Result<_, String>>()?))
    }
}

fn specification(entry: Entry, template: Entry) -> Result<ServerSpecification, String> {
    let usual = ServerSpecification::default();
    let id = entry
        .id
        .or(template.id)
        .ok_or("a server needs `id`, or `expand`")?;
    let state = entry.state.or(template.state).unwrap_or(usual.state);
    let mut tags = template.tags.unwrap_or_default();
    tags.extend(entry.tags.unwrap_or_default());
    Ok(ServerSpecification {
        hostname: entry
            .hostname
            .or(template.hostname)
            .unwrap_or_else(|| id.clone()),
        id,
        account: entry.account.or(template.account),
        region: entry.region.or(template.region),
        os: entry.os.or(template.os).unwrap_or(usual.os),
        disk_gib: entry
            .disk_gib
            .or(template.disk_gib)
            .unwrap_or(usual.disk_gib),
        cores: entry.cores.or(template.cores).unwrap_or(usual.cores),
        ram_gib: entry.ram_gib.or(template.ram_gib).unwrap_or(usual.ram_gib),
        state,
        lag: entry.lag.or(template.lag).or(usual.lag),
        lag_growth: entry
            .lag_growth
            .or(template.lag_growth)
            .unwrap_or(usual.lag_growth),
        eta: entry.eta.or(template.eta),
        error: entry.error.or(template.error),
        volume_status: entry
            .volume_status
            .or(template.volume_status)
            .unwrap_or(usual.volume_status),
        tags,
        pit: entry.pit.or(template.pit),
        launch: entry.launch.or(template.launch).unwrap_or(usual.launch),
        origin_region: entry.origin_region.or(template.origin_region),
        staging: entry.staging.or(template.staging),
    })
}

/// Replaces `{n}`, `{n:03}` and `{n:017x}` by the number.
fn fill(pattern: &str, number: u64) -> Result<String, String> {
    let Some((before, rest)) = pattern.split_once("{n") else {
        return Ok(pattern.to_owned());
    };
    let (format, after) = rest
        .split_once('}')
        .ok_or_else(|| format!("`{pattern}` has a `{{n` without `}}`"))?;
    let digits = format.strip_prefix(':').unwrap_or(format);
    let (width, hexadecimal) = digits
        .strip_suffix('x')
        .map_or((digits, false), |width| (width, true));
    let width: usize = match width {
        "" => 0,
        width => width.parse().map_err(|_| {
            format!("`{pattern}`: `{{n:{digits}}}` is not like {{n:03}} or {{n:017x}}")
        })?,
    };
    let text = if hexadecimal {
        format!("{number:0width$x}")
    } else {
        format!("{number:0width$}")
    };
    Ok(format!("{before}{text}{}", fill(after, number)?))
}
