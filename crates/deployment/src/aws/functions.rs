//! The deployed functions.

use aws_sdk_lambda::error::ProvideErrorMetadata;
use aws_sdk_lambda::types::LastUpdateStatus;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{AwsCloud, failed};
use crate::cloud::{FunctionState, Update};
use crate::error::Failure;

/// What the service says of a function that is not there.
const NOT_FOUND: &str = "ResourceNotFoundException";

impl AwsCloud {
    pub(super) async fn function_state(
        &self,
        function: &str,
    ) -> Result<Option<FunctionState>, Failure> {
        let configuration = self
            .lambda
            .get_function_configuration()
            .function_name(function);
        let configuration = match configuration.send().await {
            Ok(configuration) => configuration,
            Err(error) if error.code() == Some(NOT_FOUND) => {
                return Ok(None);
            }
            Err(error) => return Err(failed("lambda:GetFunctionConfiguration")(error)),
        };
        // The service writes the digest as Base64, a release has hexadecimal digits.
        let digest = STANDARD.decode(configuration.code_sha256.unwrap_or_default());
        let update = match configuration.last_update_status {
            Some(LastUpdateStatus::InProgress) => Update::Pending,
            Some(LastUpdateStatus::Failed) => {
                let reason = configuration.last_update_status_reason;
                Update::Failed(reason.unwrap_or_else(|| "the service gives no reason".to_owned()))
            }
            Some(_) | None => Update::Done,
        };
        Ok(Some(FunctionState {
            code_sha256: hex::encode(digest.unwrap_or_default()),
            update,
        }))
    }

    pub(super) async fn begin_code_update(
        &self,
        function: &str,
        bucket: &str,
        key: &str,
    ) -> Result<(), Failure> {
        let update = self.lambda.update_function_code().function_name(function);
        let update = update.s3_bucket(bucket).s3_key(key).send().await;
        update
            .map(drop)
            .map_err(failed("lambda:UpdateFunctionCode"))
    }
}
