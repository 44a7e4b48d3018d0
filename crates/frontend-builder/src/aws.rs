//! The ports over the AWS SDKs and the answer's signed address.

mod cloudformation;
mod cloudfront;
mod response_url;
mod s3;

use std::fmt::Display;
use std::sync::Arc;

use aws_config::{BehaviorVersion, SdkConfig};
use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_smithy_runtime_api::client::result::SdkError;

use crate::custom_resource::CustomResource;
use crate::ports::WorldFailure;

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

/// One failure's text from the many shapes of an SDK error: the service's code and message
/// where it answered, else how the call got lost. Neither holds a header or a body.
fn failure<E, R>(
    operation: &'static str,
    subject: impl Display,
    error: &SdkError<E, R>,
) -> WorldFailure
where
    E: ProvideErrorMetadata,
{
    let reason = match error {
        SdkError::ServiceError(service) => format!(
            "{}: {}",
            service.err().code().unwrap_or("no code"),
            service.err().message().unwrap_or("no message")
        ),
        SdkError::TimeoutError(_) => "no answer in time".to_owned(),
        SdkError::DispatchFailure(_) => "no connection".to_owned(),
        SdkError::ResponseError(_) => "an unreadable answer".to_owned(),
        SdkError::ConstructionFailure(_) | _ => "the request could not be made".to_owned(),
    };
    WorldFailure {
        operation,
        subject: subject.to_string(),
        reason,
    }
}
