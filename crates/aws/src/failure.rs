//! Errors of the SDK in words that may be logged: code, message and kind, never a body.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

use crate::error_code::repeats_headers;

/// What went wrong, for people. Where a signature is refused, AWS repeats the headers that were
/// signed, tokens among them: its words are left out.
pub(crate) fn describe<E, R>(error: &SdkError<E, R>) -> String
where
    E: ProvideErrorMetadata,
{
    let kind = match error {
        SdkError::ConstructionFailure(_) => "the request could not be built",
        SdkError::TimeoutError(_) => "no answer in time",
        SdkError::DispatchFailure(_) => "no connection",
        SdkError::ResponseError(_) => "the answer could not be read",
        SdkError::ServiceError(_) => "refused",
        _ => "an error of a kind unknown here",
    };
    match (error.code(), error.message()) {
        (Some(code), Some(_)) if repeats_headers(code) => {
            format!("{code}: the signature of the request was not accepted")
        }
        (Some(code), Some(message)) => format!("{code}: {message}"),
        (Some(code), None) => code.to_owned(),
        (None, Some(message)) => message.to_owned(),
        (None, None) => kind.to_owned(),
    }
}
