//! What `cargo xtask local` starts: built in one cargo invocation, so that nothing is compiled twice.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::programs::{Manner, build_into};
use crate::run::run;
use crate::{terminal, workspace};

/// The program that supervises the local stack.
pub const LOCAL_STACK: &str = "local-stack";

/// The program that stands for DRS.
const SIMULATOR: &str = "drs-simulator";

/// The five functions.
pub const FUNCTIONS: [&str; 5] = [
    "api-handler",
    "orchestration",
    "execution-finder",
    "execution-poller",
    "frontend-builder",
];

/// Programs of the local stack: its supervisor, the simulator, the five functions.
fn stack_programs() -> impl Iterator<Item = &'static str> {
    [LOCAL_STACK, SIMULATOR].into_iter().chain(FUNCTIONS)
}

/// Builds every program of the local stack; answers the folder that they lie in.
pub fn programs(root: &Path) -> Result<PathBuf> {
    terminal::line("building the functions, the simulator and the local stack");
    let mut arguments = vec!["build"];
    for program in stack_programs() {
        arguments.extend(["--package", program]);
    }
    run(root, "cargo", &arguments).context("the product does not build")?;
    folder(root)
}

/// Builds one program alone.
pub fn program(root: &Path, name: &str) -> Result<PathBuf> {
    run(root, "cargo", &["build", "--quiet", "--package", name])?;
    Ok(folder(root)?.join(name))
}

/// Builds the functions as they are deployed; answers the folder that they lie in.
pub fn release(root: &Path, manner: Manner) -> Result<PathBuf> {
    terminal::line("building the functions for release; the first time this takes a while");
    let folder = workspace::target_directory(root)?.join("release-programs");
    build_into(root, &folder, &FUNCTIONS, manner)?;
    Ok(folder)
}

/// The same with a simulator, for a stack whose functions are those that are deployed.
pub fn release_of_stack(root: &Path, manner: Manner) -> Result<PathBuf> {
    let folder = release(root, manner)?;
    let built = program(root, SIMULATOR)?;
    std::fs::copy(&built, folder.join(SIMULATOR)).with_context(|| built.display().to_string())?;
    Ok(folder)
}

/// Builds the programs that measure.
pub fn measurements(root: &Path) -> Result<()> {
    run(
        root,
        "cargo",
        &["build", "--package", "end-to-end", "--bins"],
    )
}

/// Where cargo puts programs of the development profile.
pub fn folder(root: &Path) -> Result<PathBuf> {
    Ok(workspace::target_directory(root)?.join("debug"))
}
