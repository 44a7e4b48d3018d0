//! The export of groups and plans as one object of a bucket in another Region.

use async_trait::async_trait;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::{Builder, Region as SdkRegion};
use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::ChecksumAlgorithm;
use domain::Region;
use engine::ports::replica::{ExportedText, Replica, ReplicaError};

use crate::failure::describe;

/// The metadata that holds the digest, so that comparing transfers nothing.
const DIGEST: &str = "sha256";
/// What a look says of an object that is not there; a look has no body, and so no longer code.
const NOT_FOUND: &str = "NotFound";

/// A bucket in another Region.
#[derive(Debug, Clone)]
pub struct ReplicaBucket {
    client: Client,
    bucket: String,
    key: String,
}

impl ReplicaBucket {
    /// The export of the stack of Region `home`. Each Region's has a name of its own: a stack that
    /// stands up beside the bucket never overwrites what it stands up from.
    pub fn new(config: &aws_config::SdkConfig, place: &ReplicaPlace, home: &str) -> Self {
        let region = SdkRegion::new(place.region.to_string());
        let config = Builder::from(config).region(region).build();
        Self {
            client: Client::from_conf(config),
            bucket: place.bucket.clone(),
            key: format!("exports/{home}/groups-and-plans.json"),
        }
    }

    fn failed(&self, what: &str, reason: &str) -> ReplicaError {
        let Self { bucket, key, .. } = self;
        ReplicaError(format!("{what} of {key} in {bucket}: {reason}"))
    }
}

/// Where the replica is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplicaPlace {
    /// The bucket.
    pub bucket: String,
    /// The bucket's Region.
    pub region: Region,
}

#[async_trait]
impl Replica for ReplicaBucket {
    async fn digest(&self) -> Result<Option<String>, ReplicaError> {
        let look = self.client.head_object().bucket(&self.bucket);
        match look.key(&self.key).send().await {
            Ok(found) => Ok(found
                .metadata
                .and_then(|metadata| metadata.get(DIGEST).cloned())),
            Err(error) if error.code() == Some(NOT_FOUND) => Ok(None),
            Err(error) => Err(self.failed("the look", &describe(&error))),
        }
    }

    async fn put(&self, export: &ExportedText) -> Result<(), ReplicaError> {
        let body = ByteStream::from(export.text.clone().into_bytes());
        let writing = self.client.put_object().bucket(&self.bucket).key(&self.key);
        let writing = writing
            .content_type("application/json")
            .checksum_algorithm(ChecksumAlgorithm::Sha256)
            .metadata(DIGEST, &export.digest)
            .body(body);
        let written = writing.send().await;
        written
            .map(drop)
            .map_err(|error| self.failed("the write", &describe(&error)))
    }
}
