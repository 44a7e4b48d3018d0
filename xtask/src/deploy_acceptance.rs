//! The deploy tool's acceptance: what is built once for all tests goes without symbols into a folder,
//! and each test deploys it to an emulator of its own.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::programs::PROGRAMS;
use crate::run::{is_there, run, run_with};
use crate::{build, python, workspace};

/// The crate of the claims about the deploy tool.
pub const CRATE: &str = "deploy-end-to-end";
/// Emulators at once: each test mostly packs and waits.
const SIDE_BY_SIDE: &str = "4";
/// What measures.
const TIMES: &str = "deploy-times";

/// Runs the claims. The programs have been built.
pub fn run_tests(root: &Path) -> Result<()> {
    let variables = prepared(root)?;
    let variables = variables
        .each_ref()
        .map(|(name, text)| (*name, text.as_str()));
    if is_there("cargo", &["nextest", "--version"]) {
        let arguments = ["nextest", "run", "--workspace", "--all-features"];
        let these = [
            "--filterset",
            "package(deploy-end-to-end) and (binary(it) or binary(proving))",
        ];
        let side_by_side = ["--test-threads", SIDE_BY_SIDE];
        let arguments = [&arguments[..], &these, &side_by_side].concat();
        return run_with(root, "cargo", &arguments, &variables);
    }
    let arguments = ["test", "--package", CRATE, "--all-features"];
    let these = ["--test", "it", "--test", "proving"];
    let arguments = [&arguments[..], &these].concat();
    run_with(root, "cargo", &arguments, &variables)
}

/// Measures, and prints the table of docs/deploying.md.
pub fn times(root: &Path) -> Result<()> {
    let mut arguments = vec!["build"];
    let packages = build::FUNCTIONS
        .into_iter()
        .chain([crate::deploy::PACKAGE, CRATE]);
    arguments.extend(packages.flat_map(|package| ["--package", package]));
    run(root, "cargo", &arguments)?;
    let variables = prepared(root)?;
    let variables = variables
        .each_ref()
        .map(|(name, text)| (*name, text.as_str()));
    let program = build::folder(root)?.join(TIMES).display().to_string();
    run_with(root, &program, &[], &variables)
}

/// What the claims find in their environment: tools, sources and programs.
pub(crate) fn prepared(root: &Path) -> Result<[(&'static str, String); 4]> {
    let python = python::environment(root)?.join("bin/python");
    let shown = |path: &Path| path.display().to_string();
    Ok([
        ("DRS_ORCHESTRATION_PYTHON", shown(&python)),
        ("DRS_ORCHESTRATION_REPOSITORY", shown(root)),
        ("DRS_ORCHESTRATION_PROGRAMS", shown(&stripped(root)?)),
        (
            "DRS_ORCHESTRATION_SIMULATOR",
            shown(&build::folder(root)?.join("drs-simulator")),
        ),
    ])
}

/// Development programs are mostly symbols.
fn stripped(root: &Path) -> Result<PathBuf> {
    let built = build::folder(root)?;
    let folder = workspace::target_directory(root)?.join("deploying/programs");
    std::fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    for name in PROGRAMS {
        let program = built.join(name).display().to_string();
        let place = folder.join(name).display().to_string();
        run(root, "strip", &["--strip-all", "-o", &place, &program])?;
    }
    Ok(folder)
}
