//! The answer's way back: one PUT to a signed address. The HTTP client is the one that the
//! SDKs use, so the function carries one TLS stack.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws_smithy_http_client::{Connector, tls};
use aws_smithy_runtime_api::client::http::{HttpConnector, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use tokio::time::{sleep, timeout};
use tracing::warn;

use crate::answer::Answer;
use crate::event::Addressee;
use crate::ports::{Answers, WorldFailure};

/// Four attempts and the pauses between them fit into `supervise::TIME_TO_ANSWER`.
const LONGEST_ATTEMPT: Duration = Duration::from_secs(4);
const PAUSES: [Duration; 3] = [
    Duration::from_millis(200),
    Duration::from_millis(800),
    Duration::from_secs(2),
];

/// Answers by a PUT to the address that the event carries.
#[derive(Debug)]
pub struct ResponseUrlAnswers(SharedHttpConnector);

impl ResponseUrlAnswers {
    /// A client of its own; it belongs to the runtime that first uses it.
    pub fn connect() -> Arc<dyn Answers> {
        let connector = Connector::builder()
            .tls_provider(tls::Provider::Rustls(
                tls::rustls_provider::CryptoMode::AwsLc,
            ))
            .build();
        Arc::new(Self(SharedHttpConnector::new(connector)))
    }

    async fn attempt(&self, addressee: &Addressee, body: &str) -> Result<(), String> {
        let request = request(addressee, body)?;
        match timeout(LONGEST_ATTEMPT, self.0.call(request)).await {
            Err(_) => Err("no answer in time".to_owned()),
            Ok(Err(error)) if error.is_user() => Err("the address cannot be used".to_owned()),
            Ok(Err(_)) => Err("no connection".to_owned()),
            Ok(Ok(response)) if response.status().is_success() => Ok(()),
            Ok(Ok(response)) => Err(format!("HTTP {}", response.status().as_u16())),
        }
    }
}

#[async_trait]
impl Answers for ResponseUrlAnswers {
    async fn send(&self, addressee: &Addressee, answer: &Answer) -> Result<(), WorldFailure> {
        let body = answer.body(addressee).to_string();
        let mut pauses = PAUSES.iter();
        loop {
            let Err(reason) = self.attempt(addressee, &body).await else {
                return Ok(());
            };
            warn!(reason, "the answer was not taken");
            let Some(pause) = pauses.next() else {
                return Err(WorldFailure {
                    operation: "the answer to CloudFormation",
                    subject: addressee.logical_resource_id.clone(),
                    reason,
                });
            };
            sleep(*pause).await;
        }
    }
}

/// Without a content type: the signature of the address does not cover one.
fn request(addressee: &Addressee, body: &str) -> Result<HttpRequest, String> {
    // The parser's own message would repeat the address, which is a secret.
    let unusable = |_| "the address cannot be used".to_owned();
    let mut request = HttpRequest::new(body.into());
    request.set_method("PUT").map_err(unusable)?;
    request
        .set_uri(addressee.response_url.reveal())
        .map_err(unusable)?;
    request
        .headers_mut()
        .insert("content-length", body.len().to_string());
    Ok(request)
}
