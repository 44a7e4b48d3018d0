//! What happens in a world by itself, at a time counted from its start.

use super::fleet::ReplicationChange;
use crate::wire::recovery_instance::{Ec2InstanceState, FailbackState};
use jiff::SignedDuration;
use serde::Deserialize;
use std::collections::BTreeMap;

/// One thing that happens.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Entry")]
pub struct TimelineEntry {
    /// When, from the start.
    pub at: SignedDuration,
    /// What.
    pub action: TimelineAction,
}

/// What can happen.
#[derive(Debug, Clone)]
pub enum TimelineAction {
    /// Replication or tags of a server change.
    Server {
        /// Id or hostname.
        server: String,
        /// What changes.
        set: ReplicationChange,
    },
    /// Somebody else starts a job.
    ForeignJob(ForeignJobEntry),
    /// DRS does not answer for a while.
    Outage {
        /// The account; the first one when left out.
        account: Option<String>,
        /// The Region.
        region: String,
        /// How long.
        outage: SignedDuration,
    },
    /// The recovery instance of a server changes by somebody's hand.
    Instance {
        /// Id or hostname of the source server.
        server: String,
        /// What changes.
        change: InstanceChange,
    },
    /// A server gets a recovery instance that no job here launched.
    CreateInstance {
        /// Id or hostname of the source server.
        server: String,
        /// The instance.
        settings: InstanceSettings,
    },
}

impl TimelineAction {
    pub(crate) fn servers(&self) -> Vec<&str> {
        match self {
            Self::Server { server, .. }
            | Self::Instance { server, .. }
            | Self::CreateInstance { server, .. } => vec![server],
            Self::ForeignJob(job) => job.servers.iter().map(String::as_str).collect(),
            Self::Outage { .. } => Vec::new(),
        }
    }
}

/// A job that somebody else starts.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ForeignJobEntry {
    /// Ids or hostnames; all in one account and Region.
    pub servers: Vec<String>,
    /// How long the job takes; as usual when left out.
    #[serde(default)]
    #[serde(deserialize_with = "crate::scenario::amount::optional_duration")]
    pub duration: Option<SignedDuration>,
    /// Whether it is a drill.
    #[serde(default = "drill")]
    pub is_drill: bool,
    /// The job's tags.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
}

const fn drill() -> bool {
    true
}

/// What somebody does to a recovery instance.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct InstanceChange {
    /// How the EC2 instance stands afterwards.
    #[serde(default, alias = "ec2InstanceState")]
    pub state: Option<Ec2InstanceState>,
    /// How failback stands afterwards.
    #[serde(default)]
    pub failback: Option<FailbackState>,
    /// Whether EC2's status checks fail afterwards.
    #[serde(default)]
    pub impaired: Option<bool>,
}

/// A recovery instance that no job here launched.
#[derive(Debug, Clone, Copy, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct InstanceSettings {
    /// Whether a drill launched it.
    pub is_drill: bool,
}

/// One thing that happens by itself.
#[derive(Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "TimelineEntry")
)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    /// When, from the start.
    #[serde(deserialize_with = "crate::scenario::amount::duration")]
    at: SignedDuration,
    /// Id or hostname of the server that it happens to.
    #[serde(default)]
    server: Option<String>,
    /// How replication or tags of the server change.
    #[serde(default)]
    set: Option<ReplicationChange>,
    /// What somebody does to the server's recovery instance.
    #[serde(default)]
    instance: Option<InstanceChange>,
    /// A recovery instance that no job here launched.
    #[serde(default)]
    create_instance: Option<InstanceSettings>,
    /// A job of somebody else.
    #[serde(default)]
    foreign_job: Option<ForeignJobEntry>,
    /// The account of an outage; the first one when left out.
    #[serde(default)]
    account: Option<String>,
    /// The Region of an outage.
    #[serde(default)]
    region: Option<String>,
    /// For how long nothing is answered there.
    #[serde(default)]
    #[serde(deserialize_with = "crate::scenario::amount::optional_duration")]
    outage: Option<SignedDuration>,
}

impl TryFrom<Entry> for TimelineEntry {
    type Error = String;

    fn try_from(entry: Entry) -> Result<Self, String> {
        let at = entry.at;
        let server = |server: Option<String>, member: &str| {
            server.ok_or_else(|| format!("`{member}` needs `server`"))
        };
        let action = match (entry.set, entry.instance, entry.create_instance) {
            (Some(set), None, None) => TimelineAction::Server {
                server: server(entry.server, "set")?,
                set,
            },
            (None, Some(change), None) => TimelineAction::Instance {
                server: server(entry.server, "instance")?,
                change,
            },
            (None, None, Some(settings)) => TimelineAction::CreateInstance {
                server: server(entry.server, "create_instance")?,
                settings,
            },
            (None, None, None) => match (entry.foreign_job, entry.outage) {
                (Some(job), None) => TimelineAction::ForeignJob(job),
                (None, Some(outage)) => TimelineAction::Outage {
                    account: entry.account,
                    region: entry.region.ok_or("`outage` needs `region`")?,
                    outage,
                },
                (None, None) | (Some(_), Some(_)) => return Err(ONE_ACTION.to_owned()),
            },
            (Some(_) | None, Some(_) | None, Some(_) | None) => return Err(ONE_ACTION.to_owned()),
        };
        Ok(Self { at, action })
    }
}

const ONE_ACTION: &str = "an entry of the timeline has exactly one of `set`, `instance`, \
    `create_instance`, `foreign_job` and `outage`";
