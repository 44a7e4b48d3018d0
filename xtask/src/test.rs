//! `cargo xtask test`: every test of the repository.

use std::path::Path;

use anyhow::Result;

use crate::options::TestOptions;
use crate::run::{is_there, run as run_program};
use crate::steps::Steps;
use crate::{console, python, workspace};

/// Runs every test and says at the end which part failed.
pub fn run(_options: &TestOptions) -> Result<()> {
    let root = workspace::root();
    let mut steps = Steps::default();
    steps.step("templates", || python::lint_templates(&root));
    steps.step("Rust tests", || rust_tests(&root));
    steps.step("console tests", || console::test(&root));
    steps.finish("test")
}

/// cargo-nextest where it is installed, because it runs the tests of all crates side by side.
fn rust_tests(root: &Path) -> Result<()> {
    if is_there("cargo", &["nextest", "--version"]) {
        return run_program(
            root,
            "cargo",
            &["nextest", "run", "--workspace", "--no-tests", "pass"],
        );
    }
    run_program(root, "cargo", &["test", "--workspace"])
}
