//! Servers as they are written: one by one, or many from a template.

use super::{
    LaunchSettings, OperatingSystemFamily, PointPolicy, ServerSpecification, StagingSettings,
};
use crate::wire::Tags;
use crate::wire::source_server::{DataReplicationErrorString, DataReplicationState, VolumeStatus};
use jiff::SignedDuration;
use serde::Deserialize;

/// The servers of one entry of the list.
#[derive(Deserialize)]
#[serde(try_from = "Entry")]
pub(super) struct Expanded(pub(super) Vec<ServerSpecification>);

/// A source server, or many made from a template.
#[derive(Clone, Default, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Server")
)]
#[serde(deny_unknown_fields, default)]
pub(in crate::scenario) struct Entry {
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
    #[serde(deserialize_with = "crate::scenario::amount::optional_duration")]
    lag: Option<SignedDuration>,
    /// How much the lag grows in a second while replication goes on.
    #[serde(deserialize_with = "crate::scenario::amount::optional_number")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0.0)))]
    lag_growth: Option<f64>,
    /// Until replication has caught up.
    #[serde(deserialize_with = "crate::scenario::amount::optional_duration")]
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
