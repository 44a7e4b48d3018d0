//! The web console's own checks and tests, through npm.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::run::{is_there, run};
use crate::say;

/// Types and lints of the console.
pub fn check(root: &Path) -> Result<()> {
    script(root, &["run", "check"])
}

/// The console's unit tests.
pub fn test(root: &Path) -> Result<()> {
    script(root, &["test"])
}

fn script(root: &Path, arguments: &[&str]) -> Result<()> {
    let folder = root.join("frontend");
    if !folder.join("package-lock.json").exists() {
        say::line("there is no frontend/package-lock.json: nothing to do");
        return Ok(());
    }
    install(&folder)?;
    run(&folder, "npm", arguments)
}

/// `npm ci`, only when the lock file differs from the one that was installed.
pub fn install(folder: &Path) -> Result<()> {
    if !is_there("npm", &["--version"]) {
        bail!("npm (Node.js 20 or newer) is needed for the console; install it and try again");
    }
    let lock =
        std::fs::read(folder.join("package-lock.json")).context("frontend/package-lock.json")?;
    let wanted = hex::encode(Sha256::digest(&lock));
    let stamp: PathBuf = folder.join("node_modules/.package-lock.sha256");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    say::line("installing the console's packages");
    run(folder, "npm", &["ci", "--no-audit", "--no-fund"])?;
    std::fs::write(&stamp, wanted).context("the stamp of the console's packages")
}
