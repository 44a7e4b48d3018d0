//! The proxy: it knows every request.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, Response, StatusCode, Uri};
use axum::response::IntoResponse;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::faults::{Fault, Schedule};

/// What the proxy does, and what it has seen.
#[derive(Debug, Default)]
struct Orders {
    seen: Vec<String>,
    delay: Duration,
    schedule: Schedule,
    faulted: usize,
    hold: Option<String>,
    held_after: usize,
    holding: usize,
}

#[derive(Debug)]
struct Shared {
    orders: Mutex<Orders>,
    emulator: String,
    client: Client<HttpConnector, Full<Bytes>>,
}

/// A running proxy; it ends with this value.
#[derive(Debug)]
pub struct Proxy {
    shared: Arc<Shared>,
    port: u16,
    runtime: Option<Runtime>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // Without waiting, so that a proxy may also end where nothing may wait.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Proxy {
    /// Listens on `port`, before the emulator's port. It waits, so an asynchronous caller lets a
    /// thread do it.
    pub fn start(port: u16, emulator: u16) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .context("the proxy's runtime")?;
        let shared = Arc::new(Shared {
            orders: Mutex::default(),
            emulator: format!("127.0.0.1:{emulator}"),
            client: Client::builder(TokioExecutor::new()).build_http(),
        });
        let router = Router::new().fallback(pass_on).with_state(shared.clone());
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let listener = runtime
            .block_on(TcpListener::bind(address))
            .context("the proxy's port")?;
        runtime.spawn(async move { axum::serve(listener, router).await });
        Ok(Self {
            shared,
            port,
            runtime: Some(runtime),
        })
    }

    /// Its address.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The writes since the last question, by their names; reads are forgotten.
    pub fn writes(&self) -> Vec<String> {
        let seen = std::mem::take(&mut self.shared.orders().seen);
        seen.into_iter().filter(|name| !is_a_read(name)).collect()
    }

    /// Delays every answer.
    pub fn delay(&self, delay: Duration) {
        self.shared.orders().delay = delay;
    }

    /// Treats requests by this schedule from now on.
    pub fn spoil(&self, schedule: Schedule) {
        let mut orders = self.shared.orders();
        orders.schedule = schedule;
        orders.seen.clear();
        orders.faulted = 0;
    }

    /// How many requests have come since the last schedule or question.
    pub fn count(&self) -> usize {
        self.shared.orders().seen.len()
    }

    /// How many requests were spoilt.
    pub fn spoilt(&self) -> usize {
        self.shared.orders().faulted
    }

    /// Holds requests whose names contain `text`, after `count` of them have passed.
    pub fn hold(&self, text: &str, count: usize) {
        let mut orders = self.shared.orders();
        orders.hold = Some(text.to_owned());
        orders.held_after = count;
    }

    /// Whether a request is held.
    pub fn holds(&self) -> bool {
        self.shared.orders().holding > 0
    }

    /// Holds nothing further; what was held is lost.
    pub fn let_go(&self) {
        let mut orders = self.shared.orders();
        orders.hold = None;
        orders.holding = 0;
    }
}

impl Shared {
    fn orders(&self) -> MutexGuard<'_, Orders> {
        self.orders.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Orders {
    fn is_held(&mut self, name: &str) -> bool {
        let wanted = self
            .hold
            .as_ref()
            .is_some_and(|text| name.contains(text.as_str()));
        if !wanted {
            return false;
        }
        if self.held_after > 0 {
            self.held_after -= 1;
            return false;
        }
        self.holding += 1;
        true
    }
}

async fn pass_on(State(shared): State<Arc<Shared>>, request: Request) -> Response<Body> {
    let (mut parts, body) = request.into_parts();
    let Ok(body) = body.collect().await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let body = body.to_bytes();
    let name = name(&parts.method, &parts.uri, &parts.headers, &body);
    let (delay, fault, held) = {
        let mut orders = shared.orders();
        orders.seen.push(name.clone());
        let fault = orders.schedule.of(orders.seen.len(), &name);
        orders.faulted += usize::from(fault.is_some());
        (orders.delay, fault, orders.is_held(&name))
    };
    if held {
        std::future::pending::<()>().await;
    }
    tokio::time::sleep(delay).await;
    match fault {
        Some(Fault::Throttle) => return throttled(&parts.method, &parts.headers),
        Some(Fault::ServerError) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        // A body that ends in an error ends the connection.
        Some(Fault::Drop) => return broken(),
        Some(Fault::Slow(time)) => tokio::time::sleep(time).await,
        Some(Fault::LoseAnswer) | None => {}
    }
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let address = Uri::builder()
        .scheme("http")
        .authority(shared.emulator.as_str());
    let Ok(address) = address.path_and_query(path).build() else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    parts.uri = address;
    parts.headers.remove("transfer-encoding");
    match shared
        .client
        .request(Request::from_parts(parts, Full::new(body)))
        .await
    {
        Ok(_) if fault == Some(Fault::LoseAnswer) => broken(),
        Ok(response) => response.map(Body::new).into_response(),
        Err(error) => (StatusCode::BAD_GATEWAY, error.to_string()).into_response(),
    }
}

/// The operation of a request: of S3 and Lambda by method and path, else by what it says.
fn name(method: &Method, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> String {
    if let Some(target) = headers
        .get("x-amz-target")
        .and_then(|target| target.to_str().ok())
    {
        return target.to_owned();
    }
    let text = String::from_utf8_lossy(&body[..body.len().min(4096)]).into_owned();
    let action = text
        .split('&')
        .find_map(|pair| pair.strip_prefix("Action="));
    match action {
        Some(action) if method == Method::POST => action.to_owned(),
        Some(_) | None => format!("{method} {}", uri.path()),
    }
}

fn is_a_read(name: &str) -> bool {
    let operation = name.rsplit('.').next().unwrap_or(name);
    let beginnings = ["GET ", "HEAD ", "Describe", "Get", "List", "Query", "Scan"];
    beginnings
        .iter()
        .any(|beginning| name.starts_with(beginning) || operation.starts_with(beginning))
}

/// In the words of the service that was asked.
fn throttled(method: &Method, headers: &HeaderMap) -> Response<Body> {
    if headers.contains_key("x-amz-target") {
        let text = r#"{"__type":"ThrottlingException","message":"Rate exceeded"}"#;
        return (StatusCode::BAD_REQUEST, text).into_response();
    }
    let is_a_form = headers.get("content-type").is_some_and(|kind| {
        kind.as_bytes()
            .starts_with(b"application/x-www-form-urlencoded")
    });
    if method == Method::POST && is_a_form {
        let error = "<Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error>";
        let text = format!("<ErrorResponse>{error}</ErrorResponse>");
        return (StatusCode::BAD_REQUEST, text).into_response();
    }
    let text =
        "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>";
    (StatusCode::SERVICE_UNAVAILABLE, text).into_response()
}

fn broken() -> Response<Body> {
    let error = std::io::Error::other("the connection is gone");
    let gone = futures::stream::once(async { Err::<Bytes, _>(error) });
    let mut response = Response::new(Body::from_stream(gone));
    response.headers_mut().insert(
        "content-length",
        axum::http::HeaderValue::from_static("100"),
    );
    response
}
