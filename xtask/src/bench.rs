//! `cargo xtask bench`: what is measured, each on a stack of its own, started for it.

use std::path::Path;

use anyhow::Result;

use crate::options::{Bench, ReleaseOptions};
use crate::stack_options::TestOptions;
use crate::{build, consoles, deploy_acceptance, end_to_end, terminal, workspace};

/// Runs one measurement and prints its table.
pub fn run(bench: Bench) -> Result<()> {
    let root = workspace::root();
    match bench {
        Bench::ColdStart(options) => {
            let programs = build::release(&root, options.manner)?.display().to_string();
            measure(&root, options.stack, "cold-start", &[&programs])
        }
        Bench::Memory(options) => memory(&root, options),
        Bench::HandOvers(options) => measure(&root, options, "hand-overs", &[]),
        Bench::Consoles(options) => consoles::run(&root, options),
        Bench::Deploying => deploy_acceptance::times(&root),
    }
}

fn measure(root: &Path, options: TestOptions, program: &str, arguments: &[&str]) -> Result<()> {
    let program = end_to_end::program(root, program)?;
    end_to_end::on_stack(root, options, end_to_end::FIXTURE, |status| {
        terminal::line("measuring");
        end_to_end::run_program(root, &program, arguments, status)
    })
}

/// The functions of this stack are those that are deployed.
fn memory(root: &Path, options: ReleaseOptions) -> Result<()> {
    let programs = build::release_of_stack(root, options.manner)?;
    let program = end_to_end::program(root, "memory")?;
    end_to_end::on_stack_of(
        root,
        options.stack,
        end_to_end::FIXTURE,
        root,
        &programs,
        |status| {
            terminal::line("measuring");
            end_to_end::run_program(root, &program, &[], status)
        },
    )
}
