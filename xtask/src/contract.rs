//! The API's document against a running stack: Schemathesis asks what it allows and what it forbids.

use std::path::Path;

use anyhow::Result;
use clap::Args;

use crate::end_to_end::{StackFixture, on_stack};
use crate::run::run as run_program;
use crate::stack_options::TestOptions;
use crate::{build, console, python, workspace};

/// A stack of its own: what is asked changes it.
const FIXTURE: StackFixture = StackFixture {
    folder: "contract",
    scenario: "xtask/schemathesis/scenario.yaml",
    parameters: &[],
};
/// How many requests `cargo xtask test` sends.
const CASES_OF_A_TEST: u32 = 580;
/// The requests of a test are the same each time.
const SEED_OF_A_TEST: u32 = 1;

/// How much `cargo xtask contract` asks.
#[derive(Args, Clone, Copy, Debug)]
pub struct ContractOptions {
    /// The stack.
    #[command(flatten)]
    pub stack: TestOptions,
    /// How many requests, over all operations.
    #[arg(long, default_value_t = 5_000, value_parser = clap::value_parser!(u32).range(1..))]
    pub cases: u32,
    /// Which requests: the same for the same seed.
    #[arg(long, default_value_t = 1)]
    pub seed: u32,
}

/// Builds what runs, and asks as much as is wanted.
pub fn run(options: &ContractOptions) -> Result<()> {
    let root = workspace::root();
    build::programs(&root)?;
    console::build(&root)?;
    ask(&root, options.stack, options.cases, options.seed)
}

/// Judges the judge, and asks a little. The programs and the console have been built.
pub fn run_tests(root: &Path, stack: TestOptions) -> Result<()> {
    let python = python::schemathesis(root)?.join("bin/python");
    let unittest = ["-B", "-m", "unittest", "--quiet"];
    run_program(&folder(root), &python.display().to_string(), &unittest)?;
    ask(root, stack, CASES_OF_A_TEST, SEED_OF_A_TEST)
}

fn ask(root: &Path, stack: TestOptions, cases: u32, seed: u32) -> Result<()> {
    let python = python::schemathesis(root)?.join("bin/python");
    let document = root.join("openapi.json").display().to_string();
    let (cases, seed) = (cases.to_string(), seed.to_string());
    on_stack(root, stack, FIXTURE, |status| {
        let status = status.display().to_string();
        let arguments = [
            "-B",
            "judge.py",
            "--document",
            &document,
            "--status",
            &status,
            "--cases",
            &cases,
            "--seed",
            &seed,
        ];
        run_program(&folder(root), &python.display().to_string(), &arguments)
    })
}

fn folder(root: &Path) -> std::path::PathBuf {
    root.join("xtask/schemathesis")
}
