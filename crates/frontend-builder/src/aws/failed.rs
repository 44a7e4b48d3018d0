//! What a call that failed says of itself.

use std::fmt::Display;

use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_smithy_runtime_api::client::result::SdkError;

use crate::ports::WorldFailure;

/// One failure's text from the many shapes of an SDK error: the service's code and message
/// where it answered, else how the call got lost. Neither holds a header or a body.
pub(super) fn failure<E, R>(
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
