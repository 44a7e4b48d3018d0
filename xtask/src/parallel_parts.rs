//! Parts that mostly wait, in parallel with another part that mostly waits: the same command once more, whose
//! words are kept in a file until both are done.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::{terminal, workspace};

/// Parts that run in parallel with others.
#[derive(Debug)]
pub struct ParallelParts {
    process: Child,
    log: PathBuf,
}

impl ParallelParts {
    /// Starts `cargo xtask test` with these parts, on ports of their own.
    pub fn start(root: &Path, parts: &str, port_base: u16) -> Result<Self> {
        let log = workspace::target_directory(root)?.join("parallel.log");
        let place = || log.display().to_string();
        let output = File::create(&log).with_context(place)?;
        let errors = output.try_clone().with_context(place)?;
        // By cargo: building may have replaced the file of this very program.
        let process = Command::new("cargo")
            .args(["xtask", "test", "--only", parts])
            .args(["--port-base", &port_base.to_string()])
            .current_dir(root)
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(errors)
            .spawn()
            .context("the parallel parts cannot be started")?;
        terminal::line(&format!(
            "{parts} run in parallel; their words: {}",
            place()
        ));
        Ok(Self { process, log })
    }

    /// Waits for its end and shows what it said.
    pub fn finish(mut self) -> Result<()> {
        let status = self.process.wait().context("the parallel parts")?;
        let said = std::fs::read_to_string(&self.log);
        terminal::line(&said.with_context(|| self.log.display().to_string())?);
        if !status.success() {
            bail!("the parallel parts failed ({status})");
        }
        Ok(())
    }
}
