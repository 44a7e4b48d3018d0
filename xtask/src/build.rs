//! What `cargo xtask local` starts: built in one cargo invocation, so that nothing is compiled twice.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use clap::builder::PossibleValuesParser;

use crate::run::run as run_program;
use crate::{say, workspace};

/// The program that supervises the local stack.
pub const LOCAL_STACK: &str = "local-stack";

/// The five functions.
pub const FUNCTIONS: [&str; 5] = [
    "api-handler",
    "orchestration",
    "execution-finder",
    "execution-poller",
    "frontend-builder",
];

/// Which functions `cargo xtask build` builds.
#[derive(Args, Clone, Debug)]
pub struct BuildOptions {
    /// Their names; all five, where none is named.
    #[arg(value_parser = PossibleValuesParser::new(FUNCTIONS), value_name = "FUNCTION")]
    pub functions: Vec<String>,
}

/// Builds functions as they are deployed, and says where they lie.
pub fn run(options: &BuildOptions) -> Result<()> {
    let named: Vec<&str> = options.functions.iter().map(String::as_str).collect();
    let functions = if named.is_empty() {
        &FUNCTIONS
    } else {
        &named[..]
    };
    let folder = release_of(&workspace::root(), functions)?;
    for function in functions {
        say::line(&folder.join(function).display().to_string());
    }
    Ok(())
}

/// Programs of the local stack: its supervisor, the simulator, the five functions.
fn stack_programs() -> impl Iterator<Item = &'static str> {
    [LOCAL_STACK, "drs-simulator"].into_iter().chain(FUNCTIONS)
}

/// Builds every program of the local stack; answers the folder that they lie in.
pub fn programs(root: &Path) -> Result<PathBuf> {
    say::line("building the functions, the simulator and the local stack");
    let mut arguments = vec!["build"];
    for program in stack_programs() {
        arguments.extend(["--package", program]);
    }
    run_program(root, "cargo", &arguments).context("the product does not build")?;
    folder(root)
}

/// Builds one program alone.
pub fn program(root: &Path, name: &str) -> Result<PathBuf> {
    run_program(root, "cargo", &["build", "--quiet", "--package", name])?;
    Ok(folder(root)?.join(name))
}

/// Builds the functions as they are deployed; answers the folder that they lie in.
pub fn release(root: &Path) -> Result<PathBuf> {
    release_of(root, &FUNCTIONS)
}

fn release_of(root: &Path, functions: &[&str]) -> Result<PathBuf> {
    say::line("building the functions for release; the first time this takes a while");
    let mut arguments = vec!["build", "--release"];
    for function in functions {
        arguments.extend(["--package", function]);
    }
    run_program(root, "cargo", &arguments).context("the functions do not build")?;
    Ok(workspace::target_directory(root)?.join("release"))
}

/// Builds the programs that measure.
pub fn measurements(root: &Path) -> Result<()> {
    run_program(
        root,
        "cargo",
        &["build", "--package", "end-to-end", "--bins"],
    )
}

/// Where cargo puts programs of the development profile.
pub fn folder(root: &Path) -> Result<PathBuf> {
    Ok(workspace::target_directory(root)?.join("debug"))
}
