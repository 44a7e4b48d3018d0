//! The replica of the bucket in another Region, from which a stack stands up when the home Region is
//! lost; and the export of groups and plans beside it.

use std::collections::BTreeMap;

use anyhow::Result;
use deployment::aws::AwsCloud;
use deployment::cloud::{Cloud, Presence};
use deployment::manifest::MANIFEST;
use deployment::observation::OWNED;
use deployment::release::{Body, Release};
use futures::stream::{self, StreamExt, TryStreamExt};
use serde_json::Value;

use super::bytes_of;
use crate::ground::Ground;

/// Where the exported items lie.
pub(super) const EXPORTS: &str = "exports/";
/// The tables that people made by hand; history stays where it happened.
const EXPORTED: [&str; 2] = ["protection-groups", "recovery-plans"];
const AT_ONCE: usize = 16;

/// What the replica lacks.
#[derive(Debug)]
pub(super) struct Behind {
    cloud: AwsCloud,
    bucket: String,
    presence: Presence,
    keys: Vec<String>,
    manifest: Option<Vec<u8>>,
    exports: BTreeMap<String, Vec<u8>>,
}

/// Looks at the replica; nothing where none is wanted, or where it lacks nothing.
pub(super) async fn behind(
    ground: &Ground,
    region: Option<&str>,
    release: &Release,
) -> Result<Option<Behind>> {
    let Some(region) = region else {
        return Ok(None);
    };
    let (cloud, bucket) = ground.elsewhere(region).await;
    let present = cloud.keys(&bucket, &OWNED).await?;
    let presence = match present {
        Some(_) => Presence::Present,
        None => Presence::Absent,
    };
    let present = present.unwrap_or_default();
    let known = release.objects().filter(|object| !object.sha256.is_empty());
    let missing = known.filter(|object| !present.contains_key(&object.key));
    let keys: Vec<String> = missing.map(|object| object.key.clone()).collect();
    let home = ground.cloud.get(&ground.settings.bucket, MANIFEST).await?;
    let home = home.map(|stored| stored.bytes);
    let there = cloud
        .get(&bucket, MANIFEST)
        .await?
        .map(|stored| stored.bytes);
    let manifest = home.filter(|home| there.as_ref() != Some(home));
    let mut exports = exports(ground).await?;
    for (key, bytes) in std::mem::take(&mut exports) {
        let there = cloud.get(&bucket, &key).await?;
        if there.is_none_or(|stored| stored.bytes != bytes) {
            exports.insert(key, bytes);
        }
    }
    if keys.is_empty() && manifest.is_none() && exports.is_empty() {
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
        exports,
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
        exports,
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
    for (key, bytes) in exports {
        cloud
            .put(bucket, &key, &Body::Bytes(bytes.into()), about)
            .await?;
    }
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

/// The items of the tables, in the order of their keys.
async fn exports(ground: &Ground) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut exports = BTreeMap::new();
    for name in EXPORTED {
        let table = ground.settings.function(name);
        if ground.cloud.table(&table).await? == Presence::Absent {
            continue;
        }
        let mut items = ground.cloud.items(&table).await?;
        items.sort_by_key(|item| [item["pk"].to_string(), item["sk"].to_string()]);
        let text = Value::Array(items).to_string();
        exports.insert(format!("{EXPORTS}{name}.json"), text.into_bytes());
    }
    Ok(exports)
}
