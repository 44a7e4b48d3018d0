//! The ports over the AWS SDKs and the answer's signed address.

mod cloudformation;
mod cloudfront;
mod failed;
mod response_url;
mod s3;

use std::sync::Arc;

use aws_config::{BehaviorVersion, SdkConfig};

use crate::custom_resource::CustomResource;

pub use cloudformation::CloudFormationStacks;
pub use cloudfront::CloudFrontDistribution;
pub use response_url::ResponseUrlAnswers;
pub use s3::S3;

/// The custom resource with the account and Region that the environment names.
pub async fn connect() -> CustomResource {
    over(&aws_config::load_defaults(BehaviorVersion::latest()).await)
}

/// The custom resource over one configuration.
pub fn over(config: &SdkConfig) -> CustomResource {
    let s3 = Arc::new(S3::new(config));
    CustomResource {
        archives: s3.clone(),
        bucket: s3,
        distribution: Arc::new(CloudFrontDistribution::new(config)),
        stacks: Arc::new(CloudFormationStacks::new(config)),
    }
}
