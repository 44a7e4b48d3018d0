//! The process reaper: a process that outlives a supervisor which was killed, and ends what that started.
//!
//! The supervisor tells it process groups through a pipe. When the pipe closes without the word
//! that all is done, the supervisor is gone, and the process reaper ends the groups.

use std::io::{BufRead, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, Command, Stdio};

use anyhow::{Context, Result};

use crate::processes;

const DONE: &str = "done";

/// The supervisor's end of the pipe.
#[derive(Debug)]
pub struct ProcessReaper {
    process: Child,
    pipe: Option<ChildStdin>,
}

impl ProcessReaper {
    /// Starts a process reaper in a process group of its own.
    pub fn start() -> Result<Self> {
        let program = std::env::current_exe().context("this program's own file")?;
        let mut process = Command::new(program)
            .arg("watch")
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("the process reaper cannot be started")?;
        let pipe = process.stdin.take();
        Ok(Self { process, pipe })
    }

    /// Tells it a group to look after.
    pub fn look_after(&mut self, group: i32) -> Result<()> {
        self.tell(&group.to_string())
    }

    /// Dismisses it: everything has been ended.
    pub fn dismiss(mut self) -> Result<()> {
        self.tell(DONE)?;
        drop(self.pipe.take());
        self.process
            .wait()
            .map(drop)
            .context("the process reaper does not end")
    }

    fn tell(&mut self, word: &str) -> Result<()> {
        let pipe = self
            .pipe
            .as_mut()
            .context("the process reaper's pipe is closed")?;
        writeln!(pipe, "{word}").context("the process reaper does not listen")
    }
}

/// What the process reaper does.
pub fn watch() {
    let mut groups = Vec::new();
    for line in std::io::stdin().lock().lines() {
        match line {
            Ok(word) if word == DONE => return,
            Ok(word) => groups.extend(word.parse::<i32>()),
            Err(_) => break,
        }
    }
    processes::end_all(&groups);
}
