//! Around every request: one log line, one shape of errors, and no panic that gets through.

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use axum::body::{Body, HttpBody as _};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::middleware::Next;
use axum::response::IntoResponse;
use futures::FutureExt;
use jiff::Timestamp;
use tracing::{error, info};

use crate::api::Api;
use crate::gateway::RequestContext;
use crate::problem::Problem;
use crate::time_budget::TimeBudget;

/// Most bytes of a body. Lambda carries 6 MB of an answer, in which the body is a text of JSON:
/// every quote and every reverse solidus of it takes one byte more there.
/// ([Lambda quotas](https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html))
const ANSWER_BYTES_MAX: u64 = 4_000_000;

/// The id of who called, in the user pool: what the log says of them.
#[derive(Debug, Clone)]
pub(crate) struct ActorId(pub(crate) String);

/// Which problem a request was answered with.
#[derive(Debug, Clone, Copy)]
struct ProblemCode(&'static str);

pub(crate) async fn observe(
    State(api): State<Api>,
    request: Request,
    next: Next,
) -> Response<Body> {
    let begun = Instant::now();
    let method = request.method().clone();
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let context = request.extensions().get::<RequestContext>();
    let request_id = context.map_or_else(String::new, |context| context.request_id.clone());
    let deadline = context.and_then(|context| context.deadline);
    let work = in_time(&api, deadline, request, next);
    let answered = AssertUnwindSafe(work).catch_unwind().await;
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

/// What the handler answers, or that its time is over.
async fn in_time(
    api: &Api,
    deadline: Option<Timestamp>,
    mut request: Request,
    next: Next,
) -> Response<Body> {
    let now = api.now();
    let budget = TimeBudget::of(now, deadline);
    request.extensions_mut().insert(budget);
    let answered = tokio::time::timeout(budget.left(now), next.run(request)).await;
    answered.unwrap_or_else(|_| Problem::out_of_time().into_response())
}

/// An answer as it leaves: none is larger than the function may answer.
fn carried(response: Response<Body>) -> Response<Body> {
    let bytes = response.body().size_hint().exact();
    match bytes {
        Some(bytes) if bytes <= ANSWER_BYTES_MAX => response,
        // What is not known to be small enough is not sent: Lambda would drop it whole.
        Some(_) | None => Problem::answer_too_large(bytes).into_response(),
    }
}

/// Every error leaves as a problem with the request's id, also one that axum made itself.
fn finish(response: Response<Body>, request_id: &str) -> Response<Body> {
    let mut response = carried(response);
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
