//! The one origin: the console, `/api/*` and `/cognito/` under a single address.
//!
//! In AWS the distribution is that origin. Here it is asked as well, under its own name, so that its
//! behaviours, page paths and security headers are the real ones; only Cognito stands beside it.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Response, StatusCode, Uri, header};
use axum::response::IntoResponse;
use tokio::net::TcpListener;

use crate::http::Http;

/// Where the edge passes requests on to.
#[derive(Clone, Debug)]
pub struct Origins {
    /// `host:port` of the emulator.
    pub emulator: String,
    /// Host name of the distribution.
    pub distribution: String,
}

/// Headers that belong to one connection and not to the message.
const HOP_BY_HOP: [HeaderName; 5] = [
    header::CONNECTION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

#[derive(Debug)]
struct Edge {
    origins: Origins,
    http: Http,
}

/// Listens on 127.0.0.1 and serves until the task is dropped.
pub async fn serve(port: u16, origins: Origins, http: Http) -> Result<()> {
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("the console's port {port} cannot be used"))?;
    axum::serve(listener, router(origins, http))
        .await
        .context("the one origin")
}

/// The edge as a service.
pub fn router(origins: Origins, http: Http) -> Router {
    Router::new()
        .fallback(pass_on)
        .with_state(Arc::new(Edge { origins, http }))
}

async fn pass_on(State(edge): State<Arc<Edge>>, request: Request) -> Response<Body> {
    match edge.answer(request).await {
        Ok(response) => response,
        Err(error) => {
            let text = format!("The local emulator does not answer: {error:#}\n");
            (StatusCode::BAD_GATEWAY, text).into_response()
        }
    }
}

impl Edge {
    async fn answer(&self, mut request: Request) -> Result<Response<Body>> {
        let path = request
            .uri()
            .path_and_query()
            .map_or("/", |path| path.as_str())
            .to_owned();
        let (host, path) = self.destination(&path);
        let host = HeaderValue::from_str(host).context("the host's name")?;
        *request.uri_mut() = Uri::builder()
            .scheme("http")
            .authority(self.origins.emulator.as_str())
            .path_and_query(path)
            .build()
            .context("the address of the request")?;
        *request.version_mut() = axum::http::Version::HTTP_11;
        let headers = request.headers_mut();
        for name in &HOP_BY_HOP {
            headers.remove(name);
        }
        headers.insert(header::HOST, host);
        // The distribution redirects plain connections; here the browser's ends at the edge.
        headers.insert("x-forwarded-proto", HeaderValue::from_static("https"));
        let mut response = self.http.pass(request).await?;
        for name in &HOP_BY_HOP {
            response.headers_mut().remove(name);
        }
        Ok(response)
    }

    /// Which host is asked, and for what.
    fn destination<'a>(&self, path: &'a str) -> (&str, &'a str) {
        match path.strip_prefix("/cognito") {
            Some("") => (&self.origins.emulator, "/"),
            Some(rest) if rest.starts_with('/') => (&self.origins.emulator, rest),
            _ => (&self.origins.distribution, path),
        }
    }
}
