//! `cargo xtask bench`: what is measured, each on a stack of its own, started for it.

use std::path::Path;

use anyhow::Result;

use crate::end_to_end::{self, Stack};
use crate::options::{Bench, TestOptions};
use crate::run::run_with;
use crate::{build, console, say, workspace};

/// Runs one measurement and prints its table.
pub fn run(bench: Bench) -> Result<()> {
    let root = workspace::root();
    match bench {
        Bench::ColdStart(options) => {
            let programs = build::release(&root)?.display().to_string();
            measure(&root, options, "cold-start", &[&programs])
        }
        Bench::HandOvers(options) => measure(&root, options, "hand-overs", &[]),
    }
}

fn measure(root: &Path, options: TestOptions, program: &str, arguments: &[&str]) -> Result<()> {
    build::programs(root)?;
    console::build(root)?;
    build::measurements(root)?;
    let program = build::folder(root)?.join(program).display().to_string();
    let mut stack = Stack::start(root, options, end_to_end::GROUND)?;
    let outcome = stack.ready().and_then(|()| {
        say::line("measuring");
        let status = stack.status_file().display().to_string();
        let variables = [(end_to_end::VARIABLE, status.as_str())];
        run_with(root, &program, arguments, &variables)
    });
    let ended = stack.end();
    outcome.and(ended)
}
