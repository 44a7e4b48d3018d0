//! `cargo xtask fault-matrix`: every fault that DRS can have, tried on a stack of its own.

use anyhow::{Context, Result};

use crate::end_to_end::{self, StackFixture};
use crate::options::FaultMatrixOptions;
use crate::{terminal, workspace};

/// The stack that meets the faults.
const FIXTURE: StackFixture = StackFixture {
    folder: "fault-matrix",
    scenario: "crates/end-to-end/fault_matrix.yaml",
    parameters: &[],
};
/// What a whole run writes.
const PAGE: &str = "docs/fault-matrix.md";

/// Runs all of it and writes the page, or some of it and prints what it would say.
pub fn run(options: &FaultMatrixOptions) -> Result<()> {
    let root = workspace::root();
    let program = end_to_end::program(&root, "fault-matrix")?;
    end_to_end::on_stack(&root, options.stack, FIXTURE, |status| {
        terminal::line("trying every fault; this takes about ten minutes");
        let page = if options.faults.is_empty() {
            root.join(PAGE)
        } else {
            status.with_file_name("fault-matrix.md")
        };
        let written = page.display().to_string();
        let mut arguments = vec![written.as_str()];
        arguments.extend(options.faults.iter().map(String::as_str));
        let outcome = end_to_end::run_program(&root, &program, &arguments, status);
        if !options.faults.is_empty() {
            let page = std::fs::read_to_string(&page);
            terminal::line(&page.context("nothing was written")?);
        }
        outcome
    })
}
