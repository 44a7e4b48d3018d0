//! Whose a deployment bucket is: read from the bucket, and asked before anything in it is deleted.

use crate::cloud::Cloud;
use crate::error::Failure;
use crate::manifest::{MANIFEST, MANIFESTS};
use crate::owner::{Owner, Recorded, check};
use crate::settings::Settings;

/// Reads the owner out of the manifest; where that says nothing, out of its newest copy.
pub async fn recorded(cloud: &dyn Cloud, bucket: &str) -> Result<Recorded, Failure> {
    let manifest = cloud.get(bucket, MANIFEST).await?;
    if let Some(owner) = manifest.and_then(|stored| named(&stored.bytes)) {
        return Ok(Recorded::By(owner));
    }
    let Some(copies) = cloud.keys(bucket, &[MANIFESTS]).await? else {
        return Ok(Recorded::NoBucket);
    };
    for key in copies.keys().rev() {
        let copy = cloud.get(bucket, key).await?;
        if let Some(owner) = copy.and_then(|stored| named(&stored.bytes)) {
            return Ok(Recorded::By(owner));
        }
    }
    Ok(Recorded::Nobody)
}

/// The owner that a manifest of any version names.
fn named(bytes: &[u8]) -> Option<Owner> {
    serde_json::from_slice(bytes).ok()
}

/// What stands before everything that deletes: a bucket of another owner is refused, and so is one
/// that holds something, records no owner and has the name of no bucket of this environment.
pub async fn check_before_deletion(
    cloud: &dyn Cloud,
    settings: &Settings,
) -> Result<Recorded, Failure> {
    let recorded = recorded(cloud, &settings.bucket).await?;
    check(&recorded, settings)?;
    let is_named_so = settings
        .bucket
        .starts_with(&format!("{}-deploy-", settings.stack()));
    if recorded == Recorded::Nobody && !is_named_so {
        let keys = cloud.keys(&settings.bucket, &[""]).await?;
        if keys.is_some_and(|keys| !keys.is_empty()) {
            return Err(Failure::NobodysBucket {
                bucket: settings.bucket.clone(),
                meant: settings.stack(),
            });
        }
    }
    Ok(recorded)
}
