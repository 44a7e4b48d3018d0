//! The console: published by the custom resource's own code, with the deployer's rights.

use aws_smithy_http_client::{Connector, tls};
use aws_smithy_runtime_api::client::http::{HttpConnector, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use serde_json::{Value, json};

use super::{AwsCloud, failed};
use crate::console::Console;
use crate::error::Failure;

impl AwsCloud {
    /// The event is the one that CloudFormation would send; its answer is owed to nobody.
    pub(super) async fn publish(&self, console: &Console) -> Result<String, Failure> {
        let event = json!({
            "RequestType": "Update",
            "ResponseURL": "",
            "StackId": "",
            "LogicalResourceId": "Console",
            "RequestId": reference(console),
            "ResourceProperties": {
                "Bucket": console.bucket,
                "ArchiveBucket": console.archive_bucket,
                "ArchiveKey": console.archive_key,
                "DistributionId": console.distribution,
                "Configuration": console.configuration,
            },
        });
        let publishing = frontend_builder::aws::over(&self.configuration).perform(event);
        let data = publishing.await.map_err(|failure| Failure::Call {
            operation: "publishing the console",
            reason: failure.to_string(),
        })?;
        let invalidation = data.get("InvalidationId").and_then(Value::as_str);
        Ok(invalidation.unwrap_or_default().to_owned())
    }

    pub(super) async fn invalidation_is_done(
        &self,
        distribution: &str,
        invalidation: &str,
    ) -> Result<bool, Failure> {
        let look = self
            .cloudfront
            .get_invalidation()
            .distribution_id(distribution);
        let look = look.id(invalidation).send().await;
        let look = look.map_err(failed("cloudfront:GetInvalidation"))?;
        Ok(look
            .invalidation
            .is_some_and(|invalidation| invalidation.status == "Completed"))
    }

    pub(super) async fn fetch_page(
        &self,
        console: &Console,
        path: &str,
    ) -> Result<Vec<u8>, Failure> {
        let unreachable = |reason: String| Failure::Call {
            operation: "fetching the console's page",
            reason,
        };
        let request = self.page_request(console, path).map_err(unreachable)?;
        let connector = Connector::builder()
            .tls_provider(tls::Provider::Rustls(
                tls::rustls_provider::CryptoMode::AwsLc,
            ))
            .build();
        let answer = SharedHttpConnector::new(connector).call(request).await;
        let answer = answer.map_err(|_| unreachable(format!("{} gives no answer", console.url)))?;
        let status = answer.status();
        if !status.is_success() {
            let text = format!("{}{path} answers {}", console.url, status.as_u16());
            return Err(unreachable(text));
        }
        let body = aws_smithy_types::byte_stream::ByteStream::new(answer.into_body())
            .collect()
            .await;
        body.map(aws_sdk_s3::primitives::AggregatedBytes::to_vec)
            .map_err(|error| unreachable(error.to_string()))
    }

    /// The emulator serves a distribution to whoever asks for its host.
    fn page_request(&self, console: &Console, path: &str) -> Result<HttpRequest, String> {
        let address = self.endpoint.as_ref().unwrap_or(&console.url);
        let mut request = HttpRequest::empty();
        let uri = format!("{}{path}", address.trim_end_matches('/'));
        request
            .set_uri(uri)
            .map_err(|_| format!("{address} is no address"))?;
        if self.endpoint.is_some() {
            let host = console
                .url
                .trim_start_matches("https://")
                .trim_end_matches('/')
                .to_owned();
            request.headers_mut().insert("host", host);
            request.headers_mut().insert("x-forwarded-proto", "https");
        }
        Ok(request)
    }
}

/// The same console, published once more for another configuration, is another publication.
fn reference(console: &Console) -> String {
    let configuration = Value::Object(console.configuration.clone()).to_string();
    let text = format!(
        "{} {configuration} {}",
        console.archive_key,
        std::process::id()
    );
    crate::release::digest(text.as_bytes())
}
