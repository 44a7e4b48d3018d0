//! Secrets in the files that git tracks: all of them go into the deployment bucket.

use std::path::Path;

use anyhow::{Context, Result};

use crate::python;
use crate::run::run;

/// Refuses what looks like a secret and stands in no list of what is none.
pub(super) fn check(root: &Path) -> Result<()> {
    let python = python::secrets(root)?
        .join("bin/python")
        .display()
        .to_string();
    let program = root
        .join("xtask/supply/find_secrets.py")
        .display()
        .to_string();
    let place = root.display().to_string();
    run(root, &python, &["-B", &program, &place]).context("git tracks what may be a secret")
}
