//! One release after another: a stack that begins with an earlier release, and an execution on it
//! while it is updated and rolled back.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::deploy_acceptance::{self, CRATE};
use crate::earlier_release::{self, Earlier};
use crate::end_to_end::{StackFixture, VARIABLE, on_stack_of};
use crate::run::{is_there, run_with};
use crate::stack_options::TestOptions;
use crate::{build, workspace};

/// Where the stack keeps its state, and which servers it has.
const FIXTURE: StackFixture = StackFixture {
    folder: "releases",
    scenario: "crates/end-to-end/scenario.yaml",
    parameters: &[],
};
/// The claims about one release after another.
const TESTS: &str = "releases";

/// Runs the claims. This release's programs and console have been built.
pub fn run_tests(root: &Path, options: TestOptions) -> Result<()> {
    let earlier = earlier_release::release(root)?;
    let beginning = beginning(root, &earlier)?;
    let mut variables: Vec<(&str, String)> = deploy_acceptance::prepared(root)?.to_vec();
    let shown = |path: &Path| path.display().to_string();
    variables.extend([
        ("DRS_ORCHESTRATION_EARLIER_SOURCES", shown(&earlier.sources)),
        (
            "DRS_ORCHESTRATION_EARLIER_PROGRAMS",
            shown(&earlier.programs),
        ),
        (
            "DRS_ORCHESTRATION_CONSOLE",
            shown(&root.join("frontend/dist")),
        ),
    ]);
    let programs = beginning.join("programs");
    on_stack_of(root, options, FIXTURE, &beginning, &programs, |status| {
        variables.push((VARIABLE, shown(status)));
        let variables: Vec<(&str, &str)> = variables
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        tests(root, &variables)
    })
}

fn tests(root: &Path, variables: &[(&str, &str)]) -> Result<()> {
    if is_there("cargo", &["nextest", "--version"]) {
        let arguments = ["nextest", "run", "--workspace", "--all-features"];
        let these = format!("package({CRATE}) and binary({TESTS})");
        let arguments = [&arguments[..], &["--filterset", &these]].concat();
        return run_with(root, "cargo", &arguments, variables);
    }
    let arguments = ["test", "--package", CRATE, "--all-features"];
    let arguments = [&arguments[..], &["--test", TESTS]].concat();
    run_with(root, "cargo", &arguments, variables)
}

/// A repository as the local stack wants one: the earlier release's templates and functions, with the
/// emulator and the simulator of this one, because they are the ground and not what is tried on it.
fn beginning(root: &Path, earlier: &Earlier) -> Result<PathBuf> {
    let folder = workspace::target_directory(root)?.join("releases-beginning");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
    }
    let programs = folder.join("programs");
    std::fs::create_dir_all(&programs).with_context(|| folder.display().to_string())?;
    let link =
        |from: PathBuf, to: PathBuf| symlink(&from, &to).with_context(|| to.display().to_string());
    link(earlier.sources.join("cfn"), folder.join("cfn"))?;
    link(root.join("xtask"), folder.join("xtask"))?;
    let simulator = "drs-simulator";
    link(
        build::folder(root)?.join(simulator),
        programs.join(simulator),
    )?;
    for function in build::FUNCTIONS {
        link(earlier.programs.join(function), programs.join(function))?;
    }
    Ok(folder)
}
