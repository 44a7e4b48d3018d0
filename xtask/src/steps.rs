//! A list of named steps, each with its time; all of them run, and the end says which failed.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::say;

/// The steps of one command, as they end.
#[derive(Debug, Default)]
pub struct Steps {
    done: Vec<Done>,
}

#[derive(Debug)]
struct Done {
    name: String,
    took: Duration,
    failure: Option<String>,
}

impl Steps {
    /// Runs one step. A failure is printed and kept; the steps after it run all the same, because
    /// each of them tells something of its own.
    pub fn step(&mut self, name: &str, action: impl FnOnce() -> Result<()>) {
        say::line(&format!("==> {name}"));
        let started = Instant::now();
        let failure = action().err().map(|error| format!("{error:#}"));
        let took = started.elapsed();
        if let Some(failure) = &failure {
            say::problem(&format!("{name}: {failure}"));
        }
        self.done.push(Done {
            name: name.to_owned(),
            took,
            failure,
        });
    }

    /// The closing table; an error when a step failed.
    pub fn finish(self, command: &str) -> Result<()> {
        say::line("");
        for done in &self.done {
            let verdict = if done.failure.is_some() {
                "FAILED"
            } else {
                "ok"
            };
            say::line(&format!(
                "{verdict:>6}  {:>6.1} s  {}",
                done.took.as_secs_f64(),
                done.name
            ));
        }
        let failed: Vec<&str> = self
            .done
            .iter()
            .filter(|done| done.failure.is_some())
            .map(|done| done.name.as_str())
            .collect();
        if failed.is_empty() {
            say::line(&format!("{command}: all {} steps passed", self.done.len()));
            return Ok(());
        }
        bail!(
            "{command}: {} of {} steps failed: {}",
            failed.len(),
            self.done.len(),
            failed.join(", ")
        )
    }
}
