//! What an error of DRS means, decided in this one place, by its code and its status.

use aws_sdk_drs::config::http::HttpResponse;
use aws_sdk_drs::error::{ProvideErrorMetadata, SdkError};
use engine::ports::{DrsError, DrsErrorClass};
use serde::Deserialize;

use crate::failure::describe;

/// The error in our words.
pub(super) fn classify<E>(error: &SdkError<E, HttpResponse>) -> DrsError
where
    E: ProvideErrorMetadata,
{
    let body = body(error);
    let fields = body.field_list.iter();
    let fields: String = fields
        .flat_map(|field| [" (", &field.name, ": ", &field.message, ")"])
        .collect();
    let text = describe(error) + &fields;
    DrsError {
        class: class(error),
        text,
        resource: body.resource_id,
    }
}

/// An answer that is no error and yet makes no sense. What was done is not known.
pub(super) fn unintelligible(what: impl Into<String>) -> DrsError {
    DrsError {
        class: DrsErrorClass::Transient,
        text: what.into(),
        resource: None,
    }
}

fn class<E>(error: &SdkError<E, HttpResponse>) -> DrsErrorClass
where
    E: ProvideErrorMetadata,
{
    if let SdkError::ConstructionFailure(_) = error {
        return DrsErrorClass::Invalid;
    }
    let Some(response) = error.raw_response() else {
        return DrsErrorClass::Transient;
    };
    let status = response.status().as_u16();
    if status >= 500 {
        return DrsErrorClass::Transient;
    }
    by_code(error.code().unwrap_or_default()).unwrap_or_else(|| by_status(status))
}

/// Operations do not model all the errors that they answer with, so codes are read as text.
fn by_code(code: &str) -> Option<DrsErrorClass> {
    match code {
        "ThrottlingException"
        | "Throttling"
        | "TooManyRequestsException"
        | "RequestLimitExceeded" => Some(DrsErrorClass::Throttled),
        "ConflictException" => Some(DrsErrorClass::Conflict),
        "ServiceQuotaExceededException" => Some(DrsErrorClass::QuotaExceeded),
        "UninitializedAccountException" => Some(DrsErrorClass::NotInitialised),
        "AccessDeniedException"
        | "ExpiredTokenException"
        | "InvalidSignatureException"
        | "IncompleteSignatureException"
        | "MissingAuthenticationTokenException"
        | "InvalidClientTokenId" => Some(DrsErrorClass::Denied),
        // In a Region that the account has not enabled, its credentials are those of nobody.
        "UnrecognizedClientException" | "OptInRequired" => Some(DrsErrorClass::NotRecognised),
        "ValidationException" | "ResourceNotFoundException" => Some(DrsErrorClass::Invalid),
        "InternalServerException" => Some(DrsErrorClass::Transient),
        _ => None,
    }
}

fn by_status(status: u16) -> DrsErrorClass {
    match status {
        401 | 403 => DrsErrorClass::Denied,
        402 => DrsErrorClass::QuotaExceeded,
        409 => DrsErrorClass::Conflict,
        429 => DrsErrorClass::Throttled,
        400 | 404 | 405 | 413 | 415 | 422 => DrsErrorClass::Invalid,
        _ => DrsErrorClass::Transient,
    }
}

/// The members of an error that DRS sends with some operations and models with others.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Body {
    resource_id: Option<String>,
    field_list: Vec<InvalidField>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct InvalidField {
    name: String,
    message: String,
}

fn body<E>(error: &SdkError<E, HttpResponse>) -> Body {
    error
        .raw_response()
        .and_then(|response| response.body().bytes())
        .and_then(|bytes| serde_json::from_slice(bytes).ok())
        .unwrap_or_default()
}
