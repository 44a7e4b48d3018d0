//! `cargo xtask check`: what can be known without running the product.

use anyhow::Result;

use crate::run::run as run_program;
use crate::steps::Steps;
use crate::{console, python, tidy, workspace};

/// Runs every check and says at the end which failed.
pub fn run() -> Result<()> {
    let root = workspace::root();
    let mut steps = Steps::default();
    steps.step("tidy", || tidy::check(&root));
    steps.step("formatting", || {
        run_program(&root, "cargo", &["fmt", "--all", "--check"])
    });
    steps.step("templates", || python::lint_templates(&root));
    steps.step("console", || console::check(&root));
    steps.step("lints", || {
        let arguments = [
            "clippy",
            "--workspace",
            "--all-targets",
            "--all-features",
            "--",
            "-D",
            "warnings",
        ];
        run_program(&root, "cargo", &arguments)
    });
    steps.finish("check")
}
