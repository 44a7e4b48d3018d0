//! The routes of DRS: nearly every operation is a POST of its name; tags are REST.

use super::accept::{half_answer, no_answer};
use super::credential::caller;
use super::shared::{Shared, wall_clock};
use crate::call::WireAnswer;
use crate::error::{ApiError, ErrorName, ValidationReason};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::Response;
use axum::routing::{any, post};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub(super) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/{operation}", post(operation).fallback(unknown))
        .route("/tags/{*resource_arn}", any(tags))
        .fallback(unknown)
}

async fn operation(
    State(shared): State<Arc<Shared>>,
    Path(operation): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let body = if body.is_empty() {
        Ok(json!({}))
    } else {
        serde_json::from_slice::<Value>(&body)
    };
    match body {
        Ok(_) if operation.contains(':') => refuse(&shared, &unknown_operation("POST")).await,
        Ok(body) => perform(&shared, &headers, &operation, body).await,
        Err(error) => refuse(&shared, &unreadable(&error.to_string())).await,
    }
}

async fn tags(
    State(shared): State<Arc<Shared>>,
    Path(resource_arn): Path<String>,
    method: Method,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    match method {
        Method::GET => {
            let request = json!({ "resourceArn": resource_arn });
            perform(&shared, &headers, "ListTagsForResource", request).await
        }
        Method::DELETE => {
            let keys = tag_keys(query.as_deref().unwrap_or_default());
            let mut request = json!({ "resourceArn": resource_arn });
            if let (Value::Object(members), false) = (&mut request, keys.is_empty()) {
                members.insert("tagKeys".to_owned(), keys.into());
            }
            perform(&shared, &headers, "UntagResource", request).await
        }
        Method::POST => match serde_json::from_slice::<Value>(&body) {
            Ok(Value::Object(mut request)) => {
                request.insert("resourceArn".to_owned(), resource_arn.into());
                perform(&shared, &headers, "TagResource", Value::Object(request)).await
            }
            Ok(_) => refuse(&shared, &unreadable("the body is no object")).await,
            Err(error) => refuse(&shared, &unreadable(&error.to_string())).await,
        },
        _ => refuse(&shared, &unknown_operation(method.as_str())).await,
    }
}

async fn unknown(State(shared): State<Arc<Shared>>, method: Method) -> Response {
    refuse(&shared, &unknown_operation(method.as_str())).await
}

async fn perform(
    shared: &Arc<Shared>,
    headers: &HeaderMap,
    operation: &str,
    body: Value,
) -> Response {
    let caller = match caller(shared, headers, "drs").await {
        Ok(caller) => caller,
        Err(error) => return refuse(shared, &error).await,
    };
    shared.callers.note(headers, &format!("drs:{operation}"));
    match shared.call(caller, operation, body).await {
        Some(answer) => respond(answer),
        None => no_answer(),
    }
}

/// An error that arises before there is an operation.
pub(super) async fn refuse(shared: &Arc<Shared>, error: &ApiError) -> Response {
    let decided = error.clone();
    let code = shared
        .with_world(move |world| world.error_code(&decided))
        .await;
    respond(WireAnswer {
        status: error.name.status(),
        error: Some(error.clone()),
        body: Some(error.body(code)),
        cut: false,
    })
}

fn respond(answer: WireAnswer) -> Response {
    let text = answer.body.map(|body| body.to_string()).unwrap_or_default();
    let mut response = if answer.cut {
        half_answer(&text)
    } else {
        Response::new(Body::from(text))
    };
    *response.status_mut() =
        StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert("content-type", HeaderValue::from_static("application/json"));
    if let Ok(id) = HeaderValue::from_str(&request_id()) {
        headers.insert("x-amzn-requestid", id);
    }
    if let Some(error) = &answer.error {
        headers.insert(
            "x-amzn-errortype",
            HeaderValue::from_static(error.name.as_str()),
        );
        if let Some(date) = error.details.clock_skew.and_then(date_ahead) {
            headers.insert("date", date);
        }
        let retries = matches!(
            error.name,
            ErrorName::Throttling | ErrorName::InternalServer
        );
        if let Some(seconds) = error.retry_after_seconds.filter(|_| retries) {
            headers.insert("retry-after", HeaderValue::from(seconds));
        }
    }
    response
}

/// The `Date` of a clock that is this far ahead of ours.
fn date_ahead(skew: SignedDuration) -> Option<HeaderValue> {
    let at = wall_clock().checked_add(skew).ok()?;
    HeaderValue::from_str(&at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()).ok()
}

/// Unique in this process; nothing reads more into it.
pub(super) fn request_id() -> String {
    static ANSWERS: AtomicU64 = AtomicU64::new(1);
    format!(
        "00000000-0000-4000-8000-{:012x}",
        ANSWERS.fetch_add(1, Ordering::Relaxed)
    )
}

fn unreadable(why: &str) -> ApiError {
    ApiError::validation(
        ValidationReason::CannotParse,
        format!("The body cannot be read: {why}."),
    )
}

fn unknown_operation(method: &str) -> ApiError {
    ApiError::validation(
        ValidationReason::UnknownOperation,
        format!("There is no operation at this path for {method}."),
    )
}

/// The values of the repeated `tagKeys`.
fn tag_keys(query: &str) -> Vec<String> {
    query
        .split('&')
        .filter_map(|pair| pair.strip_prefix("tagKeys="))
        .map(|value| percent_decode(&value.replace('+', " ")))
        .collect()
}

pub(super) fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let escaped = (*byte == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        decoded.push(escaped.unwrap_or(*byte));
        at += if escaped.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&decoded).into_owned()
}
