//! After a deployment: whether what runs is what was deployed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::cloud::{Cloud, Outputs};
use crate::error::Failure;
use crate::release::{Object, Release};
use crate::settings::Settings;

/// Outputs without which nobody finds the product.
pub const REQUIRED_OUTPUTS: [&str; 8] = [
    "ApiUrl",
    "ConsoleUrl",
    "UserPoolId",
    "UserPoolClientId",
    "ConsoleBucket",
    "DistributionId",
    "StateMachineArn",
    "AlarmTopicArn",
];

/// Compares the code of every function and the presence of every output; answers the outputs.
pub async fn verify(
    release: &Release,
    settings: &Settings,
    cloud: &Cloud,
) -> Result<Outputs, Failure> {
    for artifact in &release.functions {
        let function = settings.function(&artifact.name);
        let runs = cloud.code_sha256(&function).await?;
        if runs != as_the_service_writes_it(artifact) {
            let text = format!("{function} runs other code than {}", artifact.key);
            return Err(Failure::NotVerified(text));
        }
    }
    let outputs = cloud.outputs(&settings.stack()).await?;
    let missing: Vec<&str> = REQUIRED_OUTPUTS
        .into_iter()
        .filter(|name| !outputs.contains_key(*name))
        .collect();
    if missing.is_empty() {
        return Ok(outputs);
    }
    let text = format!(
        "the stack {} lacks the outputs {}",
        settings.stack(),
        missing.join(", ")
    );
    Err(Failure::NotVerified(text))
}

/// Base64 of the digest, where a release has hexadecimal digits.
fn as_the_service_writes_it(artifact: &Object) -> String {
    hex::decode(&artifact.sha256)
        .map(|digest| STANDARD.encode(digest))
        .unwrap_or_default()
}
