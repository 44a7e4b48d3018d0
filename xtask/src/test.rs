//! `cargo xtask test`: every test of the repository.

use std::path::Path;

use anyhow::Result;

use crate::options::TestOptions;
use crate::run::{is_there, run as run_program};
use crate::steps::Steps;
use crate::{console, end_to_end, python, simulate, workspace};

/// Runs every test and says at the end which part failed.
pub fn run(options: TestOptions) -> Result<()> {
    let root = workspace::root();
    let mut steps = Steps::default();
    steps.step("templates", || python::lint_templates(&root));
    // First alone, with everything that the end-to-end test starts: what is built once for both
    // has the same features of shared crates in both.
    steps.step("building", || {
        run_program(
            &root,
            "cargo",
            &["build", "--workspace", "--all-targets", "--all-features"],
        )
    });
    steps.step("Rust tests", || rust_tests(&root));
    steps.step("simulator contract", || python::simulator_contract(&root));
    steps.step("seeds", || simulate::test(&root));
    steps.step("console tests", || console::test(&root));
    steps.step("console build", || console::build(&root));
    steps.step("end to end", || end_to_end::run(&root, options));
    steps.finish("test")
}

/// cargo-nextest where it is installed, because it runs the tests of all crates side by side.
/// The claims about a running stack have a step of their own.
fn rust_tests(root: &Path) -> Result<()> {
    let there = end_to_end::CRATE;
    if is_there("cargo", &["nextest", "--version"]) {
        let others = format!("not (package({there}) and kind(test))");
        let arguments = ["nextest", "run", "--workspace", "--all-features"];
        let filter = ["--filterset", &others];
        return run_program(root, "cargo", &[&arguments[..], &filter].concat());
    }
    let arguments = ["test", "--workspace", "--all-features", "--exclude", there];
    run_program(root, "cargo", &arguments)
}
