//! What a plan is carried out with, and what every step of it needs.

use std::collections::BTreeMap;

use crate::cloud::Cloud;
use crate::error::Failure;
use crate::manifest::{Manifest, Written};
use crate::release::{Body, Object, Release, Tree};
use crate::settings::Settings;

/// How many objects are transferred at the same time.
pub(super) const AT_ONCE: usize = 16;

/// What a plan is carried out with.
#[derive(Clone, Copy, Debug)]
pub struct Applying<'a> {
    /// What shall run.
    pub release: &'a Release,
    /// Where.
    pub settings: &'a Settings,
    /// AWS.
    pub cloud: &'a dyn Cloud,
    /// Whether resources that hold data may be replaced or removed.
    pub replacements: Replacements,
    /// The manifest before.
    pub before: Option<&'a Manifest>,
    /// Who writes the new one, and when.
    pub written: &'a Written,
}

/// Whether resources that hold data may be replaced or removed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Replacements {
    /// They may not.
    Refused,
    /// Somebody has said that they may.
    Allowed,
}

impl Applying<'_> {
    /// The object of the release that lies under this key.
    fn object(&self, key: &str) -> Result<&Object, Failure> {
        let mut objects = self.release.objects();
        objects
            .find(|object| object.key == key)
            .ok_or_else(|| Failure::File {
                file: key.to_owned(),
                reason: "the release has no such object".to_owned(),
            })
    }

    /// Puts an object of the release into the bucket; answers its size in bytes.
    pub(super) async fn put(&self, key: &str) -> Result<u64, Failure> {
        let object = self.object(key)?;
        let about = about(self.release);
        let body: &Body = &object.body;
        self.cloud
            .put(&self.settings.bucket, key, body, &about)
            .await?;
        Ok(object.size)
    }
}

/// What each object says of itself.
pub(super) fn about(release: &Release) -> BTreeMap<String, String> {
    let Some(provenance) = &release.provenance else {
        return BTreeMap::new();
    };
    let tree = match provenance.tree {
        Tree::Clean => "clean",
        Tree::Dirty => "dirty",
    };
    BTreeMap::from([
        ("git-commit".to_owned(), provenance.commit.clone()),
        ("git-tree".to_owned(), tree.to_owned()),
    ])
}
