//! `cargo xtask fire`: every fault that DRS can have, tried on a stack of its own.

use anyhow::{Context, Result};

use crate::end_to_end::{self, Ground};
use crate::options::FireOptions;
use crate::{say, workspace};

/// What is set on fire.
const GROUND: Ground = Ground {
    folder: "fire",
    scenario: "crates/end-to-end/fire.yaml",
    parameters: &[],
};
/// What a whole run writes.
const PAGE: &str = "docs/fire.md";

/// Runs all of it and writes the page, or some of it and prints what it would say.
pub fn run(options: &FireOptions) -> Result<()> {
    let root = workspace::root();
    let program = end_to_end::program(&root, "fire")?;
    end_to_end::on_stack(&root, options.stack, GROUND, |status| {
        say::line("setting it on fire; this takes about ten minutes");
        let page = if options.faults.is_empty() {
            root.join(PAGE)
        } else {
            status.with_file_name("fire.md")
        };
        let written = page.display().to_string();
        let mut arguments = vec![written.as_str()];
        arguments.extend(options.faults.iter().map(String::as_str));
        let outcome = end_to_end::run_program(&root, &program, &arguments, status);
        if !options.faults.is_empty() {
            let page = std::fs::read_to_string(&page);
            say::line(&page.context("nothing was written")?);
        }
        outcome
    })
}
