//! A small HTTP client for this machine: no names, no certificates, no redirects.

use std::time::Duration;

use anyhow::{Context, Result};
use axum::body::{Body, Bytes};
use http_body_util::BodyExt;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

/// How long a single call may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// The client; clones share its connections.
#[derive(Clone, Debug)]
pub struct Http {
    client: Client<HttpConnector, Body>,
}

impl Default for Http {
    fn default() -> Self {
        Self {
            client: Client::builder(TokioExecutor::new()).build_http(),
        }
    }
}

impl Http {
    /// Passes a request on as it is.
    pub async fn pass(&self, request: Request<Body>) -> Result<Response<Body>> {
        let response = self.client.request(request).await?;
        Ok(response.map(Body::new))
    }

    /// Whether a GET is answered with success.
    pub async fn answers(&self, address: &str) -> bool {
        let Ok(request) = Request::get(address).body(Body::empty()) else {
            return false;
        };
        matches!(self.read(request).await, Ok((status, _)) if status.is_success())
    }

    /// Posts JSON with headers of its own; answers status and body.
    pub async fn post_json(
        &self,
        address: &str,
        headers: &[(&str, &str)],
        body: &serde_json::Value,
    ) -> Result<(StatusCode, Bytes)> {
        let mut request = Request::builder().method(Method::POST).uri(address);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.read(request.body(Body::from(body.to_string()))?).await
    }

    async fn read(&self, request: Request<Body>) -> Result<(StatusCode, Bytes)> {
        let exchange = async {
            let response = self.client.request(request).await?;
            let (head, body) = response.into_parts();
            Ok((head.status, body.collect().await?.to_bytes()))
        };
        tokio::time::timeout(PATIENCE, exchange)
            .await
            .context("no answer in time")?
    }
}
