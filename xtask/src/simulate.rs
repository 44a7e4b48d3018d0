//! `cargo xtask simulate`: seeds of the simulation, in an optimised program.

use std::path::Path;

use anyhow::{Result, bail};

use crate::options::SimulateOptions;
use crate::run::{run as run_program, run_with};
use crate::workspace;

/// The profile that the simulation is built in.
pub const PROFILE: &str = "simulation";
/// How many seeds `cargo xtask test` would play, and how long it lets them.
const SEEDS_OF_A_TEST: u64 = 20_000;
const SECONDS_OF_A_TEST: u64 = 60;

/// Plays seeds and prints what came of them.
pub fn run(options: &SimulateOptions) -> Result<()> {
    let root = workspace::root();
    let program = build(&root)?;
    let mut arguments: Vec<String> = Vec::new();
    let mut number = |name: &str, value: Option<u64>| {
        if let Some(value) = value {
            arguments.extend([format!("--{name}"), value.to_string()]);
        }
    };
    number("seeds", options.seeds);
    number("seed", options.seed);
    number("from", options.from);
    number("seconds", options.seconds);
    if options.trace {
        arguments.push("--trace".to_owned());
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    run_program(&root, &program, &arguments)
}

/// What a run of all tests plays: as many seeds as fit into its minute.
pub fn test(root: &Path) -> Result<()> {
    let program = build(root)?;
    let seeds = SEEDS_OF_A_TEST.to_string();
    let seconds = SECONDS_OF_A_TEST.to_string();
    run_program(root, &program, &["--seeds", &seeds, "--seconds", &seconds])
}

/// Builds the program and says where it is.
pub fn build(root: &Path) -> Result<String> {
    let arguments = ["build", "--package", "simulation", "--profile", PROFILE];
    run_with(root, "cargo", &arguments, &[])?;
    let target = workspace::target_directory(root)?;
    let program = target.join(PROFILE).join("simulation");
    if !program.exists() {
        bail!("cargo has built no {}", program.display());
    }
    Ok(program.display().to_string())
}
