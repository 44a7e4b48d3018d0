//! The web console: its checks, its tests and its build, through npm.

use std::path::Path;

use anyhow::{Context, Result};

use crate::run::run;
use crate::{npm, terminal, workspace};

/// Types and lints of the console.
pub fn check(root: &Path) -> Result<()> {
    script(root, &["run", "check"])
}

/// The console's unit tests.
pub fn test(root: &Path) -> Result<()> {
    script(root, &["test"])
}

/// Builds the console into `frontend/dist`, when its sources differ from those of the last build.
pub fn build(root: &Path) -> Result<()> {
    let folder = root.join("frontend");
    let sources = npm::digest(&workspace::files(&folder)?)?;
    let stamp = folder.join("node_modules/.built-of.sha256");
    let is_current = std::fs::read_to_string(&stamp).is_ok_and(|built_of| built_of == sources);
    if is_current && folder.join("dist/index.html").exists() {
        return Ok(());
    }
    npm::install(root, &folder)?;
    terminal::line("building the console");
    run(&folder, "npm", &["run", "build"])?;
    std::fs::write(&stamp, sources).context("the stamp of the console's build")
}

fn script(root: &Path, arguments: &[&str]) -> Result<()> {
    let folder = root.join("frontend");
    npm::install(root, &folder)?;
    run(&folder, "npm", arguments)
}
