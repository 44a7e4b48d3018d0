//! The supply chain: what others wrote and this product carries.

pub mod advisories;
pub mod crates;
pub mod packages;

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::say;

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
        say::problem(&fault.to_string());
    }
    if !faults.is_empty() {
        bail!(
            "{} packages of the console may not be shipped",
            faults.len()
        );
    }
    Ok(())
}
