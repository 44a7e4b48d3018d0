//! One commit built in two folders, of its own sources and into a target folder of its own each: the
//! programs must not know where they were built. One is the working tree, where cargo may have built
//! them already.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::programs::{self, Manner};
use crate::{earlier_release, terminal, workspace};

/// The other folder, below cargo's.
const FOLDER: &str = "reproducible-build/a-folder-of-another-name";
const COMMIT: &str = "HEAD";

/// Builds what is committed here and elsewhere, and compares byte by byte.
pub fn run(root: &Path, named: &[&str], manner: Manner) -> Result<()> {
    refuse_uncommitted(root)?;
    let target = workspace::target_directory(root)?;
    let other = target.join(FOLDER);
    let first = timed(root, || programs::build(root, &target, named, manner))?;
    let second = timed(&other, || built_elsewhere(root, &other, named, manner))?;
    let mut differing = Vec::new();
    for (program, (first, second)) in named.iter().zip(first.iter().zip(&second)) {
        let (left, right) = (digest(first)?, digest(second)?);
        let verdict = if left == right { "same" } else { "DIFFERS" };
        terminal::line(&format!("{verdict:>8}  {left}  {program}"));
        if left != right {
            differing.push(*program);
        }
    }
    if differing.is_empty() {
        return std::fs::remove_dir_all(&other).with_context(|| other.display().to_string());
    }
    bail!(
        "what was built depends on where it was built: {}; {} is kept",
        differing.join(", "),
        other.display()
    )
}

/// The other folder has what is committed, and nothing else.
fn refuse_uncommitted(root: &Path) -> Result<()> {
    let mut git = Command::new("git");
    let said = git.args(["status", "--porcelain"]).current_dir(root);
    let said = said.output().context("git cannot be started")?;
    if !said.status.success() {
        bail!("git does not say what is committed here");
    }
    let changes = String::from_utf8_lossy(&said.stdout);
    if changes.trim().is_empty() {
        return Ok(());
    }
    bail!("what is committed is built; commit these or take them back:\n{changes}")
}

/// Answers where each program lies.
fn built_elsewhere(
    root: &Path,
    place: &Path,
    named: &[&str],
    manner: Manner,
) -> Result<Vec<PathBuf>> {
    if place.exists() {
        std::fs::remove_dir_all(place).with_context(|| place.display().to_string())?;
    }
    let sources = place.join("sources");
    earlier_release::unpack(root, COMMIT, &sources)?;
    programs::build(&sources, &place.join("built"), named, manner)
}

fn timed(place: &Path, build: impl FnOnce() -> Result<Vec<PathBuf>>) -> Result<Vec<PathBuf>> {
    let began = Instant::now();
    let programs = build()?;
    let seconds = began.elapsed().as_secs_f64();
    terminal::line(&format!(
        "built in {} after {seconds:.0} s",
        place.display()
    ));
    Ok(programs)
}

fn digest(file: &Path) -> Result<String> {
    let bytes = std::fs::read(file).with_context(|| file.display().to_string())?;
    Ok(hex::encode(Sha256::digest(bytes)))
}
