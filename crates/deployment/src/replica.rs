//! The replica of the bucket in another Region, from which a stack stands up when the home Region is
//! lost: what it lacks.

use std::fmt;

use domain::counted::counted;

use crate::cloud::{Cloud, Presence};
use crate::error::Failure;
use crate::managed_keys::OWNED;
use crate::manifest::MANIFEST;
use crate::release::Object;
use crate::settings::Settings;

/// Where it lies.
#[derive(Clone, Copy, Debug)]
pub struct Elsewhere<'a> {
    /// The same account in its Region.
    pub cloud: &'a dyn Cloud,
    /// The bucket there.
    pub bucket: &'a str,
}

/// What it lacks.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Lacks {
    /// Whether there is a bucket.
    pub bucket: Presence,
    /// Keys of objects that it does not have, or has with another size.
    pub keys: Vec<String>,
    /// The manifest, where it has none or another one.
    pub manifest: Option<Vec<u8>>,
}

impl fmt::Display for Lacks {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.bucket == Presence::Absent {
            return formatter.write_str("there is no such bucket");
        }
        let count = self.keys.len();
        let objects = counted(count, "object", "objects");
        match (&self.manifest, count) {
            (None, _) => write!(formatter, "it lacks {objects}"),
            (Some(_), 0) => formatter.write_str("it lacks the manifest, or has another one"),
            (Some(_), _) => write!(
                formatter,
                "it lacks {objects} and the manifest, or has another one"
            ),
        }
    }
}

/// Looks at the replica; nothing where it lacks nothing. What is not built yet cannot be lacked.
pub async fn look(
    home: &dyn Cloud,
    settings: &Settings,
    there: Elsewhere<'_>,
    objects: impl Iterator<Item = &Object> + Send,
) -> Result<Option<Lacks>, Failure> {
    let Elsewhere { cloud, bucket } = there;
    let present = cloud.keys(bucket, &OWNED).await?;
    let presence = match present {
        Some(_) => Presence::Present,
        None => Presence::Absent,
    };
    let present = present.unwrap_or_default();
    let known = objects.filter(|object| !object.sha256.is_empty());
    let missing = known.filter(|object| {
        let there = present.get(&object.key);
        there.is_none_or(|listed| listed.size != object.size)
    });
    let keys: Vec<String> = missing.map(|object| object.key.clone()).collect();
    let wanted = home.get(&settings.bucket, MANIFEST).await?;
    let wanted = wanted.map(|stored| stored.bytes);
    let copied = cloud.get(bucket, MANIFEST).await?;
    let copied = copied.map(|stored| stored.bytes);
    let manifest = wanted.filter(|wanted| copied.as_ref() != Some(wanted));
    if keys.is_empty() && manifest.is_none() {
        return Ok(None);
    }
    Ok(Some(Lacks {
        bucket: presence,
        keys,
        manifest,
    }))
}
