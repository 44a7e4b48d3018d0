//! The product itself: what is deployed to the emulator, and with which parameters.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use deployment::apply::{Applying, Replacements, apply};
use deployment::aws::AwsCloud;
use deployment::cloud::Outputs;
use deployment::manifest::Written;
use deployment::observation::observe;
use deployment::plan::{TablesLeft, plan};
use deployment::progress::Event;
use deployment::release::Release;
use deployment::settings::{Replica, Settings};
use deployment::verify::verify;

use crate::edge::Origins;
use crate::ports::Ports;
use crate::{terminal, users};

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
    let cloud = AwsCloud::emulated(&endpoint, REGION, ACCOUNT).await;
    let observation = observe(&cloud, &settings, &release).await?;
    let plan = plan(&release, &settings, &observation, TablesLeft::Refuse)?;
    terminal::line(plan.to_string().trim_end());
    let mut progress = |event: Event| terminal::line(&event.to_string());
    // A stack on one machine keeps no manifest, and everything in it can be made again.
    let written = Written::default();
    let applying = Applying {
        release: &release,
        settings: &settings,
        cloud: &cloud,
        replacements: Replacements::Allowed,
        before: None,
        written: &written,
    };
    apply(&plan, &applying, &mut progress).await?;
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
        replica: Replica::Unsaid,
    }
}
