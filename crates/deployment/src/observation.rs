//! What is there before a deployment: the bucket, its manifest, and the master stack as it stands.

mod stack;

use std::collections::BTreeSet;

use futures::future::{join_all, try_join_all};

use crate::cloud::{Cloud, Keys, Presence};
use crate::error::Failure;
use crate::managed_keys::{self, OWNED};
use crate::manifest::{KEPT_MANIFESTS, MANIFEST, Manifest};
use crate::release::Release;
use crate::rollback_dependencies::{self, Needs};
use crate::running_code::{self, Runs};
use crate::settings::Settings;

pub use stack::{Stack, StackPhase, stack};

/// Where a release without sources lies.
const DEPLOYED: [&str; 2] = ["artifacts/", "cfn/"];

/// The tables, which outlive their stack.
pub const TABLES: [&str; 3] = ["protection-groups", "recovery-plans", "execution-history"];

/// What a plan is computed from, besides the release.
#[derive(Clone, Debug, Default)]
pub struct Observation {
    /// The objects below the owned prefixes; `None` when there is no bucket.
    pub bucket: Option<Keys>,
    /// The manifest, if there is one.
    pub manifest: Option<Manifest>,
    /// What the release does not name and yet stays.
    pub protected: Protected,
    /// The master stack; `None` when there is none.
    pub stack: Option<Stack>,
    /// What runs; looked at only where the stack stands.
    pub runs: Runs,
    /// Tables that an earlier stack left, or that a stack keeps which must be deleted; looked for only
    /// where a stack is to be created.
    pub left_tables: Vec<String>,
}

/// What somebody may still need of the bucket.
#[derive(Clone, Debug, Default)]
pub struct Protected {
    /// The copies of earlier manifests, newest first.
    pub copies: Vec<Copied>,
    /// Digests of the archives that functions run.
    pub running: BTreeSet<String>,
    /// What the deployed stacks need.
    pub needs: Needs,
}

/// A copy of an earlier manifest.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Copied {
    /// Where it lies.
    pub key: String,
    /// The keys that it names; none where nothing but copies could be removed.
    pub names: BTreeSet<String>,
}

/// Looks at the bucket and at the stack. A release with sources is looked at whole.
pub async fn observe(
    cloud: &dyn Cloud,
    settings: &Settings,
    release: &Release,
) -> Result<Observation, Failure> {
    if release.provenance.is_none() {
        let (bucket, stack) = tokio::join!(
            cloud.keys(&settings.bucket, &DEPLOYED),
            stack(cloud, settings)
        );
        return Ok(Observation {
            bucket: bucket?,
            stack: stack?,
            ..Observation::default()
        });
    }
    let (mut observation, stack) = tokio::join!(
        observe_bucket(cloud, settings, release),
        stack(cloud, settings)
    );
    if let Ok(observation) = &mut observation {
        observation.stack = stack?;
        let stack = observation.stack.as_ref();
        match stack.map(|stack| (stack, stack.phase())) {
            None | Some((_, StackPhase::NeverCreated | StackPhase::MustBeDeleted)) => {
                observation.left_tables = left_tables(cloud, settings).await?;
            }
            Some((_, StackPhase::RollbackFailed)) => {
                observation.protected.needs = rollback_dependencies::look(cloud, settings).await?;
            }
            Some((stack, StackPhase::Stands)) => {
                let nothing = Keys::new();
                let bucket = observation.bucket.as_ref().unwrap_or(&nothing);
                observation.runs =
                    running_code::look(cloud, settings, release, stack, bucket).await?;
            }
            Some((_, StackPhase::Busy | StackPhase::Unknown)) => {}
        }
    }
    observation
}

/// Looks at the bucket alone.
pub async fn observe_bucket(
    cloud: &dyn Cloud,
    settings: &Settings,
    release: &Release,
) -> Result<Observation, Failure> {
    let (bucket, manifest) = tokio::join!(
        cloud.keys(&settings.bucket, &OWNED),
        manifest(cloud, settings)
    );
    // One that cannot be read says nothing, and is written anew.
    let manifest = match manifest {
        Err(Failure::Manifest(_)) => None,
        manifest => manifest?,
    };
    let bucket = bucket?;
    let named: BTreeSet<&str> = release
        .objects()
        .map(|object| object.key.as_str())
        .collect();
    let keys = bucket.iter().flat_map(Keys::keys);
    let superfluous: Vec<&String> = keys.filter(|key| !named.contains(key.as_str())).collect();
    let protected = protected(cloud, settings, &superfluous).await?;
    Ok(Observation {
        bucket,
        manifest,
        protected,
        ..Observation::default()
    })
}

/// The manifest of the bucket.
pub async fn manifest(cloud: &dyn Cloud, settings: &Settings) -> Result<Option<Manifest>, Failure> {
    let stored = cloud.get(&settings.bucket, MANIFEST).await?;
    stored
        .map(|stored| Manifest::read(&stored.bytes, settings))
        .transpose()
}

/// Asked only where something could be removed: that is rare, and what it costs is a round trip.
async fn protected(
    cloud: &dyn Cloud,
    settings: &Settings,
    superfluous: &[&String],
) -> Result<Protected, Failure> {
    let copies = superfluous.iter().filter(|key| managed_keys::is_copy(key));
    let copies: Vec<&str> = copies.rev().map(|key| key.as_str()).collect();
    let mut removable = superfluous
        .iter()
        .filter(|key| managed_keys::is_made_by_a_sync(key));
    if removable.all(|key| managed_keys::is_copy(key)) {
        let unread = copies.into_iter().map(|key| Copied {
            key: key.to_owned(),
            names: BTreeSet::new(),
        });
        return Ok(Protected {
            copies: unread.collect(),
            ..Protected::default()
        });
    }
    let read = copies
        .iter()
        .map(|key| managed_keys::copy(cloud, settings, key));
    let read = try_join_all(read).await?;
    // What is no manifest is somebody's, and says nothing of what may go.
    let read = copies.into_iter().zip(read);
    let copies: Vec<Copied> = read
        .filter_map(|(key, manifest)| {
            Some(Copied {
                key: key.to_owned(),
                names: manifest?.keys(),
            })
        })
        .collect();
    let newest = copies.iter().take(KEPT_MANIFESTS - 1);
    let keys: BTreeSet<&str> = newest
        .flat_map(|copy| copy.names.iter().map(String::as_str))
        .collect();
    let unnamed = |prefix: &str| {
        let mut below = superfluous.iter().filter(|key| key.starts_with(prefix));
        below.any(|key| !keys.contains(key.as_str()))
    };
    let running = if unnamed("artifacts/") {
        running(cloud, settings).await?
    } else {
        BTreeSet::new()
    };
    let needs = if unnamed("artifacts/") || unnamed("cfn/") {
        rollback_dependencies::look(cloud, settings).await?
    } else {
        Needs::default()
    };
    Ok(Protected {
        copies,
        running,
        needs,
    })
}

async fn running(cloud: &dyn Cloud, settings: &Settings) -> Result<BTreeSet<String>, Failure> {
    let digests = running_code::digests(cloud, settings).await?;
    Ok(digests.into_values().flatten().collect())
}

async fn left_tables(cloud: &dyn Cloud, settings: &Settings) -> Result<Vec<String>, Failure> {
    let names = TABLES.map(|table| settings.function(table));
    let looks = join_all(names.iter().map(|name| cloud.table(name))).await;
    let mut left = Vec::new();
    for (name, presence) in names.iter().zip(looks) {
        if presence? == Presence::Present {
            left.push(name.clone());
        }
    }
    Ok(left)
}
