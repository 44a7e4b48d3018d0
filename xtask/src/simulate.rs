//! `cargo xtask simulate`: seeds of the simulation, in an optimised program.

use std::path::Path;

use anyhow::{Result, bail};

use crate::options::SimulateOptions;
use crate::run::{run as run_program, run_with};
use crate::workspace;

/// The profile that the simulation is built in.
pub const PROFILE: &str = "simulation";
/// The one for many seeds: faster by a fifth, and minutes to build.
const LONG_PROFILE: &str = "long-simulation";
/// From so many seeds on the slower build pays.
const LONG: u64 = 200_000;
/// How many seeds `cargo xtask test` plays, and how often each fault must meet somebody.
const SEEDS_OF_A_TEST: u64 = 20_000;
const FAULTS_OF_A_TEST: u64 = 400;

/// Plays seeds and prints what came of them.
pub fn run(options: &SimulateOptions) -> Result<()> {
    let root = workspace::root();
    let many = options.seeds.is_some_and(|seeds| seeds >= LONG);
    let program = build(&root, if many { LONG_PROFILE } else { PROFILE })?;
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
    number("covers", options.covers);
    if options.every_pair {
        arguments.push("--every-pair".to_owned());
    }
    if options.trace {
        arguments.push("--trace".to_owned());
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    run_program(&root, &program, &arguments)
}

/// What a run of all tests plays.
pub fn test(root: &Path) -> Result<()> {
    let program = build(root, PROFILE)?;
    let seeds = SEEDS_OF_A_TEST.to_string();
    let times = FAULTS_OF_A_TEST.to_string();
    run_program(root, &program, &["--seeds", &seeds, "--covers", &times])
}

/// Builds the program and says where it is.
pub fn build(root: &Path, profile: &str) -> Result<String> {
    let arguments = ["build", "--package", "simulation", "--profile", profile];
    run_with(root, "cargo", &arguments, &[])?;
    let target = workspace::target_directory(root)?;
    let program = target.join(profile).join("simulation");
    if !program.exists() {
        bail!("cargo has built no {}", program.display());
    }
    Ok(program.display().to_string())
}
