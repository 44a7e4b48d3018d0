//! The local stack's program: `cargo xtask local` prepares what it needs and starts it.

use std::process::ExitCode;

use clap::Parser;
use command_line::local::Options;
use local_stack::{commands, terminal};

/// The local stack, as `cargo xtask local` starts it.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask local", bin_name = "cargo xtask local")]
struct Program {
    #[command(flatten)]
    options: Options,
}

fn main() -> ExitCode {
    let options = match Program::try_parse() {
        Ok(program) => program.options,
        Err(error) => {
            // Help is an answer; everything else is a mistake, and a mistake is 1 here.
            let _ = error.print();
            return if error.use_stderr() {
                ExitCode::FAILURE
            } else {
                ExitCode::SUCCESS
            };
        }
    };
    match commands::run(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            terminal::problem(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
