//! `cargo xtask`: reads the command line, runs one command, turns its end into an exit code.

use std::process::ExitCode;

use clap::Parser;
use xtask::options::{Command, Options};
use xtask::steps::Unchecked;
use xtask::{
    bench, check, contract, deploy, fault_matrix, local, pipeline, planted, programs, simulate,
    terminal, test, tidy,
};

fn main() -> ExitCode {
    let options = match Options::try_parse() {
        Ok(options) => options,
        Err(error) => {
            // Help and version are answers; everything else is a mistake, and a mistake is 1 here.
            let _ = error.print();
            return if error.use_stderr() {
                ExitCode::FAILURE
            } else {
                ExitCode::SUCCESS
            };
        }
    };
    let outcome = match options.command {
        Command::Check(options) => check::run(&options),
        Command::Tidy => tidy::run(),
        Command::Test(options) => test::run(&options),
        Command::Build(options) => programs::run(&options),
        Command::Pipeline(options) => pipeline::run(&options),
        Command::Bench(bench) => bench::run(bench),
        Command::FaultMatrix(options) => fault_matrix::run(&options),
        Command::Contract(options) => contract::run(&options),
        Command::Simulate(options) => simulate::run(&options),
        Command::Planted(options) => planted::run(&options),
        Command::Deploying(_) => deploy::run(),
        Command::Local(options) => local::run(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        // Nothing has failed, and yet nobody may take it for a success.
        Err(error) if error.is::<Unchecked>() => {
            terminal::problem(&error.to_string());
            ExitCode::from(2)
        }
        Err(error) => {
            terminal::problem(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
