//! What an object consists of, wherever it is.

use crate::cloud::Cloud;
use crate::error::Failure;
use crate::release::{Body, Object};

/// The bytes of an object that this machine or the bucket has.
pub async fn bytes(cloud: &dyn Cloud, bucket: &str, object: &Object) -> Result<Vec<u8>, Failure> {
    match &object.body {
        Body::File(file) => std::fs::read(file).map_err(|error| Failure::file(file, &error)),
        Body::Bytes(bytes) => Ok(bytes.to_vec()),
        Body::Stored | Body::Unbuilt(_) => {
            let stored = cloud.get(bucket, &object.key).await?;
            let missing = || Failure::Missing {
                bucket: bucket.to_owned(),
                key: object.key.clone(),
            };
            Ok(stored.ok_or_else(missing)?.bytes)
        }
    }
}
