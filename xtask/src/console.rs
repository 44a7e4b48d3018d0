//! The web console: its checks, its tests and its build, through npm.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::run::{is_there, run};
use crate::{say, workspace};

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
    let sources = digest(&workspace::files(&folder)?)?;
    let stamp = folder.join("node_modules/.built-of.sha256");
    let is_current = std::fs::read_to_string(&stamp).is_ok_and(|built_of| built_of == sources);
    if is_current && folder.join("dist/index.html").exists() {
        return Ok(());
    }
    install(&folder)?;
    say::line("building the console");
    run(&folder, "npm", &["run", "build"])?;
    std::fs::write(&stamp, sources).context("the stamp of the console's build")
}

fn script(root: &Path, arguments: &[&str]) -> Result<()> {
    let folder = root.join("frontend");
    install(&folder)?;
    run(&folder, "npm", arguments)
}

/// `npm ci`, only when the lock file differs from the one that was installed.
fn install(folder: &Path) -> Result<()> {
    if !is_there("npm", &["--version"]) {
        bail!("npm (Node.js 20 or newer) is needed for the console; install it and try again");
    }
    let wanted = digest(&[folder.join("package-lock.json")])?;
    let stamp: PathBuf = folder.join("node_modules/.installed.sha256");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    say::line("installing the console's packages");
    run(folder, "npm", &["ci", "--no-audit", "--no-fund"])?;
    std::fs::write(&stamp, wanted).context("the stamp of the console's packages")
}

/// One digest of names and contents.
fn digest(files: &[PathBuf]) -> Result<String> {
    let mut hasher = Sha256::new();
    for file in files {
        let bytes = std::fs::read(file).with_context(|| file.display().to_string())?;
        hasher.update(file.display().to_string());
        hasher.update(bytes.len().to_le_bytes());
        hasher.update(bytes);
    }
    Ok(hex::encode(hasher.finalize()))
}
