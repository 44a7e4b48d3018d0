//! `cargo xtask bench`: what is measured, each on a stack of its own, started for it.

use std::path::Path;

use anyhow::Result;

use crate::end_to_end::{self, Stack};
use crate::options::{Bench, TestOptions};
use crate::run::run_with;
use crate::{build, console, say, workspace};

/// Runs one measurement and prints its table.
pub fn run(bench: Bench, options: TestOptions) -> Result<()> {
    let root = workspace::root();
    let arguments = match bench {
        Bench::ColdStart => {
            let programs = build::release(&root)?;
            vec![programs.display().to_string()]
        }
        Bench::HandOvers => Vec::new(),
    };
    build::programs(&root)?;
    console::build(&root)?;
    build::measurements(&root)?;
    let program = build::folder(&root)?.join(program(bench));
    measure(&root, options, &program, &arguments)
}

const fn program(bench: Bench) -> &'static str {
    match bench {
        Bench::ColdStart => "cold-start",
        Bench::HandOvers => "hand-overs",
    }
}

fn measure(root: &Path, options: TestOptions, program: &Path, arguments: &[String]) -> Result<()> {
    let mut stack = Stack::start(root, options)?;
    let outcome = stack.ready().and_then(|()| {
        say::line("measuring");
        let status = stack.status_file().display().to_string();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let program = program.display().to_string();
        let variables = [(end_to_end::VARIABLE, status.as_str())];
        run_with(root, &program, &arguments, &variables)
    });
    let ended = stack.end();
    outcome.and(ended)
}
