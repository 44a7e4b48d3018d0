//! Both buckets over S3: listings to their end, deletions in batches whose every line is read.

use std::collections::BTreeSet;

use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_sdk_s3::Client;
use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{Delete, ObjectIdentifier};

use super::failed::failure;
use crate::ports::{ArchiveStore, ConsoleBucket, ObjectVersion, WorldFailure};
use crate::publication::Object;

/// The most that one `DeleteObjects` takes.
const LARGEST_DELETION: usize = 1_000;

/// S3.
#[derive(Debug)]
pub struct S3(Client);

impl S3 {
    /// A client for the configuration's Region.
    pub fn new(config: &SdkConfig) -> Self {
        Self(Client::new(config))
    }

    async fn delete_all(
        &self,
        bucket: &str,
        targets: impl Iterator<Item = (String, Option<String>)> + Send,
    ) -> Result<(), WorldFailure> {
        const OPERATION: &str = "DeleteObjects";
        let failed = |reason: String| WorldFailure {
            operation: OPERATION,
            subject: bucket.to_owned(),
            reason,
        };
        let targets = targets
            .map(|(key, version)| {
                ObjectIdentifier::builder()
                    .key(key)
                    .set_version_id(version)
                    .build()
            })
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| failed(error.to_string()))?;
        for batch in targets.chunks(LARGEST_DELETION) {
            let batch = Delete::builder()
                .set_objects(Some(batch.to_vec()))
                .quiet(true)
                .build()
                .map_err(|error| failed(error.to_string()))?;
            let answer = self
                .0
                .delete_objects()
                .bucket(bucket)
                .delete(batch)
                .send()
                .await
                .map_err(|error| failure(OPERATION, bucket, &error))?;
            if let Some(first) = answer.errors().first() {
                return Err(failed(format!(
                    "{} of its objects were not deleted, the first is {}: {}",
                    answer.errors().len(),
                    first.key().unwrap_or("unnamed"),
                    first.code().unwrap_or("no code"),
                )));
            }
        }
        Ok(())
    }
}

#[async_trait]
impl ArchiveStore for S3 {
    async fn fetch(&self, bucket: &str, key: &str, limit: u64) -> Result<Vec<u8>, WorldFailure> {
        const OPERATION: &str = "GetObject";
        let subject = format!("{bucket}/{key}");
        let failed = |reason: String| WorldFailure {
            operation: OPERATION,
            subject: subject.clone(),
            reason,
        };
        let mut answer = self
            .0
            .get_object()
            .bucket(bucket)
            .key(key)
            .send()
            .await
            .map_err(|error| failure(OPERATION, &subject, &error))?;
        let mut content = Vec::new();
        while let Some(chunk) = answer.body.next().await {
            let chunk = chunk.map_err(|_| failed("the answer broke off".to_owned()))?;
            content.extend_from_slice(&chunk);
            if content.len() as u64 > limit {
                return Err(failed(format!("it is larger than {limit} bytes")));
            }
        }
        Ok(content)
    }
}

#[async_trait]
impl ConsoleBucket for S3 {
    async fn keys(&self, bucket: &str) -> Result<BTreeSet<String>, WorldFailure> {
        let mut pages = self
            .0
            .list_objects_v2()
            .bucket(bucket)
            .into_paginator()
            .send();
        let mut keys = BTreeSet::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| failure("ListObjectsV2", bucket, &error))?;
            keys.extend(
                page.contents()
                    .iter()
                    .filter_map(|object| object.key().map(str::to_owned)),
            );
        }
        Ok(keys)
    }

    async fn put(&self, bucket: &str, object: &Object) -> Result<(), WorldFailure> {
        self.0
            .put_object()
            .bucket(bucket)
            .key(&object.key)
            .content_type(object.content_type)
            .cache_control(object.cache_control)
            .body(ByteStream::from(object.content.clone()))
            .send()
            .await
            .map_err(|error| failure("PutObject", format!("{bucket}/{}", object.key), &error))?;
        Ok(())
    }

    async fn delete(&self, bucket: &str, keys: &[String]) -> Result<(), WorldFailure> {
        self.delete_all(bucket, keys.iter().map(|key| (key.clone(), None)))
            .await
    }

    async fn versions(&self, bucket: &str) -> Result<Vec<ObjectVersion>, WorldFailure> {
        let page = match self.0.list_object_versions().bucket(bucket).send().await {
            Ok(page) => page,
            Err(error) if error.code() == Some("NoSuchBucket") => return Ok(Vec::new()),
            Err(error) => return Err(failure("ListObjectVersions", bucket, &error)),
        };
        let versions = page
            .versions()
            .iter()
            .map(|version| (version.key(), version.version_id()));
        let markers = page
            .delete_markers()
            .iter()
            .map(|marker| (marker.key(), marker.version_id()));
        Ok(versions
            .chain(markers)
            .filter_map(|(key, version_id)| {
                Some(ObjectVersion {
                    key: key?.to_owned(),
                    version_id: version_id?.to_owned(),
                })
            })
            .collect())
    }

    async fn delete_versions(
        &self,
        bucket: &str,
        versions: &[ObjectVersion],
    ) -> Result<(), WorldFailure> {
        let targets = versions
            .iter()
            .map(|version| (version.key.clone(), Some(version.version_id.clone())));
        self.delete_all(bucket, targets).await
    }
}
