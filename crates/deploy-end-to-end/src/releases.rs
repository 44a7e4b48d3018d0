//! Two releases of the product, each as its own deploy tool brings it to one running stack.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use end_to_end::Stack;
use serde_json::{Map, Value};

use crate::test_environment::{Ended, Places, run, tool_of};

/// The project and the environment of a local stack.
const PROJECT: &str = "drs-orchestration";
const ENVIRONMENT: &str = "dev";

/// One release: sources, programs, and the tool among them.
#[derive(Clone, Debug)]
pub struct Release {
    /// What it is called in messages.
    pub name: &'static str,
    sources: PathBuf,
    programs: PathBuf,
    console: PathBuf,
}

impl Release {
    /// The release of this working tree.
    pub fn this() -> Result<Self> {
        let places = Places::read()?;
        Ok(Self {
            name: "this release",
            sources: places.repository,
            programs: places.programs,
            console: place("DRS_ORCHESTRATION_CONSOLE")?,
        })
    }

    /// The release that the stack began with.
    pub fn earlier() -> Result<Self> {
        Ok(Self {
            name: "the earlier release",
            sources: place("DRS_ORCHESTRATION_EARLIER_SOURCES")?,
            programs: place("DRS_ORCHESTRATION_EARLIER_PROGRAMS")?,
            console: place("DRS_ORCHESTRATION_CONSOLE")?,
        })
    }

    /// Runs its own deploy tool on the stack.
    pub fn run(&self, stack: &Stack, arguments: &[&str]) -> Result<Ended> {
        let places = &stack.places;
        let mut command = tool_of(PROJECT, &self.programs.join("drs-deploy"), arguments);
        let bucket = format!(
            "{PROJECT}-deployment-{}-{}",
            places.account_id, places.region
        );
        command
            .args(["--endpoint-url", &places.aws_endpoint_url])
            .args(["--environment", ENVIRONMENT, "--region", &places.region])
            .args(["--bucket", &bucket])
            .env("AWS_ACCESS_KEY_ID", &places.account_id)
            .arg("--checkout")
            .arg(&self.sources)
            .arg("--target-directory")
            .arg(stack.state_folder.join(self.name.replace(' ', "-")))
            .arg("--programs")
            .arg(&self.programs)
            .arg("--console")
            .arg(&self.console);
        run(&mut command)
    }

    /// Deploys all of it while an execution is under way, and says what the functions run now.
    pub fn deploy_during_an_execution(&self, stack: &Stack) -> Result<Map<String, Value>> {
        let reason = "a release while a drill is under way";
        let deploy = ["deploy", "--during-execution", reason];
        let ended = self.run(stack, &deploy)?;
        ensure!(
            ended.code == Some(0),
            "{} cannot be deployed: {}",
            self.name,
            ended.text
        );
        let before = stack_code(self, stack)?;
        ensure!(
            before.len() == end_to_end::stack::FUNCTIONS.len(),
            "functions are missing: {before:?}"
        );
        Ok(before)
    }
}

/// What each function runs, by its name.
pub fn stack_code(release: &Release, stack: &Stack) -> Result<Map<String, Value>> {
    let ended = release.run(stack, &["status", "--json"])?;
    let line = ended.text.lines().find(|line| line.starts_with('{'));
    let Some(line) = line else {
        bail!("status says nothing: {}", ended.text)
    };
    let status: Value = serde_json::from_str(line).context("the status")?;
    let functions = status["functions"].as_object().cloned();
    functions.context("the status names no functions")
}

fn place(name: &str) -> Result<PathBuf> {
    let place = std::env::var_os(name).map(PathBuf::from);
    let place = place.with_context(|| {
        format!("{name} is not set: `cargo xtask test --only releases` sets it")
    })?;
    ensure!(
        Path::new(&place).exists(),
        "{} is not there",
        place.display()
    );
    Ok(place)
}
