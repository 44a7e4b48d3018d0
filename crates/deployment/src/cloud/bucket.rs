//! The deployment bucket.

use std::collections::BTreeSet;

use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{
    BucketLocationConstraint, BucketVersioningStatus, CreateBucketConfiguration,
    PublicAccessBlockConfiguration, ServerSideEncryption, ServerSideEncryptionByDefault,
    ServerSideEncryptionConfiguration, ServerSideEncryptionRule, VersioningConfiguration,
};

use super::{Cloud, failed};
use crate::error::Failure;
use crate::release::Object;

/// Where a release lies in the bucket.
const PREFIXES: [&str; 2] = ["artifacts/", "cfn/"];

impl Cloud {
    /// All keys of the release's prefixes, or `None` when there is no bucket.
    pub(super) async fn bucket_keys(
        &self,
        bucket: &str,
    ) -> Result<Option<BTreeSet<String>>, Failure> {
        let mut keys = BTreeSet::new();
        for prefix in PREFIXES {
            let listing = self.s3.list_objects_v2().bucket(bucket).prefix(prefix);
            let mut pages = listing.into_paginator().send();
            while let Some(page) = pages.next().await {
                let page = match page {
                    Err(error) if error.code() == Some("NoSuchBucket") => return Ok(None),
                    page => page.map_err(failed("s3:ListObjectsV2"))?,
                };
                keys.extend(
                    page.contents()
                        .iter()
                        .filter_map(|object| object.key.clone()),
                );
            }
        }
        Ok(Some(keys))
    }

    /// Makes the bucket: private, versioned, encrypted.
    pub(crate) async fn create_bucket(&self, bucket: &str, region: &str) -> Result<(), Failure> {
        // The oldest Region is the one that must not be named.
        let place = (region != "us-east-1").then(|| {
            let constraint = BucketLocationConstraint::from(region);
            CreateBucketConfiguration::builder()
                .location_constraint(constraint)
                .build()
        });
        let creation = self
            .s3
            .create_bucket()
            .bucket(bucket)
            .set_create_bucket_configuration(place);
        creation.send().await.map_err(failed("s3:CreateBucket"))?;
        let blocked = PublicAccessBlockConfiguration::builder()
            .block_public_acls(true)
            .block_public_policy(true)
            .ignore_public_acls(true)
            .restrict_public_buckets(true)
            .build();
        let blocking = self.s3.put_public_access_block().bucket(bucket);
        let blocking = blocking
            .public_access_block_configuration(blocked)
            .send()
            .await;
        blocking.map_err(failed("s3:PutPublicAccessBlock"))?;
        let versioned = VersioningConfiguration::builder()
            .status(BucketVersioningStatus::Enabled)
            .build();
        let versioning = self.s3.put_bucket_versioning().bucket(bucket);
        let versioning = versioning.versioning_configuration(versioned).send().await;
        versioning.map_err(failed("s3:PutBucketVersioning"))?;
        self.encrypt_bucket(bucket).await
    }

    async fn encrypt_bucket(&self, bucket: &str) -> Result<(), Failure> {
        let refused = |error: aws_sdk_s3::error::BuildError| Failure::Call {
            operation: "s3:PutBucketEncryption",
            reason: error.to_string(),
        };
        let by_default = ServerSideEncryptionByDefault::builder()
            .sse_algorithm(ServerSideEncryption::Aes256)
            .build()
            .map_err(refused)?;
        let rule = ServerSideEncryptionRule::builder()
            .apply_server_side_encryption_by_default(by_default)
            .build();
        let encrypted = ServerSideEncryptionConfiguration::builder()
            .rules(rule)
            .build()
            .map_err(refused)?;
        let encryption = self.s3.put_bucket_encryption().bucket(bucket);
        let encryption = encryption
            .server_side_encryption_configuration(encrypted)
            .send()
            .await;
        encryption
            .map(drop)
            .map_err(failed("s3:PutBucketEncryption"))
    }

    /// Puts one object of the release into the bucket.
    pub(crate) async fn upload(&self, bucket: &str, object: &Object) -> Result<(), Failure> {
        let body = ByteStream::from_path(&object.file)
            .await
            .map_err(|error| Failure::File {
                file: object.file.display().to_string(),
                reason: error.to_string(),
            })?;
        let upload = self
            .s3
            .put_object()
            .bucket(bucket)
            .key(&object.key)
            .body(body)
            .send()
            .await;
        upload.map(drop).map_err(failed("s3:PutObject"))
    }
}
