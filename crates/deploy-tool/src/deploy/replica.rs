//! The replica of the bucket in another Region, from which a stack stands up when the home Region is
//! lost. The export of groups and plans beside it is the running product's own affair.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use deployment::aws::AwsCloud;
use deployment::cloud::{Cloud, Presence};
use deployment::manifest::MANIFEST;
use deployment::observation::{OWNED, Stack};
use deployment::release::{Body, Release};
use deployment::settings::{REPLICA_REGION, Replica};
use futures::stream::{self, StreamExt, TryStreamExt};

use super::bytes_of;
use crate::ground::Ground;
use crate::settings_file::{Said, check_region};

/// What is said instead of a Region by whoever wants no replica any longer.
const NONE: &str = "none";
const AT_ONCE: usize = 16;

/// What the replica lacks.
#[derive(Debug)]
pub(super) struct Behind {
    cloud: AwsCloud,
    bucket: String,
    presence: Presence,
    keys: Vec<String>,
    manifest: Option<Vec<u8>>,
}

/// What somebody says by `--replica-region`.
pub(super) fn said(ground: &Ground, region: Option<&str>) -> Result<Replica> {
    match region {
        None => Ok(Replica::Unsaid),
        Some(NONE) => Ok(Replica::Ended),
        Some(region) if region == ground.settings.region => {
            bail!("a replica lies in another Region, and {region} is the stack's own")
        }
        Some(region) => {
            check_region(&Said {
                text: region.to_owned(),
                place: "--replica-region".to_owned(),
            })?;
            Ok(Replica::At {
                region: region.to_owned(),
                bucket: ground.bucket_in(region),
            })
        }
    }
}

/// The Region of the replica; where nobody says anything, as the stack remembers it.
async fn region(ground: &Ground, stack: Option<&Stack>) -> Result<Option<String>> {
    let remembered = match (&ground.settings.replica, stack) {
        (Replica::At { region, .. }, _) => return Ok(Some(region.clone())),
        (Replica::Ended, _) => return Ok(None),
        (Replica::Unsaid, Some(stack)) => stack.parameters.get(REPLICA_REGION).cloned(),
        (Replica::Unsaid, None) => {
            let stack = ground.cloud.stack(&ground.settings.stack()).await?;
            stack.and_then(|stack| stack.parameters.get(REPLICA_REGION).cloned())
        }
    };
    Ok(remembered.filter(|region| !region.is_empty()))
}

/// Looks at the replica; nothing where none is kept, or where it lacks nothing.
pub(super) async fn behind(
    ground: &Ground,
    stack: Option<&Stack>,
    release: &Release,
) -> Result<Option<Behind>> {
    let Some(region) = region(ground, stack).await? else {
        return Ok(None);
    };
    let (cloud, bucket) = ground.elsewhere(&region).await;
    let present = cloud.keys(&bucket, &OWNED).await?;
    let presence = match present {
        Some(_) => Presence::Present,
        None => Presence::Absent,
    };
    let present = present.unwrap_or_default();
    let known = release.objects().filter(|object| !object.sha256.is_empty());
    let missing = known.filter(|object| {
        let there = present.get(&object.key);
        there.is_none_or(|listed| listed.size != object.size)
    });
    let keys: Vec<String> = missing.map(|object| object.key.clone()).collect();
    let home = ground.cloud.get(&ground.settings.bucket, MANIFEST).await?;
    let home = home.map(|stored| stored.bytes);
    let there = cloud
        .get(&bucket, MANIFEST)
        .await?
        .map(|stored| stored.bytes);
    let manifest = home.filter(|home| there.as_ref() != Some(home));
    if keys.is_empty() && manifest.is_none() {
        return Ok(None);
    }
    ground
        .audience
        .tell(&format!("replica {bucket}: {} objects behind", keys.len()));
    Ok(Some(Behind {
        cloud,
        bucket,
        presence,
        keys,
        manifest,
    }))
}

/// Copies what is missing, the manifest last.
pub(super) async fn catch_up(ground: &Ground, behind: Behind, release: &Release) -> Result<()> {
    let Behind {
        cloud,
        bucket,
        presence,
        keys,
        manifest,
    } = behind;
    if presence == Presence::Absent {
        ground.audience.tell(&format!("create bucket {bucket}"));
        cloud.create_bucket(&bucket).await?;
    }
    let about = BTreeMap::new();
    let (cloud, bucket, about) = (&cloud, bucket.as_str(), &about);
    let objects: Vec<_> = release
        .objects()
        .filter(|object| keys.contains(&object.key))
        .collect();
    stream::iter(objects)
        .map(Ok)
        .try_for_each_concurrent(AT_ONCE, |object| async move {
            let body = Body::Bytes(bytes_of(ground, object).await?.into());
            cloud.put(bucket, &object.key, &body, about).await?;
            anyhow::Ok(())
        })
        .await?;
    if let Some(manifest) = manifest {
        cloud
            .put(bucket, MANIFEST, &Body::Bytes(manifest.into()), about)
            .await?;
    }
    ground
        .audience
        .tell(&format!("replica {bucket} has caught up"));
    Ok(())
}
