//! A program that the stack is made of: started as a process group of its own, with a log.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::process::{Child, Command};

use crate::http::Http;

/// Enough of a log to see why its program ended.
const LAST_LINES: usize = 15;
const PATIENCE: Duration = Duration::from_mins(1);
const PACE: Duration = Duration::from_millis(50);

/// A running component.
#[derive(Debug)]
pub struct Component {
    name: &'static str,
    child: Child,
    log: PathBuf,
}

impl Component {
    /// Starts the program with its output in the log.
    pub fn start(name: &'static str, command: &mut Command, log: &Path) -> Result<Self> {
        let file = File::create(log).with_context(|| log.display().to_string())?;
        let errors = file
            .try_clone()
            .with_context(|| log.display().to_string())?;
        let child = command
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(file)
            .stderr(errors)
            .spawn()
            .with_context(|| format!("the {name} cannot be started"))?;
        Ok(Self {
            name,
            child,
            log: log.to_path_buf(),
        })
    }

    /// What it is called.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Its process group.
    pub fn group(&self) -> Option<i32> {
        self.child.id().and_then(|id| i32::try_from(id).ok())
    }

    /// Waits until the address answers; an error, with the end of the log, when the program ends.
    pub async fn ready(&mut self, http: &Http, address: &str) -> Result<()> {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait().context("its state")? {
                return Err(self.ended(status));
            }
            if http.answers(address).await {
                return Ok(());
            }
            tokio::time::sleep(PACE).await;
        }
        bail!(
            "the {} does not answer at {address}\n{}",
            self.name,
            last_lines(&self.log)
        )
    }

    /// Waits until the program ends, which it never does by itself; the error says why it did.
    pub async fn end(&mut self) -> anyhow::Error {
        match self.child.wait().await {
            Ok(status) => self.ended(status),
            Err(error) => {
                anyhow::Error::new(error).context(format!("waiting for the {}", self.name))
            }
        }
    }

    /// Takes notice of its end, after its group was told to end.
    pub async fn collect(&mut self) {
        // Its group has been killed if need be; what is left is to read its exit code.
        let _ = self.child.wait().await;
    }

    fn ended(&self, status: ExitStatus) -> anyhow::Error {
        anyhow::anyhow!(
            "the {} ended by itself ({status})\n{}",
            self.name,
            last_lines(&self.log)
        )
    }
}

/// The end of a log, with a line that says where the rest is.
pub fn last_lines(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let last = &lines[lines.len().saturating_sub(LAST_LINES)..];
    format!("last lines of {}:\n  {}", log.display(), last.join("\n  "))
}
