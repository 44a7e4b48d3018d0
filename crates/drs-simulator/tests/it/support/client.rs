//! A client of the server: signs as an SDK would, as far as the server looks at it.

use drs_simulator::Scenario;
use drs_simulator::server::{self, Options, Running};
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::net::TcpStream;

pub(crate) struct Client {
    running: Running,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: BTreeMap<String, String>,
    pub(crate) text: String,
    /// Null when the text is no JSON.
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

/// The connection was closed without an answer.
#[derive(Debug)]
pub(crate) struct NoAnswer;

impl Client {
    /// A client of a new server on a free port.
    pub(crate) async fn of(scenario: &str) -> Self {
        Self::started(scenario, Options::default()).await
    }

    /// The same, which publishes to this address.
    pub(crate) async fn with_events(scenario: &str, endpoint: &str) -> Self {
        let options = Options {
            events_endpoint: Some(endpoint.to_owned()),
            events_source: "drs.simulator".to_owned(),
            ..Options::default()
        };
        Self::started(scenario, options).await
    }

    async fn started(scenario: &str, options: Options) -> Self {
        let scenario = Scenario::parse(scenario).expect("the scenario is valid");
        Self {
            running: server::start(scenario, options)
                .await
                .expect("the server starts"),
        }
    }

    pub(crate) async fn drs(&self, operation: &str, body: &Value) -> Result<Answer, NoAnswer> {
        self.signed(
            "POST",
            &format!("/{operation}"),
            "us-west-2",
            &body.to_string(),
        )
        .await
    }

    pub(crate) async fn signed(
        &self,
        method: &str,
        path: &str,
        region: &str,
        body: &str,
    ) -> Result<Answer, NoAnswer> {
        self.send(
            method,
            path,
            Some(&authorization("111122223333", region)),
            body,
        )
        .await
    }

    pub(crate) async fn with_key(
        &self,
        key: &str,
        operation: &str,
        region: &str,
    ) -> Result<Answer, NoAnswer> {
        self.send(
            "POST",
            &format!("/{operation}"),
            Some(&authorization(key, region)),
            "{}",
        )
        .await
    }

    pub(crate) async fn with_authorization(
        &self,
        method: &str,
        path: &str,
        authorization: &str,
    ) -> Result<Answer, NoAnswer> {
        self.send(method, path, Some(authorization), "{}").await
    }

    pub(crate) async fn plain(
        &self,
        method: &str,
        path: &str,
        body: &str,
    ) -> Result<Answer, NoAnswer> {
        self.send(method, path, None, body).await
    }

    pub(crate) async fn sim(&self, method: &str, path: &str, body: &str) -> Answer {
        self.plain(method, &format!("/_sim/{path}"), body)
            .await
            .expect("/_sim always answers")
    }

    /// Looks until the condition holds; the test's own time limit ends it otherwise.
    pub(crate) async fn until(&self, condition: impl AsyncFn() -> bool) {
        while !condition().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// A request that was signed at this time, as `x-amz-date` has it.
    pub(crate) async fn signed_at(&self, at: &str, operation: &str) -> Result<Answer, NoAnswer> {
        let authorization = authorization("111122223333", "us-west-2");
        let date = Some(("x-amz-date", at));
        let path = format!("/{operation}");
        self.send_with("POST", &path, Some(&authorization), "{}", date)
            .await
    }

    /// A request with a session token beside its signature.
    pub(crate) async fn with_session(&self, token: &str, operation: &str) -> Answer {
        let authorization = authorization("111122223333", "us-west-2");
        let session = Some(("x-amz-security-token", token));
        let path = format!("/{operation}");
        self.send_with("POST", &path, Some(&authorization), "{}", session)
            .await
            .expect("an answer")
    }

    /// A form to EC2.
    pub(crate) async fn ec2(&self, form: &str) -> Result<Answer, NoAnswer> {
        let authorization = authorization("111122223333", "us-west-2").replace("/drs/", "/ec2/");
        self.send("POST", "/", Some(&authorization), form).await
    }

    async fn send(
        &self,
        method: &str,
        path: &str,
        authorization: Option<&str>,
        body: &str,
    ) -> Result<Answer, NoAnswer> {
        self.send_with(method, path, authorization, body, None)
            .await
    }

    async fn send_with(
        &self,
        method: &str,
        path: &str,
        authorization: Option<&str>,
        body: &str,
        header: Option<(&str, &str)>,
    ) -> Result<Answer, NoAnswer> {
        let stream = TcpStream::connect(self.running.address())
            .await
            .expect("the server listens");
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .expect("the connection is made");
        tokio::spawn(connection);
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", self.running.address().to_string())
            .header("amz-sdk-invocation-id", "invocation-1")
            .header("amz-sdk-request", "attempt=2; max=3");
        if let Some(authorization) = authorization {
            request = request.header("authorization", authorization);
        }
        if let Some((name, value)) = header {
            request = request.header(name, value);
        }
        let request = request
            .body(Full::new(Bytes::from(body.to_owned())))
            .expect("the request is valid");
        let response = sender.send_request(request).await.map_err(|_| NoAnswer)?;
        let headers = response.headers().iter();
        let headers = headers
            .map(|(name, value)| {
                (
                    name.to_string(),
                    value.to_str().unwrap_or_default().to_owned(),
                )
            })
            .collect();
        let status = response.status().as_u16();
        let bytes = response
            .into_body()
            .collect()
            .await
            .map_err(|_| NoAnswer)?
            .to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let body = serde_json::from_str(&text).unwrap_or_default();
        Ok(Answer {
            status,
            headers,
            text,
            body,
        })
    }
}

fn authorization(key: &str, region: &str) -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential={key}/20260101/{region}/drs/aws4_request, \
         SignedHeaders=host;x-amz-date, Signature={:064}",
        0
    )
}
