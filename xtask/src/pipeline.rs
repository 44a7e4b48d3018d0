//! The GitLab pipeline: its file against GitLab's schema, and the pipeline itself on this machine, by
//! gitlab-ci-local, whose version `xtask/pipeline` pins.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use serde_json::Value;

use crate::end_to_end::{self, StackFixture};
use crate::run::{heard, is_there};
use crate::stack_options::TestOptions;
use crate::steps::Steps;
use crate::{build, console, gitlab_version, npm, terminal, workspace};

/// The pipeline's file, from the root.
pub const FILE: &str = ".gitlab-ci.yml";
const TOOLS: &str = "xtask/pipeline";
/// Where the deployments go to: an emulated account with a running product beside the deployed one.
const FIXTURE: StackFixture = StackFixture {
    folder: "pipeline",
    scenario: "crates/end-to-end/scenario.yaml",
    parameters: &[],
};
/// What a machine has of its own, and what only GitLab can give.
const UNSET: [&str; 6] = [
    "CARGO_HOME",
    "PIP_CACHE_DIR",
    "NPM_CONFIG_CACHE",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
];
/// The pipeline runs as if this were the main branch, whatever the branch is called here.
const BRANCH: [&str; 3] = [
    "CI_COMMIT_BRANCH",
    "CI_COMMIT_REF_NAME",
    "CI_DEFAULT_BRANCH",
];
/// For a job with an image the runner names a folder of the image, also when it uses none.
const PROJECT: &str = "CI_PROJECT_DIR";
const PRODUCTION: &str = "deploy-infra:production";
/// What the first deployment of an environment has to be told.
const SETTINGS: &str =
    "project = \"drs-orchestration\"\n\n[parameters]\nAdminEmail = \"administrator@example.com\"\n";
/// How production says that it is reached through GitLab only.
const REFUSAL: &str = "production is changed by the pipeline alone";

/// What `cargo xtask pipeline` runs.
#[derive(Args, Clone, Debug)]
pub struct PipelineOptions {
    /// Only these stages, by commas; all of them when left out.
    #[arg(long, value_delimiter = ',', value_name = "STAGE")]
    pub only: Vec<Stage>,
    /// The stack whose emulator the product is deployed to.
    #[command(flatten)]
    pub stack: TestOptions,
}

/// The stages; the deployments need each other, so they are one choice.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Stage {
    /// What can be judged by reading.
    Validate,
    /// Layout and lints.
    Lint,
    /// The functions and the console.
    Build,
    /// Every test.
    Test,
    /// Both deployments of the test environment, and production, which refuses.
    Deploy,
}

const STAGES: [Stage; 5] = [
    Stage::Validate,
    Stage::Lint,
    Stage::Build,
    Stage::Test,
    Stage::Deploy,
];

/// Checks the pipeline's file.
pub fn check(root: &Path) -> Result<()> {
    gitlab_version::check()?;
    let faults = faults(root, &root.join(FILE))?;
    for fault in &faults {
        terminal::problem(fault);
    }
    if faults.is_empty() {
        return Ok(());
    }
    bail!("GitLab would refuse {FILE} for {} faults", faults.len())
}

/// What GitLab's schema refuses in a pipeline file.
pub fn faults(root: &Path, file: &Path) -> Result<Vec<String>> {
    let tools = root.join(TOOLS);
    npm::install(root, &tools)?;
    let file = file.display().to_string();
    let (valid, said) = heard(&tools, "node", &["schema.js", &file])?;
    let lines: Vec<String> = said.lines().map(str::to_owned).collect();
    match (valid, lines.is_empty()) {
        (true, _) => Ok(Vec::new()),
        (false, false) => Ok(lines),
        (false, true) => bail!("{file} cannot be judged: node has said nothing"),
    }
}

/// Runs the pipeline; the end says which stage failed.
pub fn run(options: &PipelineOptions) -> Result<()> {
    let root = workspace::root();
    npm::install(&root, &root.join(TOOLS))?;
    // It lays the artifacts of jobs aside with it.
    if !is_there("rsync", &["--version"]) {
        bail!("rsync is needed to run the pipeline here; install it and try again");
    }
    let mut steps = Steps::default();
    for stage in STAGES {
        if options.only.is_empty() || options.only.contains(&stage) {
            steps.step(stage.name(), || run_stage(&root, stage, options.stack));
        }
    }
    steps.finish("pipeline")
}

impl Stage {
    fn name(self) -> &'static str {
        match self {
            Self::Validate => "validate",
            Self::Lint => "lint",
            Self::Build => "build",
            Self::Test => "test",
            Self::Deploy => "deploy",
        }
    }
}

fn run_stage(root: &Path, stage: Stage, stack: TestOptions) -> Result<()> {
    match stage {
        Stage::Validate | Stage::Lint | Stage::Build | Stage::Test => {
            succeeds(root, &["--stage", stage.name()], &[])
        }
        Stage::Deploy => deploy(root, stack),
    }
}

/// Both deployments, as the jobs do them, and production, which must refuse.
fn deploy(root: &Path, stack: TestOptions) -> Result<()> {
    build::programs(root)?;
    console::build(root)?;
    end_to_end::on_stack(root, stack, FIXTURE, |status| {
        let account = account(status)?;
        let account: Vec<(&str, &str)> = account
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        succeeds(root, &["deploy-infra:test"], &account)?;
        refuses(root, PRODUCTION, &account)?;
        terminal::line("production has refused, as it must here");
        succeeds(root, &["deploy-frontend:test"], &account)
    })
}

/// The emulated account, by the variables that the AWS SDKs and the deployment read.
fn account(status_file: &Path) -> Result<Vec<(&'static str, String)>> {
    let text = std::fs::read_to_string(status_file).context("the stack's status")?;
    let status: Value = serde_json::from_str(&text).context("the stack's status")?;
    let of = |name: &str| {
        let value = status[name].as_str().map(str::to_owned);
        value.with_context(|| format!("the stack's status has no {name}"))
    };
    let account = of("accountId")?;
    Ok(vec![
        ("AWS_ENDPOINT_URL", of("awsEndpointUrl")?),
        ("AWS_REGION", of("region")?),
        ("AWS_SECRET_ACCESS_KEY", "emulated".to_owned()),
        ("DRS_ORCHESTRATION_REGION", of("region")?),
        ("DRS_ORCHESTRATION_SETTINGS", settings(status_file)?),
        // The emulator takes the key's name for the account.
        ("AWS_ACCESS_KEY_ID", account),
    ])
}

/// The settings of the emulated account, beside its state: not those that somebody has in this tree.
fn settings(status_file: &Path) -> Result<String> {
    let file = status_file.with_file_name("deploy.toml");
    std::fs::write(&file, SETTINGS).with_context(|| file.display().to_string())?;
    Ok(file.display().to_string())
}

fn succeeds(root: &Path, what: &[&str], variables: &[(&str, &str)]) -> Result<()> {
    let status = runner(root, what, variables).status();
    if status.context("gitlab-ci-local")?.success() {
        return Ok(());
    }
    bail!("the pipeline fails at {}", what.join(" "))
}

/// The job ends with the sentence by which production refuses, and with no other failure.
fn refuses(root: &Path, job: &str, variables: &[(&str, &str)]) -> Result<()> {
    let output = runner(root, &[job], variables).output();
    let output = output.context("gitlab-ci-local")?;
    let said = String::from_utf8_lossy(&output.stdout);
    terminal::line(&said);
    if output.status.success() {
        bail!("{job} has deployed from outside the protected pipeline");
    }
    if !said.contains(REFUSAL) {
        bail!("{job} has failed, but not because production is protected");
    }
    Ok(())
}

/// One call of gitlab-ci-local: every job in a shell, in this folder, one after the other.
fn runner(root: &Path, what: &[&str], variables: &[(&str, &str)]) -> Command {
    let program = root.join(TOOLS).join("node_modules/.bin/gitlab-ci-local");
    let own = format!("{PROJECT},{}", BRANCH.join(","));
    let mut command = Command::new(program);
    command
        .current_dir(root)
        .envs(variables.iter().copied())
        .args(["--force-shell-executor", "--no-color", "--concurrency", "1"])
        .args(["--state-dir", "target/gitlab-ci-local"])
        .args(["--ignore-predefined-vars", &own])
        .args(["--variable", &format!("{PROJECT}={}", root.display())]);
    for name in UNSET {
        command.args(["--unset-variable", name]);
    }
    for name in BRANCH {
        command.args(["--variable", &format!("{name}=main")]);
    }
    command.args(what);
    command
}
