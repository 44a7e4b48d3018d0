//! cargo-deny, brought along by this tool: licences, sources and duplicates of crates.

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::RULES;
use crate::run::{heard, run, run_with};
use crate::{terminal, workspace};

/// The version that judges.
const VERSION: &str = "0.20.2";

/// Entries that nothing needs any longer are errors: lists only shrink.
const SHRINKING: [&str; 8] = [
    "--deny",
    "unmatched-skip",
    "--deny",
    "unnecessary-skip",
    "--deny",
    "unmatched-source",
    "--deny",
    "license-exception-not-encountered",
];

/// Judges the crates of the lock file.
pub fn check(root: &Path) -> Result<()> {
    let program = program(root)?.display().to_string();
    judge(root, &program)
}

/// The same for the workspace in another folder, which has rules of its own.
fn judge(folder: &Path, program: &str) -> Result<()> {
    let manifest = folder.join("Cargo.toml").display().to_string();
    let rules = folder.join(RULES).display().to_string();
    let what = ["--manifest-path", &manifest, "--config", &rules, "--locked"];
    let check = ["--color", "never", "check", "--hide-inclusion-graph"];
    let checks = ["licenses", "sources", "bans"];
    let arguments = [&what[..], &check, &SHRINKING, &checks].concat();
    run(folder, program, &arguments)
}

/// The program, built once into the folder of tools: its registry has no other form of it.
pub fn program(root: &Path) -> Result<PathBuf> {
    let tools = workspace::target_directory(root)?.join("local-tools");
    std::fs::create_dir_all(&tools).with_context(|| tools.display().to_string())?;
    // Two checks that need it wait for one build.
    let lock = tools.join("cargo-deny.lock");
    let file = File::create(&lock).with_context(|| lock.display().to_string())?;
    file.lock().with_context(|| lock.display().to_string())?;
    let place = tools.join("cargo-deny");
    let program = place.join("bin/cargo-deny");
    let wanted = format!("cargo-deny {VERSION}");
    let shown = program.display().to_string();
    let is_there = program.exists()
        && heard(root, &shown, &["--version"])
            .is_ok_and(|(succeeded, version)| succeeded && version.trim() == wanted);
    if is_there {
        return Ok(program);
    }
    terminal::line(&format!("building {wanted}: this takes some minutes, once"));
    let build = tools.join("cargo-deny-build");
    let (to, of) = (place.display().to_string(), format!("cargo-deny@{VERSION}"));
    let arguments = [
        "install", "--quiet", "--locked", "--force", "--root", &to, &of,
    ];
    let beside = build.display().to_string();
    let variables = [("CARGO_TARGET_DIR", beside.as_str())];
    run_with(root, "cargo", &arguments, &variables)?;
    std::fs::remove_dir_all(&build).with_context(|| beside.clone())?;
    Ok(program)
}
