//! What a destruction deletes, what it keeps and what is not there to be either: a value, before
//! anything is touched.

use std::fmt;

use serde::Serialize;

use crate::cloud::Presence;
use crate::error::Failure;
use crate::instances::LeftInstance;
use crate::retained::{self, Retained};
use crate::settings::Settings;

/// What was found that a destruction is about.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The status of the master stack; nothing where there is none.
    pub stack: Option<String>,
    /// The deployment bucket.
    pub bucket: Presence,
    /// What the stacks will leave or have left.
    pub retained: Vec<Retained>,
    /// Instances that nothing will know of.
    pub instances: Vec<LeftInstance>,
    /// The replica that the stack remembers.
    pub replica: Option<SeenReplica>,
}

/// A replica, as far as it could be looked at.
#[derive(Clone, Debug)]
pub struct SeenReplica {
    /// Its bucket.
    pub bucket: String,
    /// Its Region.
    pub region: String,
    /// Whether it is there; or why nobody knows.
    pub presence: Result<Presence, String>,
}

/// What becomes of what holds data.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Data {
    /// It stays.
    Kept,
    /// It goes, as far as it can.
    Purged,
}

/// All of it, in the order in which it is told.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Destruction {
    /// Each thing, and what becomes of it.
    pub things: Vec<Thing>,
    /// Instances that are left.
    pub left_instances: Vec<LeftInstance>,
}

/// One thing.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Thing {
    /// What it is.
    pub kind: Kind,
    /// Its name, or its id where it has none.
    pub id: String,
    /// What becomes of it.
    pub fate: Fate,
    /// How a person calls it.
    #[serde(skip)]
    words: String,
}

/// What kind of thing it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// The master stack, with its nested stacks.
    Stack,
    /// A table.
    Table,
    /// The users.
    UserPool,
    /// The trail's bucket.
    TrailBucket,
    /// The role by which API Gateway logs.
    SharedRole,
    /// The deployment bucket.
    DeploymentBucket,
    /// The replica of the deployment bucket.
    Replica,
}

/// What becomes of a thing.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Fate {
    /// It is deleted.
    Delete,
    /// It is kept.
    Keep,
    /// There is none.
    Absent,
}

/// What becomes of everything that was seen.
pub fn plan(settings: &Settings, seen: Seen, data: Data) -> Destruction {
    let of_data = match data {
        Data::Kept => Fate::Keep,
        Data::Purged => Fate::Delete,
    };
    let retained = seen.retained.iter().map(|one| Thing {
        kind: kind(one.kind),
        id: one.id.clone(),
        fate: if one.can_go() { of_data } else { Fate::Keep },
        words: one.to_string(),
    });
    let bucket = Thing {
        kind: Kind::DeploymentBucket,
        id: settings.bucket.clone(),
        fate: fate(seen.bucket, of_data),
        words: format!("the deployment bucket {}", settings.bucket),
    };
    let things = std::iter::once(stack(settings, seen.stack.as_deref()));
    let things = things.chain(retained).chain([bucket]);
    Destruction {
        things: things.chain(seen.replica.map(replica)).collect(),
        left_instances: seen.instances,
    }
}

fn stack(settings: &Settings, status: Option<&str>) -> Thing {
    let id = settings.stack();
    let (fate, words) = match status {
        Some(status) => (
            Fate::Delete,
            format!("the stack {id}, which is {status}, with its nested stacks and its console"),
        ),
        None => (Fate::Absent, format!("the stack {id}")),
    };
    let kind = Kind::Stack;
    Thing {
        kind,
        id,
        fate,
        words,
    }
}

/// One that cannot be looked at may be there.
fn replica(seen: SeenReplica) -> Thing {
    let SeenReplica {
        bucket,
        region,
        presence,
    } = seen;
    let words = format!("the replica {bucket} in {region}");
    let (fate, words) = match presence {
        Ok(presence) => (fate(presence, Fate::Keep), words),
        Err(reason) => {
            let words = format!("{words}, which cannot be looked at ({reason})");
            (Fate::Keep, words)
        }
    };
    Thing {
        kind: Kind::Replica,
        id: bucket,
        fate,
        words,
    }
}

fn fate(presence: Presence, where_there: Fate) -> Fate {
    match presence {
        Presence::Present => where_there,
        Presence::Absent => Fate::Absent,
    }
}

fn kind(kind: retained::Kind) -> Kind {
    match kind {
        retained::Kind::Table => Kind::Table,
        retained::Kind::UserPool => Kind::UserPool,
        retained::Kind::Bucket => Kind::TrailBucket,
        retained::Kind::SharedRole => Kind::SharedRole,
    }
}

impl Destruction {
    /// The things of this fate.
    fn of_fate(&self, fate: Fate) -> impl Iterator<Item = &Thing> {
        self.things.iter().filter(move |thing| thing.fate == fate)
    }

    /// Refuses to carry this out where another one is right by now: nobody has agreed to that.
    pub fn refuse_another(&self, now: &Self) -> Result<(), Failure> {
        if self == now {
            return Ok(());
        }
        Err(Failure::Refused(format!(
            "what there is has changed since it was shown, so nothing is destroyed; it would now be:\n\
             {now}give the command again"
        )))
    }

    /// Whether anything is deleted.
    pub fn deletes_something(&self) -> bool {
        self.of_fate(Fate::Delete).next().is_some()
    }

    /// Whether the deployment bucket is.
    pub fn deletes_the_bucket(&self) -> bool {
        let mut deleted = self.of_fate(Fate::Delete);
        deleted.any(|thing| thing.kind == Kind::DeploymentBucket)
    }

    /// What is there afterwards, as a person calls it.
    pub fn what_stays(&self) -> Vec<String> {
        let kept = self.of_fate(Fate::Keep).map(|thing| thing.words.clone());
        let left = self.left_instances.iter();
        kept.chain(left.map(|instance| format!("the instance {instance}")))
            .collect()
    }
}

impl fmt::Display for Destruction {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for thing in &self.things {
            writeln!(formatter, "{thing}")?;
        }
        for instance in &self.left_instances {
            writeln!(formatter, "leave the instance {instance}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Thing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = &self.words;
        match self.fate {
            Fate::Delete => write!(formatter, "delete {words}"),
            Fate::Keep => write!(formatter, "keep {words}"),
            Fate::Absent => {
                let words = words.strip_prefix("the ").unwrap_or(words);
                write!(formatter, "there is no {words}")
            }
        }
    }
}
