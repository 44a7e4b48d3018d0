//! `cargo xtask fire`: every fault that DRS can have, tried on a stack of its own.

use std::path::Path;

use anyhow::{Context, Result};

use crate::end_to_end::{self, Ground, Stack};
use crate::options::FireOptions;
use crate::run::run_with;
use crate::{build, console, say, workspace};

/// What is set on fire.
const GROUND: Ground = Ground {
    folder: "fire",
    scenario: "crates/end-to-end/fire.yaml",
};
/// What a whole run writes.
const PAGE: &str = "docs/fire.md";

/// Runs all of it and writes the page, or some of it and prints what it would say.
pub fn run(options: &FireOptions) -> Result<()> {
    let root = workspace::root();
    build::programs(&root)?;
    console::build(&root)?;
    build::measurements(&root)?;
    let program = build::folder(&root)?.join("fire").display().to_string();
    let mut stack = Stack::start(&root, options.stack, GROUND)?;
    let outcome = stack.ready().and_then(|()| {
        say::line("setting it on fire; this takes about ten minutes");
        let status = stack.status_file();
        let page = if options.faults.is_empty() {
            root.join(PAGE)
        } else {
            status.with_file_name("fire.md")
        };
        let outcome = try_faults(&root, &program, &status, &page, &options.faults);
        if !options.faults.is_empty() {
            let page = std::fs::read_to_string(&page);
            say::line(&page.context("nothing was written")?);
        }
        outcome
    });
    let ended = stack.end();
    outcome.and(ended)
}

fn try_faults(
    root: &Path,
    program: &str,
    status: &Path,
    page: &Path,
    faults: &[String],
) -> Result<()> {
    let (status, page) = (status.display().to_string(), page.display().to_string());
    let mut arguments = vec![page.as_str()];
    arguments.extend(faults.iter().map(String::as_str));
    let variables = [(end_to_end::VARIABLE, status.as_str())];
    run_with(root, program, &arguments, &variables)
}
