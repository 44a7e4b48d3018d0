//! Two questions to IAM. Its SDK would take minutes to compile for them, so the requests are signed
//! here, by the library that signs for every SDK; the service speaks its Query protocol.

use std::time::SystemTime;

use aws_config::SdkConfig;
use aws_sdk_s3::config::ProvideCredentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use aws_smithy_http_client::{Connector, tls};
use aws_smithy_runtime_api::client::http::{HttpConnector, SharedHttpConnector};
use aws_smithy_runtime_api::client::identity::Identity;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;

use super::super::AwsCloud;
use crate::error::Failure;
use crate::proving::Judged;
use crate::talk::repeated;

/// IAM is one service for all Regions of the partition, at home in this one.
const ENDPOINT: &str = "https://iam.amazonaws.com";
const REGION: &str = "us-east-1";
const VERSION: &str = "2010-05-08";
const FORM: &str = "application/x-www-form-urlencoded";

impl AwsCloud {
    /// What the principal may do of at most as many actions as the service takes at once.
    pub(super) async fn judged(
        &self,
        principal: &str,
        actions: &[&str],
    ) -> Result<Vec<Judged>, Failure> {
        let mut form = vec![
            ("PolicySourceArn".to_owned(), principal.to_owned()),
            ("MaxItems".to_owned(), "1000".to_owned()),
        ];
        let named = actions.iter().zip(1..);
        form.extend(named.map(|(action, number)| {
            (format!("ActionNames.member.{number}"), (*action).to_owned())
        }));
        let answer = self.query("SimulatePrincipalPolicy", &form).await?;
        judgements(&answer)
    }

    /// The whole ARN of a role, with its path.
    pub(super) async fn role_arn(&self, role: &str) -> Result<String, Failure> {
        let form = [("RoleName".to_owned(), role.to_owned())];
        let answer = self.query("GetRole", &form).await?;
        let answer = document(&answer)?;
        let arn = text_of(answer.root(), "Arn");
        arn.ok_or_else(|| failure("the role has no ARN in the answer of GetRole"))
    }

    async fn query(&self, action: &str, form: &[(String, String)]) -> Result<String, Failure> {
        let address = self.endpoint.as_deref().unwrap_or(ENDPOINT);
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("Action", action)
            .append_pair("Version", VERSION)
            .extend_pairs(form)
            .finish();
        let request = signed(&self.configuration, address, body).await?;
        let connector = Connector::builder()
            .tls_provider(tls::Provider::Rustls(
                tls::rustls_provider::CryptoMode::AwsLc,
            ))
            .build();
        let answer = SharedHttpConnector::new(connector).call(request).await;
        let answer = answer.map_err(|_| failure("IAM gives no answer"))?;
        let status = answer.status();
        let body = ByteStream::new(answer.into_body()).collect().await;
        let body = body.map_err(|_| failure("the answer of IAM ends early"))?;
        let text = String::from_utf8_lossy(&body.to_vec()).into_owned();
        if status.is_success() {
            return Ok(text);
        }
        let refusal = document(&text)?;
        let said = |name| text_of(refusal.root(), name).unwrap_or_default();
        let (code, message) = (said("Code"), said("Message"));
        // Such a message repeats what was signed.
        let message = if aws::error_code::repeats_headers(&code) {
            String::new()
        } else {
            repeated(&message)
        };
        Err(failure(&format!("{action}: {code} {message}")))
    }
}

async fn signed(
    configuration: &SdkConfig,
    address: &str,
    body: String,
) -> Result<HttpRequest, Failure> {
    let provider = configuration.credentials_provider();
    let provider = provider.ok_or_else(|| failure("there are no credentials"))?;
    let credentials = provider.provide_credentials().await;
    let credentials = credentials.map_err(|_| failure("there are no credentials"))?;
    let identity: Identity = credentials.into();
    #[expect(
        clippy::disallowed_methods,
        reason = "a signature has the machine's time"
    )]
    let now = SystemTime::now();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(REGION)
        .name("iam")
        .time(now)
        .settings(SigningSettings::default())
        .build();
    let parameters = parameters
        .map_err(|error| failure(&error.to_string()))?
        .into();
    let headers = [("content-type", FORM)];
    let bytes = SignableBody::Bytes(body.as_bytes());
    let signable = SignableRequest::new("POST", address, headers.into_iter(), bytes);
    let signable = signable.map_err(|error| failure(&error.to_string()))?;
    let signature = sign(signable, &parameters);
    let signature = signature.map_err(|error| failure(&error.to_string()))?;
    let (instructions, _) = signature.into_parts();
    let mut request = HttpRequest::new(SdkBody::from(body));
    request
        .set_method("POST")
        .map_err(|error| failure(&error.to_string()))?;
    request
        .set_uri(address)
        .map_err(|error| failure(&error.to_string()))?;
    request.headers_mut().insert("content-type", FORM);
    for (name, value) in instructions.headers() {
        request
            .headers_mut()
            .insert(name.to_owned(), value.to_owned());
    }
    Ok(request)
}

/// Each action with what was decided about it. An answer that goes on elsewhere is none: the
/// actions that it leaves out would count as allowed to nobody.
fn judgements(answer: &str) -> Result<Vec<Judged>, Failure> {
    let answer = document(answer)?;
    if text_of(answer.root(), "IsTruncated").as_deref() == Some("true") {
        return Err(failure("the answer of SimulatePrincipalPolicy is cut off"));
    }
    let members = answer.descendants();
    let results = members.filter(|node| node.tag_name().name() == "EvaluationResults");
    let results = results.flat_map(|node| node.children());
    results
        .filter(roxmltree::Node::is_element)
        .map(|result| {
            let part = |name| {
                let reason = "a result of SimulatePrincipalPolicy lacks";
                text_of(result, name).ok_or_else(|| failure(&format!("{reason} {name}")))
            };
            Ok(Judged {
                action: part("EvalActionName")?,
                decision: part("EvalDecision")?,
            })
        })
        .collect()
}

fn document(answer: &str) -> Result<roxmltree::Document<'_>, Failure> {
    roxmltree::Document::parse(answer).map_err(|_| failure("the answer of IAM is no XML"))
}

/// The text of the first element of this name below a node, whatever its namespace.
fn text_of(node: roxmltree::Node<'_, '_>, name: &str) -> Option<String> {
    let mut below = node.descendants();
    let found = below.find(|node| node.tag_name().name() == name)?;
    found.text().map(str::to_owned)
}

fn failure(reason: &str) -> Failure {
    Failure::Call {
        operation: "asking IAM",
        reason: reason.to_owned(),
    }
}
