//! `cargo xtask check`: what can be known without running the product.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::run::run as run_program;
use crate::steps::{Steps, Unchecked};
use crate::supply::advisories::{self, DATABASE};
use crate::{code_quality, console, judges, pipeline, python, supply, terminal, tidy, workspace};

/// How `cargo xtask check` runs.
#[derive(Args, Clone, Debug)]
pub struct CheckOptions {
    /// Only these parts, by commas; all of them when left out.
    #[arg(long, value_delimiter = ',', value_name = "PART")]
    pub only: Vec<Part>,
    /// Also writes what the Rust lints find into this file, as GitLab's code-quality report.
    #[arg(long, value_name = "FILE")]
    pub code_quality: Option<PathBuf>,
    /// Where git finds the database of advisories about crates.
    #[arg(long, env = DATABASE, value_name = "ADDRESS")]
    pub advisory_database: Option<String>,
}

/// What can be checked.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Part {
    /// The rules that no compiler knows.
    Tidy,
    /// How the Rust sources are laid out.
    Formatting,
    /// The CloudFormation templates, by cfn-lint and by checkov, and the state machine.
    Templates,
    /// What the templates grant and promise, by AWS's own rules and by ours.
    Rights,
    /// What others wrote and this product carries: licences, sources, duplicates; and no secret in it.
    Supply,
    /// What is known against it by those who keep lists of weaknesses.
    Advisories,
    /// The pipeline's file against GitLab's schema.
    Pipeline,
    /// Types and lints of the console.
    Console,
    /// Lints of the Rust sources.
    Lints,
}

const PARTS: [Part; 9] = [
    Part::Tidy,
    Part::Formatting,
    Part::Templates,
    Part::Rights,
    Part::Supply,
    Part::Advisories,
    Part::Pipeline,
    Part::Console,
    Part::Lints,
];

/// Runs the checks that were asked for and says at the end which failed. What could not be checked
/// is an error for whoever asked for it by its name; a run of everything says it last, and goes on.
pub fn run(options: &CheckOptions) -> Result<()> {
    let root = workspace::root();
    let mut steps = Steps::default();
    for part in PARTS {
        if options.only.is_empty() || options.only.contains(&part) {
            steps.step(part.name(), || check(&root, part, options));
        }
    }
    match steps.finish("check") {
        Err(error) if options.only.is_empty() && error.is::<Unchecked>() => {
            terminal::problem(&error.to_string());
            Ok(())
        }
        outcome => outcome,
    }
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Self::Tidy => "tidy",
            Self::Formatting => "formatting",
            Self::Templates => "templates",
            Self::Rights => "rights",
            Self::Supply => "supply",
            Self::Advisories => "advisories",
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
            judges::advice(root)?;
            judges::machine(root)
        }
        Part::Rights => judges::rights(root),
        Part::Supply => supply::check(root),
        Part::Advisories => advisories::check(root, options.advisory_database.as_deref()),
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
