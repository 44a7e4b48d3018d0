//! `cargo xtask local`: prepares what runs, then becomes the local stack's own program.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command as Program;

use anyhow::{Context, Result};
use command_line::local::{Command, Options};

use crate::{build, console, python, workspace};

/// Prepares what the command needs and hands the command line over.
pub fn run(options: &Options) -> Result<()> {
    let root = workspace::root();
    if let Some(start) = options.starts() {
        start.check_parameters(&root).map_err(anyhow::Error::msg)?;
    }
    let (program, python) = match &options.command {
        None | Some(Command::Up { .. } | Command::Supervise { .. }) => {
            let python = python::environment(&root)?;
            console::build(&root)?;
            (build::programs(&root)?.join(build::LOCAL_STACK), python)
        }
        Some(
            Command::Status { .. }
            | Command::Token { .. }
            | Command::Logs { .. }
            | Command::RestartEmulator
            | Command::Down
            | Command::Reset
            | Command::Watch,
        ) => (built_before(&root)?, python::folder(&root)?),
    };
    let mut command = Program::new(&program);
    // Behind `local`, as it was typed: it has been read once, so it can be read again.
    command.args(std::env::args_os().skip(2));
    command.arg("--repository").arg(&root);
    command.arg("--python").arg(python.join("bin/python"));
    command.arg("--programs").arg(build::folder(&root)?);
    command.arg("--console").arg(root.join("frontend/dist"));
    if options.prepared.state_dir.is_none() {
        let folder = workspace::target_directory(&root)?.join("local");
        // Nobody chose it, so nobody can have mistaken its name.
        std::fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        command.arg("--state-dir").arg(folder);
    }
    let error = command.exec();
    Err(error).with_context(|| format!("{} cannot be started", program.display()))
}

/// Who only asks gets an answer from the program as it is, and waits for no compiler.
fn built_before(root: &Path) -> Result<std::path::PathBuf> {
    let program = build::folder(root)?.join(build::LOCAL_STACK);
    if program.exists() {
        Ok(program)
    } else {
        build::program(root, build::LOCAL_STACK)
    }
}
