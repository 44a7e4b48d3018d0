//! The console of a stack: where it is published, and the configuration that it reads.

use serde_json::{Map, Value};

use crate::cloud::StackState;
use crate::error::Failure;
use crate::settings::Settings;

/// What publishing the console needs, as the template's custom resource names it too.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Console {
    /// The bucket that the distribution reads.
    pub bucket: String,
    /// The deployment bucket.
    pub archive_bucket: String,
    /// The archive in it.
    pub archive_key: String,
    /// The distribution.
    pub distribution: String,
    /// Where a browser finds it.
    pub url: String,
    /// The members of `config.json`.
    pub configuration: Map<String, Value>,
}

impl Console {
    /// The console as the stack's outputs and parameters describe it.
    pub fn of(stack: &StackState, settings: &Settings, key: &str) -> Result<Self, Failure> {
        let output = |name: &str| {
            stack
                .outputs
                .get(name)
                .cloned()
                .ok_or_else(|| Failure::NotVerified(format!("the stack has no output {name}")))
        };
        let parameter = |name: &str| stack.parameters.get(name).map_or("", String::as_str);
        let sign_in = match parameter("AllowPasswordSignIn") {
            "true" => "PASSWORD",
            _ => "SRP",
        };
        let texts = [
            ("apiUrl", "/api".to_owned()),
            ("region", settings.region.clone()),
            ("userPoolId", output("UserPoolId")?),
            ("userPoolClientId", output("UserPoolClientId")?),
            ("environment", settings.environment.clone()),
            ("projectName", settings.project.clone()),
            ("signIn", sign_in.to_owned()),
            ("mfaConfiguration", parameter("MfaConfiguration").to_owned()),
            ("cognitoEndpoint", parameter("CognitoEndpoint").to_owned()),
        ];
        let configuration = texts.into_iter().filter(|(_, text)| !text.is_empty());
        Ok(Self {
            bucket: output("ConsoleBucket")?,
            archive_bucket: settings.bucket.clone(),
            archive_key: key.to_owned(),
            distribution: output("DistributionId")?,
            url: output("ConsoleUrl")?,
            configuration: configuration
                .map(|(name, text)| (name.to_owned(), text.into()))
                .collect(),
        })
    }
}
