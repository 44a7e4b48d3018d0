//! Buckets and their objects.

use std::collections::BTreeMap;

use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{
    BucketLocationConstraint, BucketVersioningStatus, ChecksumAlgorithm, CreateBucketConfiguration,
    Delete, ObjectIdentifier, PublicAccessBlockConfiguration, ServerSideEncryption,
    ServerSideEncryptionByDefault, ServerSideEncryptionConfiguration, ServerSideEncryptionRule,
    VersioningConfiguration,
};
use domain::region::Partition;
use futures::future::try_join_all;
use serde_json::json;

use super::{AwsCloud, failed};
use crate::cloud::{Condition, Keys, Listed, Stored, Written};
use crate::error::Failure;
use crate::release::Body;

/// As many as one request takes.
const REMOVED_AT_ONCE: usize = 1000;

impl AwsCloud {
    pub(super) async fn all_keys(
        &self,
        bucket: &str,
        prefixes: &[&str],
    ) -> Result<Option<Keys>, Failure> {
        let listings = prefixes
            .iter()
            .map(|prefix| self.keys_below(bucket, prefix));
        let listings = try_join_all(listings).await?;
        let listings: Option<Vec<Keys>> = listings.into_iter().collect();
        Ok(listings.map(|listings| listings.into_iter().flatten().collect()))
    }

    async fn keys_below(&self, bucket: &str, prefix: &str) -> Result<Option<Keys>, Failure> {
        let mut keys = Keys::new();
        let listing = self.s3.list_objects_v2().bucket(bucket).prefix(prefix);
        let mut pages = listing.into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = match page {
                Err(error) if error.code() == Some("NoSuchBucket") => return Ok(None),
                page => page.map_err(failed("s3:ListBucket"))?,
            };
            keys.extend(page.contents().iter().filter_map(|object| {
                let size = u64::try_from(object.size.unwrap_or_default()).unwrap_or_default();
                let tag = object.e_tag().unwrap_or_default();
                let tag = tag.trim_matches('"').to_owned();
                Some((object.key.clone()?, Listed { size, tag }))
            }));
        }
        Ok(Some(keys))
    }

    /// Everything in it can be done again, so an interrupted creation is finished by the next one.
    pub(super) async fn secure_bucket(&self, bucket: &str) -> Result<(), Failure> {
        // The oldest Region is the one that must not be named.
        let place = (self.region != "us-east-1").then(|| {
            let constraint = BucketLocationConstraint::from(self.region.as_str());
            CreateBucketConfiguration::builder()
                .location_constraint(constraint)
                .build()
        });
        let creation = self.s3.create_bucket().bucket(bucket);
        let creation = creation.set_create_bucket_configuration(place).send().await;
        match creation {
            Err(error) if error.code() == Some("BucketAlreadyOwnedByYou") => {}
            creation => drop(creation.map_err(failed("s3:CreateBucket"))?),
        }
        let blocked = PublicAccessBlockConfiguration::builder()
            .block_public_acls(true)
            .block_public_policy(true)
            .ignore_public_acls(true)
            .restrict_public_buckets(true)
            .build();
        let blocking = self.s3.put_public_access_block().bucket(bucket);
        let blocking = blocking.public_access_block_configuration(blocked).send();
        blocking
            .await
            .map_err(failed("s3:PutBucketPublicAccessBlock"))?;
        let versioned = VersioningConfiguration::builder()
            .status(BucketVersioningStatus::Enabled)
            .build();
        let versioning = self.s3.put_bucket_versioning().bucket(bucket);
        let versioning = versioning.versioning_configuration(versioned).send();
        versioning.await.map_err(failed("s3:PutBucketVersioning"))?;
        self.encrypt_bucket(bucket).await?;
        let policy = self.s3.put_bucket_policy().bucket(bucket);
        let policy = policy
            .policy(tls_only(bucket, Partition::of(&self.region)))
            .send()
            .await;
        policy.map(drop).map_err(failed("s3:PutBucketPolicy"))
    }

    async fn encrypt_bucket(&self, bucket: &str) -> Result<(), Failure> {
        const OPERATION: &str = "s3:PutEncryptionConfiguration";
        let by_default = ServerSideEncryptionByDefault::builder()
            .sse_algorithm(ServerSideEncryption::Aes256)
            .build()
            .map_err(|error| unmade(OPERATION, &error))?;
        let rule = ServerSideEncryptionRule::builder()
            .apply_server_side_encryption_by_default(by_default)
            .build();
        let encrypted = ServerSideEncryptionConfiguration::builder()
            .rules(rule)
            .build()
            .map_err(|error| unmade(OPERATION, &error))?;
        let encryption = self.s3.put_bucket_encryption().bucket(bucket);
        let encryption = encryption
            .server_side_encryption_configuration(encrypted)
            .send()
            .await;
        encryption.map(drop).map_err(failed(OPERATION))
    }

    pub(super) async fn object(&self, bucket: &str, key: &str) -> Result<Option<Stored>, Failure> {
        let answer = match self.s3.get_object().bucket(bucket).key(key).send().await {
            Ok(answer) => answer,
            Err(error) if matches!(error.code(), Some("NoSuchKey" | "NoSuchBucket")) => {
                return Ok(None);
            }
            Err(error) => return Err(failed("s3:GetObject")(error)),
        };
        let tag = answer.e_tag.unwrap_or_default();
        let bytes = answer.body.collect().await.map_err(|error| Failure::Call {
            operation: "s3:GetObject",
            reason: error.to_string(),
        })?;
        Ok(Some(Stored {
            bytes: bytes.to_vec(),
            tag,
        }))
    }

    pub(super) async fn put_object(
        &self,
        bucket: &str,
        key: &str,
        body: &Body,
        about: &BTreeMap<String, String>,
    ) -> Result<(), Failure> {
        let stream = match body {
            Body::File(file) => {
                let read = ByteStream::from_path(file).await;
                read.map_err(|error| Failure::File {
                    file: file.display().to_string(),
                    reason: error.to_string(),
                })?
            }
            Body::Bytes(bytes) => ByteStream::from(bytes.to_vec()),
            Body::Stored | Body::Unbuilt(_) => {
                return Err(Failure::Archive(format!("{key} has no content here")));
            }
        };
        let upload = self.s3.put_object().bucket(bucket).key(key).body(stream);
        let upload = upload.checksum_algorithm(ChecksumAlgorithm::Sha256);
        let about = about
            .iter()
            .map(|(name, text)| (name.clone(), text.clone()));
        let upload = upload.set_metadata(Some(about.collect())).send().await;
        upload.map(drop).map_err(failed("s3:PutObject"))
    }

    pub(super) async fn put_conditionally(
        &self,
        bucket: &str,
        key: &str,
        bytes: Vec<u8>,
        condition: Condition<'_>,
    ) -> Result<Written, Failure> {
        let upload = self
            .s3
            .put_object()
            .bucket(bucket)
            .key(key)
            .body(bytes.into());
        let upload = match condition {
            Condition::Absent => upload.if_none_match("*"),
            Condition::Unchanged(tag) => upload.if_match(tag),
        };
        match upload.send().await {
            Ok(answer) => Ok(Written::Done(answer.e_tag.unwrap_or_default())),
            Err(error)
                if matches!(
                    error.code(),
                    Some("PreconditionFailed" | "ConditionalRequestConflict" | "NoSuchKey")
                ) =>
            {
                Ok(Written::Refused)
            }
            Err(error) => Err(failed("s3:PutObject")(error)),
        }
    }

    pub(super) async fn remove_objects(
        &self,
        bucket: &str,
        objects: Vec<(String, Option<String>)>,
    ) -> Result<(), Failure> {
        const OPERATION: &str = "s3:DeleteObject";
        let identifiers = objects.into_iter().map(|(key, version)| {
            let identifier = ObjectIdentifier::builder().key(key).set_version_id(version);
            identifier
                .build()
                .map_err(|error| unmade(OPERATION, &error))
        });
        let identifiers = identifiers.collect::<Result<Vec<_>, _>>()?;
        for some in identifiers.chunks(REMOVED_AT_ONCE) {
            let delete = Delete::builder()
                .set_objects(Some(some.to_vec()))
                .quiet(true);
            let delete = delete.build().map_err(|error| unmade(OPERATION, &error))?;
            let removal = self
                .s3
                .delete_objects()
                .bucket(bucket)
                .delete(delete)
                .send()
                .await;
            let removal = removal.map_err(failed(OPERATION))?;
            if let Some(first) = removal.errors().first() {
                let key = first.key().unwrap_or_default();
                let reason = format!("{key}: {}", first.message().unwrap_or_default());
                return Err(Failure::Call {
                    operation: OPERATION,
                    reason,
                });
            }
        }
        Ok(())
    }

    pub(super) async fn remove_bucket(&self, bucket: &str) -> Result<(), Failure> {
        loop {
            let versions = self.s3.list_object_versions().bucket(bucket).send().await;
            let versions = match versions {
                Err(error) if error.code() == Some("NoSuchBucket") => return Ok(()),
                versions => versions.map_err(failed("s3:ListBucketVersions"))?,
            };
            let objects = versions
                .versions()
                .iter()
                .filter_map(|version| Some((version.key.clone()?, version.version_id.clone())));
            let markers = versions
                .delete_markers()
                .iter()
                .filter_map(|marker| Some((marker.key.clone()?, marker.version_id.clone())));
            let all: Vec<(String, Option<String>)> = objects.chain(markers).collect();
            if all.is_empty() {
                break;
            }
            self.remove_objects(bucket, all).await?;
        }
        let removal = self.s3.delete_bucket().bucket(bucket).send().await;
        removal.map(drop).map_err(failed("s3:DeleteBucket"))
    }
}

fn unmade(operation: &'static str, error: &aws_sdk_s3::error::BuildError) -> Failure {
    Failure::Call {
        operation,
        reason: error.to_string(),
    }
}

fn tls_only(bucket: &str, partition: Partition) -> String {
    let arn = format!("arn:{}:s3:::{bucket}", partition.id());
    let statement = json!({
        "Sid": "RefusePlainConnections",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, format!("{arn}/*")],
        "Condition": { "Bool": { "aws:SecureTransport": "false" } },
    });
    json!({ "Version": "2012-10-17", "Statement": [statement] }).to_string()
}
