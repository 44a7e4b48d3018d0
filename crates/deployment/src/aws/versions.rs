//! Earlier versions of objects.

use aws_sdk_s3::error::ProvideErrorMetadata;

use super::{AwsCloud, failed};
use crate::error::Failure;
use crate::release::digest;

impl AwsCloud {
    pub(super) async fn earlier_version(
        &self,
        bucket: &str,
        key: &str,
    ) -> Result<Option<Vec<u8>>, Failure> {
        let versions = self.s3.list_object_versions().bucket(bucket).prefix(key);
        let versions = versions.send().await;
        let versions = versions.map_err(failed("s3:ListBucketVersions"))?;
        let of_key = versions.versions().iter();
        for version in of_key.filter(|version| version.key() == Some(key)) {
            let bytes = self.version(bucket, key, version.version_id()).await?;
            if let Some(bytes) = bytes.filter(|bytes| key.contains(&digest(bytes))) {
                return Ok(Some(bytes));
            }
        }
        Ok(None)
    }

    async fn version(
        &self,
        bucket: &str,
        key: &str,
        id: Option<&str>,
    ) -> Result<Option<Vec<u8>>, Failure> {
        let version = self.s3.get_object().bucket(bucket).key(key);
        let version = version.set_version_id(id.map(str::to_owned)).send().await;
        let version = match version {
            Ok(version) => version,
            Err(error) if matches!(error.code(), Some("NoSuchVersion" | "NoSuchKey")) => {
                return Ok(None);
            }
            Err(error) => return Err(failed("s3:GetObjectVersion")(error)),
        };
        let bytes = version.body.collect().await;
        let bytes = bytes.map_err(|error| Failure::Call {
            operation: "s3:GetObjectVersion",
            reason: error.to_string(),
        })?;
        Ok(Some(bytes.to_vec()))
    }
}
