//! From what API Gateway hands to the function to a request of the router.
//!
//! The authorizer has verified the token; what it says of the caller stands in the request
//! context and nowhere else. Headers are never asked who calls.

use axum::body::Body;
use axum::http::uri::PathAndQuery;
use axum::http::{Request, Uri};
use jiff::Timestamp;
use lambda_http::RequestExt;
use lambda_http::request::RequestContext as GatewayContext;
use serde_json::{Map, Value};

/// What the gateway says of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestContext {
    /// The gateway's id of the request.
    pub request_id: String,
    /// The claims of the verified token; empty where none was asked for.
    pub claims: Map<String, Value>,
    /// The user pool that tokens must be of; a stage variable.
    pub user_pool_id: Option<String>,
    /// The client that tokens must be for; a stage variable.
    pub user_pool_client_id: Option<String>,
    /// When the function's time is over.
    pub deadline: Option<Timestamp>,
}

/// The request as the router knows it: without the stage before the path, and with the
/// [`RequestContext`] as an extension.
pub fn into_request(event: lambda_http::Request) -> Request<Body> {
    let context = context(&event);
    let uri = without_stage(&event);
    let (mut parts, body) = event.into_parts();
    parts.uri = uri;
    parts.extensions.clear();
    parts.extensions.insert(context);
    let body = match body {
        lambda_http::Body::Text(text) => Body::from(text),
        lambda_http::Body::Binary(bytes) => Body::from(bytes),
        // The enumeration is open; what is neither text nor bytes has no content.
        lambda_http::Body::Empty | _ => Body::empty(),
    };
    Request::from_parts(parts, body)
}

fn context(event: &lambda_http::Request) -> RequestContext {
    let variables = event.stage_variables();
    let variable = |name| variables.first(name).map(str::to_owned);
    // Only a REST API's event is taken: another kind carries its identity elsewhere.
    let deadline = deadline(event);
    let Some(GatewayContext::ApiGatewayV1(gateway)) = event.request_context_ref() else {
        return RequestContext {
            deadline,
            ..RequestContext::default()
        };
    };
    let claims = match gateway.authorizer.fields.get("claims") {
        Some(Value::Object(claims)) => claims.clone(),
        // Anything else is no set of claims, and none means nobody.
        Some(_) | None => Map::new(),
    };
    RequestContext {
        request_id: gateway.request_id.clone().unwrap_or_default(),
        claims,
        user_pool_id: variable("userPoolId"),
        user_pool_client_id: variable("userPoolClientId"),
        deadline,
    }
}

/// When Lambda ends the function, in milliseconds since 1970; nothing outside of Lambda.
fn deadline(event: &lambda_http::Request) -> Option<Timestamp> {
    let context = event.lambda_context_ref()?;
    Timestamp::from_millisecond(i64::try_from(context.deadline).ok()?).ok()
}

/// The path as the gateway gives it. `lambda_http` puts the stage before it.
fn without_stage(event: &lambda_http::Request) -> Uri {
    let path = event.uri().path();
    let stage = match event.request_context_ref() {
        Some(GatewayContext::ApiGatewayV1(gateway)) => gateway.stage.as_deref(),
        _ => None,
    };
    let stripped = stage
        .and_then(|stage| path.strip_prefix('/')?.strip_prefix(stage))
        .filter(|rest| rest.starts_with('/'))
        .unwrap_or(path);
    let text = match event.uri().query() {
        Some(query) => format!("{stripped}?{query}"),
        None => stripped.to_owned(),
    };
    text.parse::<PathAndQuery>()
        .map_or_else(|_| Uri::from_static("/"), Uri::from)
}
