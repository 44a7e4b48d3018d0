//! The steps of a plan that are about objects of the bucket.

use std::collections::BTreeMap;

use domain::counted::counted;
use futures::stream::{self, StreamExt, TryStreamExt};

use super::applying::{AT_ONCE, Applying, about};
use crate::error::Failure;
use crate::managed_keys::OWNED;
use crate::manifest::{MANIFEST, Manifest};
use crate::plan::Step;
use crate::progress::{Event, Progress};
use crate::release::Body;

/// Files that are many, and whose names tell little.
const SOURCES: [&str; 2] = ["lambda/", "frontend/"];

/// As many as S3 takes in one request.
const REMOVED_AT_ONCE: usize = 1000;

impl Applying<'_> {
    pub(super) async fn upload(
        &self,
        steps: &[Step],
        progress: &mut dyn Progress,
    ) -> Result<(), Failure> {
        let keys = steps.iter().filter_map(|step| {
            let Step::Upload { key, .. } = step else {
                return None;
            };
            Some(key.as_str())
        });
        let mut puts = stream::iter(keys)
            .map(|key| async move { self.put(key).await.map(|size| (key, size)) })
            .buffer_unordered(AT_ONCE);
        let mut sources = 0_usize;
        while let Some((key, size)) = puts.try_next().await? {
            if SOURCES.iter().any(|prefix| key.starts_with(prefix)) {
                sources += 1;
                continue;
            }
            progress.report(Event::Uploaded {
                key: key.to_owned(),
                size,
            });
        }
        if sources > 0 {
            progress.report(Event::Note(format!(
                "  uploaded {} of sources",
                counted(sources, "file", "files")
            )));
        }
        Ok(())
    }

    pub(super) async fn remove(
        &self,
        steps: &[Step],
        progress: &mut dyn Progress,
    ) -> Result<(), Failure> {
        let keys = steps.iter().filter_map(|step| {
            let Step::Remove { key } = step else {
                return None;
            };
            Some(key.clone())
        });
        let keys: Vec<String> = keys.collect();
        for some in keys.chunks(REMOVED_AT_ONCE) {
            self.cloud.remove(&self.settings.bucket, some).await?;
        }
        let objects = counted(keys.len(), "object", "objects");
        progress.report(Event::Note(format!("removed {objects} that nobody names")));
        Ok(())
    }

    /// From its earlier version, which the bucket keeps. Where it keeps none, the continuation itself
    /// shows whether it is needed.
    pub(super) async fn put_back(
        &self,
        key: &str,
        progress: &mut dyn Progress,
    ) -> Result<(), Failure> {
        let bucket = &self.settings.bucket;
        let Some(bytes) = self.cloud.earlier(bucket, key).await? else {
            progress.report(Event::Note(format!(
                "  neither this release nor an earlier version in the bucket has {key}: if the \
                 rollback fails for want of it, put it there and give the same command again"
            )));
            return Ok(());
        };
        let body = Body::Bytes(bytes.into());
        self.cloud.put(bucket, key, &body, &BTreeMap::new()).await
    }

    /// The copy first: a manifest that has no copy could be forgotten by the next sync.
    pub(super) async fn write_manifest(&self) -> Result<(), Failure> {
        let provenance = self.release.provenance.as_ref();
        let provenance = provenance.ok_or_else(|| {
            Failure::Manifest("nobody knows which commit this release is".to_owned())
        })?;
        let manifest = Manifest::of(
            self.release,
            self.settings,
            provenance,
            self.before,
            self.written,
        );
        let bucket = &self.settings.bucket;
        let stored = self.cloud.keys(bucket, &OWNED).await?.unwrap_or_default();
        let manifest = manifest.seen(&stored);
        let body = Body::Bytes(manifest.to_bytes().into());
        let about = about(self.release);
        self.cloud
            .put(bucket, &manifest.copy_key(), &body, &about)
            .await?;
        self.cloud.put(bucket, MANIFEST, &body, &about).await
    }
}
