//! Whether what was deployed is what runs: working tree, bucket, stacks and running code side by
//! side.

mod replica;
mod rows;

use serde::Serialize;

use crate::cloud::{Cloud, Outputs};
use crate::error::Failure;
use crate::release::{Object, Release};
use crate::running_code;
use crate::settings::Settings;

pub use replica::replica;
pub use rows::{Comparison, compare};

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

/// What one look finds about one thing.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE", tag = "found", content = "sha256")]
pub enum Found {
    /// This content.
    Digest(String),
    /// It ought to be there and is not.
    Missing,
    /// This thing has no such side, or nobody looked.
    Nothing,
}

/// One thing, as the four places have it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Row {
    /// What it is.
    pub name: String,
    /// In the working tree.
    pub tree: Found,
    /// In the bucket.
    pub bucket: Found,
    /// In the deployed stacks.
    pub stack: Found,
    /// Where it runs.
    pub running: Found,
    /// What differs, in words; nothing when all agree.
    pub drift: Option<String>,
}

impl Row {
    /// A row of something that is compared as a whole.
    pub(crate) fn whole(name: String, drift: Option<String>) -> Self {
        Self {
            name,
            tree: Found::Nothing,
            bucket: Found::Nothing,
            stack: Found::Nothing,
            running: Found::Nothing,
            drift,
        }
    }
}

/// Compares the code of every function and the presence of every output; answers the outputs.
pub async fn verify(
    release: &Release,
    settings: &Settings,
    cloud: &dyn Cloud,
) -> Result<Outputs, Failure> {
    let stack = settings.stack();
    let (running, stack_state) =
        tokio::join!(running_code::digests(cloud, settings), cloud.stack(&stack));
    let running = running?;
    for artifact in &release.functions {
        let runs = running.get(artifact.name.as_str()).cloned().flatten();
        check_code(artifact, &settings.function(&artifact.name), runs)?;
    }
    let outputs = stack_state?.map(|state| state.outputs).unwrap_or_default();
    let missing: Vec<&str> = REQUIRED_OUTPUTS
        .into_iter()
        .filter(|name| !outputs.contains_key(*name))
        .collect();
    if missing.is_empty() {
        return Ok(outputs);
    }
    let text = format!("the stack {stack} lacks the outputs {}", missing.join(", "));
    Err(Failure::NotVerified(text))
}

fn check_code(artifact: &Object, name: &str, runs: Option<String>) -> Result<(), Failure> {
    match runs {
        Some(digest) if digest == artifact.sha256 => Ok(()),
        Some(_) => {
            let text = format!("{name} runs other code than {}", artifact.key);
            Err(Failure::NotVerified(text))
        }
        None => Err(Failure::NotVerified(format!("there is no function {name}"))),
    }
}
