//! `cargo xtask check`: what can be known without running the product.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::run::run as run_program;
use crate::steps::Steps;
use crate::{code_quality, console, judges, pipeline, python, tidy, workspace};

/// How `cargo xtask check` runs.
#[derive(Args, Clone, Debug)]
pub struct CheckOptions {
    /// Only these parts, by commas; all of them when left out.
    #[arg(long, value_delimiter = ',', value_name = "PART")]
    pub only: Vec<Part>,
    /// Also writes what the Rust lints find into this file, as GitLab's code-quality report.
    #[arg(long, value_name = "FILE")]
    pub code_quality: Option<PathBuf>,
}

/// What can be checked.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Part {
    /// The rules that no compiler knows.
    Tidy,
    /// How the Rust sources are laid out.
    Formatting,
    /// The CloudFormation templates and the state machine.
    Templates,
    /// What the templates grant and promise, by AWS's own rules and by ours.
    Rights,
    /// The pipeline's file against GitLab's schema.
    Pipeline,
    /// Types and lints of the console.
    Console,
    /// Lints of the Rust sources.
    Lints,
}

const PARTS: [Part; 7] = [
    Part::Tidy,
    Part::Formatting,
    Part::Templates,
    Part::Rights,
    Part::Pipeline,
    Part::Console,
    Part::Lints,
];

/// Runs the checks that were asked for and says at the end which failed.
pub fn run(options: &CheckOptions) -> Result<()> {
    let root = workspace::root();
    let mut steps = Steps::default();
    for part in PARTS {
        if options.only.is_empty() || options.only.contains(&part) {
            steps.step(part.name(), || check(&root, part, options));
        }
    }
    steps.finish("check")
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Self::Tidy => "tidy",
            Self::Formatting => "formatting",
            Self::Templates => "templates",
            Self::Rights => "rights",
            Self::Pipeline => "pipeline",
            Self::Console => "console",
            Self::Lints => "lints",
        }
    }
}

fn check(root: &Path, part: Part, options: &CheckOptions) -> Result<()> {
    match part {
        Part::Tidy => tidy::check(root),
        Part::Formatting => run_program(root, "cargo", &["fmt", "--all", "--check"]),
        Part::Templates => {
            python::lint_templates(root)?;
            judges::machine(root)
        }
        Part::Rights => judges::rights(root),
        Part::Pipeline => pipeline::check(root),
        Part::Console => console::check(root),
        Part::Lints => lints(root, options.code_quality.as_deref()),
    }
}

fn lints(root: &Path, report: Option<&Path>) -> Result<()> {
    let what = ["clippy", "--workspace", "--all-targets", "--all-features"];
    let denied = ["--", "-D", "warnings"];
    match report {
        None => run_program(root, "cargo", &[&what[..], &denied].concat()),
        Some(file) => code_quality::lints(root, &what, &denied, file),
    }
}
