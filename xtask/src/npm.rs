//! Packages from npm, as a lock file names them.

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::run::{is_there, run};
use crate::{terminal, workspace};

/// `npm ci` in a folder, only when its lock file differs from the one that was installed.
pub fn install(root: &Path, folder: &Path) -> Result<()> {
    if !is_there("npm", &["--version"]) {
        bail!("npm (Node.js 20 or newer) is needed; install it and try again");
    }
    // Two tests that need the same packages wait for one installation.
    let place = workspace::target_directory(root)?.join("npm.lock");
    let lock = File::create(&place).with_context(|| place.display().to_string())?;
    lock.lock().with_context(|| place.display().to_string())?;
    let wanted = digest(&[folder.join("package-lock.json")])?;
    let stamp: PathBuf = folder.join("node_modules/.installed.sha256");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    terminal::line(&format!("installing the packages of {}", folder.display()));
    run(folder, "npm", &["ci", "--no-audit", "--no-fund"])?;
    std::fs::write(&stamp, wanted).context("the stamp of the packages")
}

/// One digest of names and contents.
pub fn digest(files: &[PathBuf]) -> Result<String> {
    let mut hasher = Sha256::new();
    for file in files {
        let bytes = std::fs::read(file).with_context(|| file.display().to_string())?;
        hasher.update(file.display().to_string());
        hasher.update(bytes.len().to_le_bytes());
        hasher.update(bytes);
    }
    Ok(hex::encode(hasher.finalize()))
}
