//! The deploy commands: builds `drs-deploy`, then becomes it.

use std::os::unix::process::CommandExt;
use std::process::Command as Program;

use anyhow::{Context, Result};

use crate::{build, workspace};

/// The package of the deploy tool.
pub const PACKAGE: &str = "deploy-tool";
/// Its program.
pub const PROGRAM: &str = "drs-deploy";

/// Hands the command line over, with the places that only cargo knows.
pub fn run() -> Result<()> {
    let root = workspace::root();
    build::program(&root, PACKAGE)?;
    let program = build::folder(&root)?.join(PROGRAM);
    // As it was typed: it has been read once, so it can be read again.
    let error = Program::new(&program)
        .args(std::env::args_os().skip(1))
        .arg("--checkout")
        .arg(&root)
        .arg("--target-directory")
        .arg(workspace::target_directory(&root)?)
        .exec();
    Err(error).with_context(|| format!("{} cannot be started", program.display()))
}
