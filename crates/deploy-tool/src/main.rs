//! `drs-deploy`: reads the command line, runs one command, turns its end into an exit code.

use std::process::ExitCode;

use clap::Parser;
use command_line::deploy::Command;
use deploy_tool::{commands, terminal};

/// Brings a release into the bucket, deploys it from there, and says whether it runs.
#[derive(Debug, Parser)]
#[command(name = "drs-deploy", version)]
struct Program {
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    let command = match Program::try_parse() {
        Ok(program) => program.command,
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
    match commands::run(command) {
        Ok(end) => end.into(),
        Err(error) => {
            terminal::problem(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
