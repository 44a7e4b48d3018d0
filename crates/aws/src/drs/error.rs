//! What an error of DRS means, decided in this one place, by its code and its status.

use aws_sdk_drs::config::http::HttpResponse;
use aws_sdk_drs::error::{ProvideErrorMetadata, SdkError};
use engine::ports::{DrsError, DrsErrorClass};
use serde::Deserialize;

use super::limits::SERVERS_PER_JOB;
use crate::error_code::ErrorFamily;
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
    let mut class = class(error);
    if class == DrsErrorClass::QuotaExceeded && is_of_one_job(&body) {
        class = DrsErrorClass::JobTooLarge;
    }
    DrsError {
        class,
        text: text.into(),
        resource: body.resource_id,
    }
}

/// Whether the quota that a refusal names is about the request alone, whoever else is at work.
fn is_of_one_job(body: &Body) -> bool {
    body.quota_code.as_deref() == Some(SERVERS_PER_JOB)
}

/// An answer that is no error and yet makes no sense. What was done is not known.
pub(super) fn unintelligible(what: impl Into<String>) -> DrsError {
    DrsError {
        class: DrsErrorClass::Transient,
        text: what.into().into(),
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
    match error.code().and_then(ErrorFamily::of) {
        Some(family) => by_family(family),
        None => by_status(status),
    }
}

/// Operations do not model all the errors that they answer with, so codes are read as text.
fn by_family(family: ErrorFamily) -> DrsErrorClass {
    match family {
        ErrorFamily::Throttling | ErrorFamily::Clock => DrsErrorClass::Throttled,
        ErrorFamily::Caller => DrsErrorClass::Denied,
        ErrorFamily::Unrecognised => DrsErrorClass::NotRecognised,
        ErrorFamily::Request => DrsErrorClass::Invalid,
        ErrorFamily::Conflict => DrsErrorClass::Conflict,
        ErrorFamily::Quota => DrsErrorClass::QuotaExceeded,
        ErrorFamily::NotInitialised => DrsErrorClass::NotInitialised,
        ErrorFamily::Service => DrsErrorClass::Transient,
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
    quota_code: Option<String>,
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
