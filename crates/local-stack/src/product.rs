//! The product itself: what is deployed to the emulator, and with which parameters.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use deployment::apply::apply;
use deployment::cloud::{Cloud, Outputs};
use deployment::plan::plan;
use deployment::progress::Event;
use deployment::release::Release;
use deployment::settings::Settings;
use deployment::verify::verify;

use crate::edge::Origins;
use crate::ports::Ports;
use crate::{say, users};

/// The deploying account; the scenarios' servers belong to it.
pub const ACCOUNT: &str = "111122223333";
/// The Region of the stack.
pub const REGION: &str = "us-west-2";
/// Beginning of every resource name.
pub const PROJECT: &str = "drs-orchestration";
/// The one environment of a local stack.
pub const ENVIRONMENT: &str = "dev";

/// Deploys by the same core as to AWS: plan, apply, verify. Answers the stack's outputs.
pub async fn deploy(
    templates: &Path,
    archives: &Path,
    ports: Ports,
    chosen: &[(String, String)],
) -> Result<Outputs> {
    let release = Release::read(templates, archives)?;
    let settings = settings(ports, chosen);
    let endpoint = format!("http://127.0.0.1:{}", ports.emulator);
    let cloud = Cloud::emulated(&endpoint, REGION, ACCOUNT).await;
    let observation = cloud.observe(&settings).await?;
    let plan = plan(&release, &settings, &observation)?;
    say::line(plan.to_string().trim_end());
    let mut progress = |event: Event| say::line(&event.to_string());
    apply(&plan, &release, &settings, &cloud, &mut progress).await?;
    Ok(verify(&release, &settings, &cloud).await?)
}

/// Where the edge finds the distribution, by the outputs.
pub fn origins(outputs: &Outputs, ports: Ports) -> Result<Origins> {
    let address = outputs
        .get("ConsoleUrl")
        .context("the stack has no output ConsoleUrl")?;
    let behind_scheme = address
        .split_once("://")
        .map_or(address.as_str(), |(_, rest)| rest);
    let distribution = behind_scheme.split('/').next().unwrap_or(behind_scheme);
    Ok(Origins {
        emulator: format!("127.0.0.1:{}", ports.emulator),
        distribution: distribution.to_owned(),
    })
}

fn settings(ports: Ports, chosen: &[(String, String)]) -> Settings {
    let simulator = format!("http://127.0.0.1:{}", ports.simulator);
    let local = [
        ("AdminEmail", users::ADMINISTRATOR),
        ("AllowPasswordSignIn", "true"),
        ("CognitoEndpoint", "/cognito/"),
        ("DrsEndpointUrl", simulator.as_str()),
        ("DrsEventSource", "drs.simulator"),
        ("DrsCallTimeoutSeconds", "10"),
        ("EnableMfa", "false"),
        ("OwnerExpirySeconds", "30"),
        ("VisibilityWindowSeconds", "20"),
        ("DoubtLimitSeconds", "240"),
    ];
    let mut parameters: BTreeMap<String, String> = local
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    parameters.extend(chosen.iter().cloned());
    Settings {
        project: PROJECT.to_owned(),
        environment: ENVIRONMENT.to_owned(),
        region: REGION.to_owned(),
        bucket: format!("{PROJECT}-deployment-{ACCOUNT}-{REGION}"),
        chosen: parameters,
    }
}
