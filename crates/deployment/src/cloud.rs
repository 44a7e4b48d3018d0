//! The services that a deployment talks to; the only part of this crate that names an SDK type.

mod bucket;
mod functions;
mod stack;

use aws_config::{BehaviorVersion, Region};
use aws_sdk_s3::config::Credentials;
use aws_sdk_s3::error::{DisplayErrorContext, ProvideErrorMetadata};

use crate::error::Failure;
use crate::observation::Observation;
use crate::settings::Settings;

pub(crate) use stack::{Operation, Target};

pub use stack::Outputs;

/// Clients for one account and Region.
#[derive(Clone, Debug)]
pub struct Cloud {
    cloudformation: aws_sdk_cloudformation::Client,
    lambda: aws_sdk_lambda::Client,
    s3: aws_sdk_s3::Client,
    pace: std::time::Duration,
}

impl Cloud {
    /// The emulator at `endpoint`, which takes a 12-digit access key for the account.
    pub async fn emulated(endpoint: &str, region: &str, account: &str) -> Self {
        let configuration = aws_config::defaults(BehaviorVersion::latest())
            .region(Region::new(region.to_owned()))
            .credentials_provider(Credentials::new(account, "local", None, None, "local"))
            .endpoint_url(endpoint)
            .load()
            .await;
        let s3 = aws_sdk_s3::config::Builder::from(&configuration)
            .force_path_style(true)
            .build();
        Self {
            cloudformation: aws_sdk_cloudformation::Client::new(&configuration),
            lambda: aws_sdk_lambda::Client::new(&configuration),
            s3: aws_sdk_s3::Client::from_conf(s3),
            pace: std::time::Duration::from_millis(200),
        }
    }

    /// Everything that a plan is computed from.
    pub async fn observe(&self, settings: &Settings) -> Result<Observation, Failure> {
        let stack = settings.stack();
        let (bucket, stack) = tokio::join!(self.bucket_keys(&settings.bucket), self.stack(&stack));
        Ok(Observation {
            bucket: bucket?,
            stack: stack?,
        })
    }
}

/// Makes the error of a call into ours, with the service's own code and message where it has them.
fn failed<E>(operation: &'static str) -> impl FnOnce(E) -> Failure
where
    E: ProvideErrorMetadata + std::error::Error,
{
    move |error| {
        let reason = match (error.code(), error.message()) {
            (Some(code), Some(message)) => format!("{code}: {message}"),
            (Some(code), None) => code.to_owned(),
            (None, _) => DisplayErrorContext(&error).to_string(),
        };
        Failure::Call { operation, reason }
    }
}
