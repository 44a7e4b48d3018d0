//! The query protocol at `/`: the few operations of EC2, and a stub of `sts:AssumeRole`. Which of
//! the two is asked stands in the credential scope, or else in the name of the action.

use super::accept::{half_answer, no_answer};
use super::credential::{caller, scoped_service};
use super::drs_routes::{percent_decode, request_id};
use super::security_token;
use super::shared::Shared;
use super::xml;
use crate::call::WireAnswer;
use crate::error::{ApiError, ErrorName};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Map, Value};
use std::sync::Arc;

pub(super) fn router() -> Router<Arc<Shared>> {
    Router::new().route("/", post(query))
}

async fn query(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response {
    let parameters = parameters(&String::from_utf8_lossy(&body));
    let action = parameters
        .iter()
        .find(|(name, _)| name == "Action")
        .map(|(_, action)| action.clone())
        .unwrap_or_default();
    let security_token = scoped_service(&headers).is_none_or(|service| service == "sts");
    if security_token && action == "AssumeRole" {
        return security_token::assume_role(&shared, &parameters).await;
    }
    let caller = match caller(&shared, &headers, "ec2").await {
        Ok(caller) => caller,
        Err(error) => return refuse(&error),
    };
    shared.callers.note(&headers, &format!("ec2:{action}"));
    if parameters
        .iter()
        .any(|(name, value)| name == "DryRun" && value == "true")
    {
        let message = "Request would have succeeded, but DryRun flag is set.";
        return refuse(&ApiError::ec2("DryRunOperation", message));
    }
    let request = tree(&parameters);
    let operation = format!("ec2:{action}");
    match shared.call(caller, &operation, request).await {
        Some(answer) => respond(&action, answer),
        None => no_answer(),
    }
}

/// The names and values of a form.
fn parameters(body: &str) -> Vec<(String, String)> {
    let pairs = body.split('&').filter_map(|pair| pair.split_once('='));
    let decoded = |text: &str| percent_decode(&text.replace('+', " "));
    pairs
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

/// `Filter.1.Value.2=a` as a tree: numbers make lists, names make members.
fn tree(parameters: &[(String, String)]) -> Value {
    let mut root = Map::new();
    for (name, value) in parameters {
        put(&mut root, name, value);
    }
    listed(Value::Object(root))
}

fn put(members: &mut Map<String, Value>, name: &str, value: &str) {
    let Some((first, rest)) = name.split_once('.') else {
        members.insert(name.to_owned(), value.into());
        return;
    };
    let inner = members
        .entry(first.to_owned())
        .or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(inner) = inner {
        put(inner, rest, value);
    }
}

fn listed(value: Value) -> Value {
    let Value::Object(members) = value else {
        return value;
    };
    let number = |name: &String| name.parse::<u32>().ok();
    let mut numbered: Vec<(u32, &Value)> = members
        .iter()
        .filter_map(|(name, value)| Some((number(name)?, value)))
        .collect();
    if numbered.is_empty() || numbered.len() < members.len() {
        let inner = members
            .into_iter()
            .map(|(name, value)| (name, listed(value)));
        return Value::Object(inner.collect());
    }
    numbered.sort_by_key(|(number, _)| *number);
    let items = numbered.into_iter().map(|(_, value)| listed(value.clone()));
    items.collect()
}

fn respond(action: &str, answer: WireAnswer) -> Response {
    if let Some(error) = &answer.error {
        return refuse(error);
    }
    let body = answer.body.unwrap_or_default();
    let text = xml::answer(action, &request_id(), &body);
    if answer.cut {
        return half_answer(&text);
    }
    xml_response(StatusCode::OK, text)
}

/// An error in the envelope of EC2, under the name that EC2 has for it.
fn refuse(error: &ApiError) -> Response {
    let (code, status) = ec2_name(error);
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    xml_response(status, xml::error(code, &error.message, &request_id()))
}

fn ec2_name(error: &ApiError) -> (&'static str, u16) {
    if let Some(code) = error.details.ec2_code {
        return (code, if code == "DryRunOperation" { 412 } else { 400 });
    }
    match error.name {
        ErrorName::Throttling => ("RequestLimitExceeded", 503),
        ErrorName::InternalServer => ("InternalError", 500),
        ErrorName::ServiceUnavailable => ("Unavailable", 503),
        ErrorName::AccessDenied => ("UnauthorizedOperation", 403),
        ErrorName::ExpiredToken => ("RequestExpired", 400),
        ErrorName::UnrecognizedClient => ("AuthFailure", 401),
        ErrorName::InvalidSignature | ErrorName::IncompleteSignature => {
            ("SignatureDoesNotMatch", 403)
        }
        ErrorName::MissingAuthenticationToken => ("MissingAuthenticationToken", 403),
        ErrorName::ServiceQuotaExceeded => ("InstanceLimitExceeded", 400),
        ErrorName::Conflict => ("IncorrectInstanceState", 400),
        ErrorName::ResourceNotFound => ("InvalidInstanceID.NotFound", 400),
        ErrorName::Validation | ErrorName::UninitializedAccount => ("InvalidParameterValue", 400),
    }
}

pub(super) fn xml_response(status: StatusCode, text: String) -> Response {
    let mut response = (status, text).into_response();
    response
        .headers_mut()
        .insert("content-type", HeaderValue::from_static("text/xml"));
    response
}
