//! What of a bucket is the tool's own: keys of the forms that it makes. Whatever else lies there is
//! somebody's, and no sync removes it.

use crate::cloud::Cloud;
use crate::error::Failure;
use crate::lock::LOCK;
use crate::manifest::{MANIFEST, MANIFESTS, Manifest};
use crate::release::BILLS;
use crate::settings::Settings;

/// Where everything lies that a sync may remove.
pub const OWNED: [&str; 6] = [
    "artifacts/",
    BILLS,
    "cfn/",
    "frontend/",
    "lambda/",
    MANIFESTS,
];

/// Prefixes of what the tool or the product writes besides: records, and exports of groups and plans.
const NAMED: [&str; 2] = ["records/", "exports/"];

/// Whether a sync may have put an object there under this key.
pub fn is_made_by_a_sync(key: &str) -> bool {
    if key.starts_with(MANIFESTS) {
        return is_copy(key);
    }
    if let Some(archive) = key.strip_prefix("artifacts/") {
        let stem = archive.strip_suffix(".zip");
        let parts = stem.and_then(|stem| stem.rsplit_once('-'));
        return parts.is_some_and(|(name, digest)| !name.contains('/') && is_digest(digest));
    }
    let mut parts = key.splitn(3, '/');
    let prefix = parts.next().unwrap_or_default();
    let digest = parts.next().unwrap_or_default();
    let is_owned = OWNED
        .iter()
        .any(|owned| owned.strip_suffix('/') == Some(prefix));
    is_owned && is_digest(digest) && parts.next().is_some()
}

/// Whether it is named as the copies of manifests are: after time and commit.
pub fn is_copy(key: &str) -> bool {
    let name = key.strip_prefix(MANIFESTS);
    let name = name.and_then(|name| name.strip_suffix(".json"));
    name.is_some_and(|name| name.contains('-') && !name.contains('/'))
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.chars().all(|letter| letter.is_ascii_hexdigit())
}

/// What the bucket holds that no rule names. A copy of a manifest must be one.
pub async fn orphans(cloud: &dyn Cloud, settings: &Settings) -> Result<Vec<String>, Failure> {
    let bucket = &settings.bucket;
    let keys = cloud.keys(bucket, &[""]).await?;
    let keys = keys.ok_or_else(|| Failure::NoBucket {
        bucket: bucket.clone(),
    })?;
    let mut orphans = Vec::new();
    for key in keys.into_keys() {
        let is_named = key == MANIFEST
            || key == LOCK
            || NAMED.iter().any(|prefix| key.starts_with(prefix))
            || is_made_by_a_sync(&key);
        let is_orphan = if is_copy(&key) {
            copy(cloud, settings, &key).await?.is_none()
        } else {
            !is_named
        };
        if is_orphan {
            orphans.push(key);
        }
    }
    Ok(orphans)
}

/// The copy of a manifest of this environment under this key; nothing where something else lies there.
pub async fn copy(
    cloud: &dyn Cloud,
    settings: &Settings,
    key: &str,
) -> Result<Option<Manifest>, Failure> {
    let stored = cloud.get(&settings.bucket, key).await?;
    Ok(stored.and_then(|stored| Manifest::read(&stored.bytes, settings).ok()))
}
