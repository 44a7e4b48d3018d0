//! What the stacks leave behind when they are deleted, because it holds data; and its end, where
//! somebody wants that too.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::cloud::{Cloud, Presence};
use crate::error::Failure;
use crate::observation::TABLES;
use crate::release::Body;
use crate::settings::Settings;

/// Where the deployment bucket remembers what a deletion has left: the ids of some are known to
/// nobody but the stack that is gone.
pub const REMEMBERED: &str = "records/retained.json";

/// How much of a stack's name CloudFormation keeps at least in a name that it makes.
const KEPT_OF_NAMES: usize = 20;

/// Every resource of the templates that outlives its stack: nested stack, name there, what it is.
pub const RETAINED: [(&str, &str, Kind); 6] = [
    ("DatabaseStack", "ProtectionGroupsTable", Kind::Table),
    ("DatabaseStack", "RecoveryPlansTable", Kind::Table),
    ("DatabaseStack", "ExecutionHistoryTable", Kind::Table),
    ("ApiStack", "UserPool", Kind::UserPool),
    ("ApiStack", "LoggingRole", Kind::SharedRole),
    ("SecurityStack", "TrailBucket", Kind::Bucket),
];

/// What kind of thing is left.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// A table.
    Table,
    /// The users.
    UserPool,
    /// A bucket with all that is in it.
    Bucket,
    /// The role by which API Gateway writes logs, for every API of the account and Region: it is
    /// nobody's alone, and is never deleted.
    SharedRole,
}

/// One thing that is left.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct Retained {
    /// What it is.
    pub kind: Kind,
    /// Its name, or its id where it has none.
    pub id: String,
}

impl fmt::Display for Retained {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = &self.id;
        match self.kind {
            Kind::Table => write!(formatter, "the table {id}"),
            Kind::UserPool => write!(formatter, "the user pool {id}"),
            Kind::Bucket => write!(formatter, "the bucket {id}"),
            Kind::SharedRole => write!(
                formatter,
                "the role {id}, by which API Gateway logs for the whole account and Region"
            ),
        }
    }
}

impl Retained {
    /// Whether it can be purged.
    pub fn can_go(&self) -> bool {
        match self.kind {
            Kind::Table | Kind::UserPool | Kind::Bucket => true,
            Kind::SharedRole => false,
        }
    }

    /// Deletes it with all that is in it. What is gone already is what is wanted.
    pub async fn purge(&self, cloud: &dyn Cloud) -> Result<(), Failure> {
        match self.kind {
            Kind::Table => cloud.delete_table(&self.id).await,
            Kind::UserPool => cloud.delete_user_pool(&self.id).await,
            Kind::Bucket => cloud.purge_bucket(&self.id).await,
            Kind::SharedRole => Ok(()),
        }
    }

    /// Whether it bears a name that the templates of this environment give; what is gone bears none
    /// that could be read.
    async fn is_of(&self, cloud: &dyn Cloud, settings: &Settings) -> Result<bool, Failure> {
        Ok(match self.kind {
            Kind::Table => TABLES.iter().any(|name| settings.function(name) == self.id),
            Kind::UserPool => match cloud.user_pool(&self.id).await? {
                Some(name) => name == settings.stack(),
                None => true,
            },
            Kind::Bucket => is_trail_of(&self.id, settings),
            Kind::SharedRole => true,
        })
    }

    async fn presence(&self, cloud: &dyn Cloud) -> Result<Presence, Failure> {
        match self.kind {
            Kind::Table => cloud.table(&self.id).await,
            Kind::UserPool => Ok(match cloud.user_pool(&self.id).await? {
                Some(_) => Presence::Present,
                None => Presence::Absent,
            }),
            Kind::Bucket => Ok(match cloud.keys(&self.id, &["/"]).await? {
                Some(_) => Presence::Present,
                None => Presence::Absent,
            }),
            Kind::SharedRole => Ok(Presence::Present),
        }
    }
}

/// What the stacks will leave or have left, as far as it is there: by the stacks while they stand, by
/// name, and by what an earlier deletion remembered.
pub async fn look(cloud: &dyn Cloud, settings: &Settings) -> Result<Vec<Retained>, Failure> {
    let mut found: Vec<Retained> = TABLES
        .iter()
        .map(|table| Retained {
            kind: Kind::Table,
            id: settings.function(table),
        })
        .collect();
    for nested in cloud.nested(&settings.stack()).await? {
        let named: BTreeMap<&str, Kind> = RETAINED
            .iter()
            .filter(|(stack, ..)| *stack == nested.resource)
            .map(|(_, name, kind)| (*name, *kind))
            .collect();
        if named.is_empty() {
            continue;
        }
        for (name, id) in cloud.resources(&nested.id).await? {
            found.extend(
                named
                    .get(name.as_str())
                    .map(|kind| Retained { kind: *kind, id }),
            );
        }
    }
    found.extend(remembered(cloud, settings).await?);
    found.sort();
    found.dedup();
    let mut there = Vec::new();
    for retained in found {
        if retained.presence(cloud).await? == Presence::Present {
            there.push(retained);
        }
    }
    Ok(there)
}

/// Writes down what is left, so that it can be purged when no stack knows of it any longer.
pub async fn remember(
    cloud: &dyn Cloud,
    settings: &Settings,
    retained: &[Retained],
) -> Result<(), Failure> {
    let text = serde_json::to_vec(retained).map_err(|error| Failure::Call {
        operation: "writing down what stays",
        reason: error.to_string(),
    })?;
    let body = Body::Bytes(text.into());
    cloud
        .put(&settings.bucket, REMEMBERED, &body, &BTreeMap::new())
        .await
}

/// CloudFormation names the trail's bucket after its stack, of which it may keep the beginning alone.
fn is_trail_of(bucket: &str, settings: &Settings) -> bool {
    let stack = format!("{}-SecurityStack", settings.stack()).to_lowercase();
    bucket
        .split_once("-trailbucket-")
        .is_some_and(|(named_after, _)| {
            let kept = named_after.len().min(stack.len());
            kept >= KEPT_OF_NAMES.min(stack.len()) && named_after.get(..kept) == stack.get(..kept)
        })
}

/// What an earlier destruction wrote down. Whatever else the file names is none of this stack's, and
/// a file that names it is to be looked at by somebody.
async fn remembered(cloud: &dyn Cloud, settings: &Settings) -> Result<Vec<Retained>, Failure> {
    let Some(stored) = cloud.get(&settings.bucket, REMEMBERED).await? else {
        return Ok(Vec::new());
    };
    let of_no_use = |cause: String| Failure::Known {
        operation: format!("reading {REMEMBERED}"),
        cause,
        remedy: "look at it, and remove it when it says nothing that is needed",
    };
    let named: Vec<Retained> =
        serde_json::from_slice(&stored.bytes).map_err(|error| of_no_use(error.to_string()))?;
    for retained in &named {
        if !retained.is_of(cloud, settings).await? {
            let stack = settings.stack();
            return Err(of_no_use(format!(
                "it names {retained}, which is not of {stack}"
            )));
        }
    }
    Ok(named)
}
