//! A list of named steps, each with its time; all of them run, and the end says which failed and
//! which could not be made.

use std::fmt;
use std::time::{Duration, Instant};

use anyhow::{Error, Result, bail};

use crate::terminal;

/// What could not be checked, and why: nothing is known of it, neither good nor bad. It is never
/// taken for a success.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Unchecked(pub String);

impl fmt::Display for Unchecked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "could not be checked: {}", self.0)
    }
}

impl std::error::Error for Unchecked {}

/// The steps of one command, as they end.
#[derive(Debug, Default)]
pub struct Steps {
    done: Vec<Done>,
}

#[derive(Debug)]
struct Done {
    name: String,
    took: Duration,
    verdict: Verdict,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Verdict {
    Passed,
    Failed,
    Unknown,
}

impl Verdict {
    fn of(outcome: &Result<()>) -> Self {
        match outcome {
            Ok(()) => Self::Passed,
            Err(error) if error.is::<Unchecked>() => Self::Unknown,
            Err(_) => Self::Failed,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Passed => "ok",
            Self::Failed => "FAILED",
            Self::Unknown => "UNKNOWN",
        }
    }
}

impl Steps {
    /// Runs one step. A failure is printed and kept; the steps after it run all the same, because
    /// each of them tells something of its own.
    pub fn step(&mut self, name: &str, action: impl FnOnce() -> Result<()>) {
        terminal::line(&format!("==> {name}"));
        let started = Instant::now();
        let outcome = action();
        let took = started.elapsed();
        if let Err(error) = &outcome {
            terminal::problem(&format!("{name}: {error:#}"));
        }
        self.done.push(Done {
            name: name.to_owned(),
            took,
            verdict: Verdict::of(&outcome),
        });
    }

    /// The closing table; an error when a step failed, and [`Unchecked`] when none did and one could
    /// not be made.
    pub fn finish(self, command: &str) -> Result<()> {
        terminal::line("");
        for done in &self.done {
            terminal::line(&format!(
                "{:>7}  {:>6.1} s  {}",
                done.verdict.word(),
                done.took.as_secs_f64(),
                done.name
            ));
        }
        let all = self.done.len();
        let failed = self.names(Verdict::Failed);
        let unknown = self.names(Verdict::Unknown);
        if !failed.is_empty() {
            bail!(
                "{command}: {} of {all} steps failed: {}",
                failed.len(),
                failed.join(", ")
            )
        }
        if !unknown.is_empty() {
            let unknown = format!("{} of {command}", unknown.join(", "));
            return Err(Error::new(Unchecked(unknown)));
        }
        terminal::line(&format!("{command}: all {all} steps passed"));
        Ok(())
    }

    fn names(&self, verdict: Verdict) -> Vec<&str> {
        let these = self.done.iter().filter(|done| done.verdict == verdict);
        these.map(|done| done.name.as_str()).collect()
    }
}
