//! Around every request: one log line, one shape of errors, and no panic that gets through.

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use axum::body::Body;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::middleware::Next;
use axum::response::IntoResponse;
use futures::FutureExt;
use tracing::{error, info};

use crate::gateway::RequestContext;
use crate::problem::Problem;

/// The id of who called, in the user pool: what the log says of them.
#[derive(Debug, Clone)]
pub(crate) struct ActorId(pub(crate) String);

/// Which problem a request was answered with.
#[derive(Debug, Clone, Copy)]
struct ProblemCode(&'static str);

pub(crate) async fn observe(request: Request, next: Next) -> Response<Body> {
    let begun = Instant::now();
    let method = request.method().clone();
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let context = request.extensions().get::<RequestContext>();
    let request_id = context.map_or_else(String::new, |context| context.request_id.clone());
    let answered = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    let panicked = |_| Problem::internal("a handler panicked").into_response();
    let response = finish(answered.unwrap_or_else(panicked), &request_id);
    let actor = response.extensions().get::<ActorId>();
    let problem = response.extensions().get::<ProblemCode>();
    info!(
        http.method = %method,
        http.route = matched.as_ref().map_or("none", MatchedPath::as_str),
        http.status = response.status().as_u16(),
        problem.code = problem.map(|problem| problem.0),
        duration_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        request.id = request_id,
        actor.sub = actor.map(|actor| actor.0.as_str()),
        "answered"
    );
    response
}

/// Every error leaves as a problem with the request's id, also one that axum made itself.
fn finish(mut response: Response<Body>, request_id: &str) -> Response<Body> {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let problem = response
        .extensions_mut()
        .remove::<Problem>()
        .unwrap_or_else(|| Problem::of_status(status))
        .with_request_id(request_id);
    if let Some(cause) = problem.cause() {
        error!(
            request.id = request_id,
            http.status = status.as_u16(),
            "not answered: {cause}"
        );
    }
    write(response, &problem)
}

fn write(response: Response<Body>, problem: &Problem) -> Response<Body> {
    let (mut parts, _) = response.into_parts();
    parts.extensions.insert(ProblemCode(problem.code()));
    parts.headers.remove(header::CONTENT_LENGTH);
    let media_type = HeaderValue::from_static("application/problem+json");
    parts.headers.insert(header::CONTENT_TYPE, media_type);
    if let Some(seconds) = problem.retry_after_seconds() {
        parts
            .headers
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if parts.status == StatusCode::UNAUTHORIZED {
        let scheme = HeaderValue::from_static("Bearer");
        parts.headers.insert(header::WWW_AUTHENTICATE, scheme);
    }
    Response::from_parts(parts, Body::from(problem.to_json()))
}
