//! Whose a deployment bucket is: what the bucket itself records, never what somebody says.

use std::fmt;

use serde::Deserialize;

use crate::cloud::Cloud;
use crate::error::Failure;
use crate::manifest::{MANIFEST, MANIFESTS};
use crate::settings::Settings;

/// One environment of one project.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Owner {
    /// The project.
    pub project: String,
    /// The environment.
    pub environment: String,
}

impl fmt::Display for Owner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}-{}", self.project, self.environment)
    }
}

/// What a bucket records about its owner.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Recorded {
    /// There is no bucket.
    NoBucket,
    /// Neither its manifest nor a copy of an earlier one says anything.
    Nobody,
    /// This environment.
    By(Owner),
}

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

/// Refuses a bucket that records another owner.
pub fn check(recorded: &Recorded, settings: &Settings) -> Result<(), Failure> {
    let Recorded::By(owner) = recorded else {
        return Ok(());
    };
    if (&owner.project, &owner.environment) == (&settings.project, &settings.environment) {
        return Ok(());
    }
    Err(Failure::OthersBucket {
        bucket: settings.bucket.clone(),
        owner: owner.to_string(),
        meant: settings.stack(),
    })
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
