//! The supply chain: what others wrote and this product carries.

pub mod advisories;
pub mod crates;
pub mod packages;
mod secrets;

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::run::run_with;
use crate::{python, terminal};

/// What cargo-deny judges by; its list of licences is the one for packages from npm too.
pub const RULES: &str = "deny.toml";

/// Everything that the sources alone decide: the same commit has the same verdict.
pub fn check(root: &Path) -> Result<()> {
    crates::check(root)?;
    let lock = root.join("frontend/package-lock.json");
    let lock = std::fs::read_to_string(&lock).with_context(|| lock.display().to_string())?;
    let rules = root.join(RULES);
    let rules = std::fs::read_to_string(&rules).with_context(|| rules.display().to_string())?;
    let faults = packages::faults(&lock, &packages::allowed(&rules)?)?;
    for fault in &faults {
        terminal::problem(&fault.to_string());
    }
    if !faults.is_empty() {
        bail!(
            "{} packages of the console may not be shipped",
            faults.len()
        );
    }
    secrets::check(root)
}

/// Faults planted into small workspaces and files, each of which must be found.
pub fn tests(root: &Path) -> Result<()> {
    let folder = root.join("xtask/supply");
    let python = python::secrets(root)?
        .join("bin/python")
        .display()
        .to_string();
    let deny = crates::program(root)?.display().to_string();
    let arguments = ["-B", "-m", "unittest", "discover", "-p", "test_*.py"];
    run_with(&folder, &python, &arguments, &[("CARGO_DENY", &deny)])
}
