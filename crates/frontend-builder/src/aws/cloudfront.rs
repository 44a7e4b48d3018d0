//! Invalidations.

use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_sdk_cloudfront::Client;
use aws_sdk_cloudfront::types::{InvalidationBatch, Paths};

use super::failed::failure;
use crate::ports::{Distribution, WorldFailure};

const OPERATION: &str = "CreateInvalidation";

/// `CloudFront`.
#[derive(Debug)]
pub struct CloudFrontDistribution(Client);

impl CloudFrontDistribution {
    /// A client; `CloudFront` is one for all Regions.
    pub fn new(config: &SdkConfig) -> Self {
        Self(Client::new(config))
    }
}

#[async_trait]
impl Distribution for CloudFrontDistribution {
    async fn invalidate(
        &self,
        distribution_id: &str,
        paths: &[&str],
        reference: &str,
    ) -> Result<String, WorldFailure> {
        let batch = batch(paths, reference).map_err(|error| WorldFailure {
            operation: OPERATION,
            subject: distribution_id.to_owned(),
            reason: error.to_string(),
        })?;
        let answer = self
            .0
            .create_invalidation()
            .distribution_id(distribution_id)
            .invalidation_batch(batch)
            .send()
            .await
            .map_err(|error| failure(OPERATION, distribution_id, &error))?;
        Ok(answer
            .invalidation()
            .map(|invalidation| invalidation.id().to_owned())
            .unwrap_or_default())
    }
}

fn batch(
    paths: &[&str],
    reference: &str,
) -> Result<InvalidationBatch, aws_sdk_cloudfront::error::BuildError> {
    let quantity = i32::try_from(paths.len()).unwrap_or(i32::MAX);
    let paths = Paths::builder()
        .quantity(quantity)
        .set_items(Some(paths.iter().map(|path| (*path).to_owned()).collect()))
        .build()?;
    InvalidationBatch::builder()
        .paths(paths)
        .caller_reference(reference)
        .build()
}
