//! `cargo xtask test`: every test of the repository.

use std::path::Path;

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::parallel_parts::ParallelParts;
use crate::run::{is_there, run as run_program};
use crate::stack_options::TestOptions;
use crate::steps::Steps;
use crate::{
    console, contract, deploy_acceptance, end_to_end, journeys, judges, python, releases, simulate,
    supply, workspace,
};

/// How far apart the ports of two stacks are.
const PORTS_APART: u16 = 100;
/// The name of that part on the command line.
const JOURNEYS: &str = "journeys";

/// Which tests `cargo xtask test` runs, and where.
#[derive(Args, Clone, Debug)]
pub struct Selection {
    /// The stack of the end-to-end test.
    #[command(flatten)]
    pub stack: TestOptions,
    /// Only these parts, by commas, with what they need; all of them when left out.
    #[arg(long, value_delimiter = ',', value_name = "PART")]
    pub only: Vec<Part>,
}

/// What can be tested.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Part {
    /// The CloudFormation templates.
    Templates,
    /// The tests of the crates.
    Rust,
    /// The simulator against the service model of DRS.
    SimulatorContract,
    /// The API's document against a running stack.
    Contract,
    /// Seeds of the simulation.
    Seeds,
    /// The console's tests and its build.
    Console,
    /// The claims about a running stack.
    EndToEnd,
    /// The deploy tool against emulators of AWS.
    Deploying,
    /// An execution while its stack is updated from an earlier release and rolled back.
    Releases,
    /// The console in a browser: audits of its pages, and journeys through a running stack.
    Journeys,
}

/// Runs the tests that were asked for and says at the end which part failed.
pub fn run(options: &Selection) -> Result<()> {
    let root = workspace::root();
    let mut steps = Steps::default();
    let has = |part| options.only.is_empty() || options.only.contains(&part);
    let on_a_stack = [
        Part::EndToEnd,
        Part::Contract,
        Part::Journeys,
        Part::Releases,
    ];
    let has_stack = on_a_stack.into_iter().any(has);
    let has_deploying = has(Part::Deploying);
    if has(Part::Templates) {
        steps.step("templates", || python::lint_templates(&root));
        steps.step("judges", || judges::tests(&root));
        steps.step("supply", || supply::tests(&root));
    }
    if has(Part::Rust) || has(Part::SimulatorContract) || has_stack || has_deploying {
        steps.step("building", || build(&root));
    }
    if has(Part::Rust) {
        steps.step("Rust tests", || rust_tests(&root));
    }
    if has(Part::SimulatorContract) {
        steps.step("simulator contract", || python::simulator_contract(&root));
    }
    if has(Part::Seeds) {
        steps.step("seeds", || simulate::test(&root));
    }
    if has(Part::Console) {
        steps.step("console tests", || console::test(&root));
    }
    if has(Part::Console) || has_stack {
        steps.step("console build", || console::build(&root));
    }
    if has_deploying {
        steps.step("deploying", || deploy_acceptance::run_tests(&root));
    }
    on_stacks(&mut steps, &root, options.stack, has);
    steps.finish("test")
}

/// What needs a stack mostly waits for it: the console's journeys go in parallel with the
/// others, through a stack of their own.
fn on_stacks(steps: &mut Steps, root: &Path, stack: TestOptions, has: impl Fn(Part) -> bool) {
    let others = [Part::EndToEnd, Part::Contract, Part::Releases];
    let runs_in_parallel = has(Part::Journeys) && others.into_iter().any(&has);
    let parallel = runs_in_parallel.then(|| {
        let ports = stack.port_base + PORTS_APART;
        ParallelParts::start(root, JOURNEYS, ports)
    });
    if has(Part::EndToEnd) {
        steps.step("end to end", || end_to_end::run(root, stack));
    }
    if has(Part::Contract) {
        steps.step("contract", || contract::run_tests(root, stack));
    }
    if has(Part::Releases) {
        steps.step("releases", || releases::run_tests(root, stack));
    }
    if let Some(parallel) = parallel {
        steps.step("parallel: journeys", || parallel?.finish());
    } else if has(Part::Journeys) {
        steps.step("console audits", || journeys::audits(root));
        steps.step("journeys", || journeys::run(root, stack));
    }
}

/// First alone, with everything that the end-to-end test starts: what is built once for all parts
/// has the same features of shared crates in all.
fn build(root: &Path) -> Result<()> {
    let arguments = ["build", "--workspace", "--all-targets", "--all-features"];
    run_program(root, "cargo", &arguments)
}

/// cargo-nextest where it is installed, because it runs the tests of all crates side by side.
/// The claims about a running stack have a step of their own.
fn rust_tests(root: &Path) -> Result<()> {
    let there = [end_to_end::CRATE, deploy_acceptance::CRATE];
    if is_there("cargo", &["nextest", "--version"]) {
        let others = there.map(|package| format!("not (package({package}) and kind(test))"));
        let others = others.join(" and ");
        let arguments = ["nextest", "run", "--workspace", "--all-features"];
        let filter = ["--filterset", &others];
        return run_program(root, "cargo", &[&arguments[..], &filter].concat());
    }
    let mut arguments = vec!["test", "--workspace", "--all-features"];
    arguments.extend(there.iter().flat_map(|package| ["--exclude", package]));
    run_program(root, "cargo", &arguments)
}
