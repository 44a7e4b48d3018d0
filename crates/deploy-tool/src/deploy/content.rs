//! What an object consists of, wherever it is.

use anyhow::{Context, Result};
use deployment::cloud::Cloud;
use deployment::release::{Body, Object};

use crate::ground::Ground;

/// The bytes of an object that this machine or the bucket has.
pub(super) async fn bytes_of(ground: &Ground, object: &Object) -> Result<Vec<u8>> {
    match &object.body {
        Body::File(file) => std::fs::read(file).with_context(|| file.display().to_string()),
        Body::Bytes(bytes) => Ok(bytes.to_vec()),
        Body::Stored | Body::Unbuilt(_) => {
            let stored = ground
                .cloud
                .get(&ground.settings.bucket, &object.key)
                .await?;
            let stored = stored.with_context(|| format!("the bucket lacks {}", object.key))?;
            Ok(stored.bytes)
        }
    }
}
