//! What is deployed: everything, or one part of it on a fast path.

use anyhow::{Result, bail};
use deployment::archive;
use deployment::cloud::{ConsoleDistribution, Stacks};
use deployment::console::Console;
use deployment::observation::{Observation, Stack, observe, observe_bucket, stack};
use deployment::plan::{self, Plan, Step, TablesLeft};
use deployment::release::{Body, CONSOLE, Object, Release, digest};
use deployment::running_code;

use crate::deployment_context::DeploymentContext;

const PAGE: &str = "index.html";

/// What is wanted.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Part {
    /// Only the bucket.
    Bucket,
    /// The code of these functions, or of all.
    Code(Vec<String>),
    /// The console.
    Console,
    /// Everything.
    Whole,
}

impl Part {
    /// What the lock says that is being done.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::Bucket => "a sync",
            Self::Code(_) => "an update of code",
            Self::Console => "an update of the console",
            Self::Whole => "a deployment",
        }
    }

    /// The part of the working tree's release, in what the bucket holds. The sources go with it: the
    /// bucket must be able to build what it holds.
    pub(super) fn of(&self, tree: Release, stored: Release) -> Release {
        let wanted = |name: &str| match self {
            Self::Code(names) => is_wanted(names, name),
            Self::Bucket | Self::Console | Self::Whole => false,
        };
        let both = tree.functions.into_iter().zip(stored.functions);
        let functions = both
            .map(|(tree, stored)| if wanted(&tree.name) { tree } else { stored })
            .collect();
        // A bill goes with the artifact that it is about.
        let is_of_tree = |bill: &Object| {
            let artifact = bill.name.trim_end_matches(".cdx.json");
            wanted(artifact) || (*self == Self::Console && artifact == CONSOLE)
        };
        let of_tree = tree.bills.into_iter().filter(&is_of_tree);
        let of_stored = stored.bills.into_iter().filter(|bill| !is_of_tree(bill));
        let bills = of_tree.chain(of_stored).collect();
        let (console, console_files) = if *self == Self::Console {
            (tree.console, tree.console_files)
        } else {
            (stored.console, stored.console_files)
        };
        Release {
            functions,
            console,
            console_files,
            bills,
            sources: tree.sources,
            provenance: tree.provenance,
            templates: stored.templates,
            definition: stored.definition,
            tool: stored.tool,
        }
    }
}

/// Looks at what this part is about, and plans.
pub(super) async fn plan(
    part: &Part,
    context: &DeploymentContext,
    release: &Release,
    tables_left: TablesLeft,
) -> Result<(Observation, Plan)> {
    let DeploymentContext {
        settings, cloud, ..
    } = context;
    if *part == Part::Whole {
        let observation = observe(cloud, settings, release).await?;
        let plan = plan::plan(release, settings, &observation, tables_left)?;
        return Ok((observation, plan));
    }
    let mut observation = observe_bucket(cloud, settings, release).await?;
    let mut plan = plan::sync(release, settings, &observation)?;
    match part {
        Part::Bucket | Part::Whole => {}
        Part::Code(names) => {
            observation.stack = stack(cloud, settings).await?;
            plan.steps
                .extend(code_steps(context, release, names).await?);
            let functions = release.functions.iter();
            let updated = functions.filter(|artifact| is_wanted(names, &artifact.name));
            plan.steps
                .extend(named(observation.stack.as_ref(), updated));
        }
        Part::Console => {
            observation.stack = stack(cloud, settings).await?;
            plan.steps.extend(console_step(context, release).await?);
            let published = [&release.console].into_iter();
            plan.steps
                .extend(named(observation.stack.as_ref(), published));
        }
    }
    Ok((observation, plan))
}

/// What runs is named in the stack too, so that the next whole deployment has nothing to change, and
/// a failed one goes back to it and not to what ran before.
fn named<'a>(stack: Option<&Stack>, artifacts: impl Iterator<Item = &'a Object>) -> Option<Step> {
    plan::naming(stack?, artifacts)
}

fn is_wanted(names: &[String], name: &str) -> bool {
    names.is_empty() || names.iter().any(|other| other == name)
}

async fn code_steps(
    context: &DeploymentContext,
    release: &Release,
    names: &[String],
) -> Result<Vec<Step>> {
    let mut steps = Vec::new();
    let running = running_code::digests(&context.cloud, &context.settings).await?;
    for (name, digest) in running {
        if !is_wanted(names, name) {
            continue;
        }
        let function = context.settings.function(name);
        let Some(digest) = digest else {
            bail!("there is no function {function}; `cargo xtask deploy` makes it");
        };
        let mut artifacts = release.functions.iter();
        if let Some(artifact) = artifacts.find(|artifact| artifact.name == name)
            && digest != artifact.sha256
        {
            let key = artifact.key.clone();
            steps.push(Step::UpdateCode { function, key });
        }
    }
    Ok(steps)
}

/// What is served is compared with what should be, so that a publication that was interrupted is
/// taken up again.
async fn console_step(context: &DeploymentContext, release: &Release) -> Result<Option<Step>> {
    let key = release.console.key.clone();
    let console = console(context, &key).await?;
    let publish = Some(Step::PublishConsole { key });
    if matches!(release.console.body, Body::Unbuilt(_)) {
        return Ok(publish);
    }
    let archive = context.bytes(&release.console).await?;
    let page = archive::file(&archive, PAGE).unwrap_or_default();
    // A page that cannot be fetched is not the new one either.
    let served = context
        .cloud
        .fetch(&console, &format!("/{PAGE}"))
        .await
        .unwrap_or_default();
    let configuration = context
        .cloud
        .fetch(&console, "/config.json")
        .await
        .unwrap_or_default();
    let configuration: serde_json::Value =
        serde_json::from_slice(&configuration).unwrap_or_default();
    let wanted = serde_json::Value::Object(console.configuration);
    let is_current = digest(&page) == digest(&served) && configuration == wanted;
    Ok(if is_current { None } else { publish })
}

/// The page that is served must be the archive's.
pub(super) async fn check_page(context: &DeploymentContext, release: &Release) -> Result<()> {
    let console = console(context, &release.console.key).await?;
    let archive = context.bytes(&release.console).await?;
    let page = archive::file(&archive, PAGE).unwrap_or_default();
    let served = context.cloud.fetch(&console, &format!("/{PAGE}")).await?;
    if digest(&page) != digest(&served) {
        bail!(
            "{} serves another page than {}",
            console.url,
            release.console.key
        );
    }
    context
        .output
        .tell(&format!("  {} serves the new page", console.url));
    Ok(())
}

async fn console(context: &DeploymentContext, key: &str) -> Result<Console> {
    let name = context.settings.stack();
    let Some(stack) = context.cloud.stack(&name).await? else {
        bail!("there is no stack {name}; `cargo xtask deploy` makes it");
    };
    Ok(Console::of(&stack, &context.settings, key)?)
}
