//! One request to the product's API, by the client that the SDKs use too.

use aws_smithy_http_client::{Connector, tls};
use aws_smithy_runtime_api::client::http::{HttpConnector, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use serde_json::Value;

use super::super::AwsCloud;
use crate::error::Failure;
use crate::proving::{Answered, Asked};

/// A held call takes as long as the gateway lets it, which is under half a minute.
const ANSWER_MAX: std::time::Duration = std::time::Duration::from_mins(1);

impl AwsCloud {
    pub(super) async fn send_to_api(&self, asked: Asked<'_>) -> Result<Answered, Failure> {
        let request = self.api_request(asked)?;
        let connector = Connector::builder()
            .tls_provider(tls::Provider::Rustls(
                tls::rustls_provider::CryptoMode::AwsLc,
            ))
            .build();
        let call = SharedHttpConnector::new(connector).call(request);
        let unanswered = || unreachable(asked, "it gives no answer");
        let answer = tokio::time::timeout(ANSWER_MAX, call).await;
        let answer = answer
            .map_err(|_| unanswered())?
            .map_err(|_| unanswered())?;
        let status = answer.status().as_u16();
        let body = ByteStream::new(answer.into_body()).collect().await;
        let body = body.map_err(|_| unanswered())?.to_vec();
        Ok(Answered {
            status,
            body: serde_json::from_slice(&body).unwrap_or(Value::Null),
        })
    }

    /// The emulator serves a distribution to whoever asks for its host.
    fn api_request(&self, asked: Asked<'_>) -> Result<HttpRequest, Failure> {
        let wrong = |_| unreachable(asked, "it is no address");
        let body = asked
            .body
            .map_or_else(SdkBody::empty, |body| SdkBody::from(body.to_string()));
        let origin = asked.origin.trim_end_matches('/');
        let address = self.endpoint.as_deref().unwrap_or(origin);
        let uri = format!("{}{}", address.trim_end_matches('/'), asked.path);
        let mut request = HttpRequest::new(body);
        request.set_method(asked.method).map_err(wrong)?;
        request.set_uri(uri).map_err(wrong)?;
        let headers = request.headers_mut();
        if self.endpoint.is_some() {
            let host = origin.rsplit('/').next().unwrap_or(origin).to_owned();
            headers.insert("host", host);
            headers.insert("x-forwarded-proto", "https");
        }
        if let Some(token) = asked.token {
            headers.insert("authorization", format!("Bearer {}", token.reveal()));
        }
        if let Some(body) = asked.body {
            headers.insert("content-type", "application/json");
            headers.insert("content-length", body.to_string().len().to_string());
        }
        Ok(request)
    }
}

fn unreachable(asked: Asked<'_>, why: &str) -> Failure {
    let Asked {
        method,
        origin,
        path,
        ..
    } = asked;
    Failure::Call {
        operation: "asking the API",
        reason: format!("{method} {}{path}: {why}", origin.trim_end_matches('/')),
    }
}
