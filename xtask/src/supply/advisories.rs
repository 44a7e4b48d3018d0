//! What is known against crates and packages. The lists grow while the sources stay as they are, and
//! they lie elsewhere: where they cannot be reached, the check says that nothing is known.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use anyhow::{Error, Result, bail};
use serde::Deserialize;
use serde_json::Value;

use super::{RULES, crates};
use crate::run::{heard, is_there, run_with};
use crate::steps::Unchecked;

/// The variable that names the git address of the database of advisories about crates: the published
/// one, or a copy of it within reach.
pub const DATABASE: &str = "DRS_ORCHESTRATION_ADVISORY_DATABASE";

/// Where the database is published; cargo-deny knows it by this address.
const PUBLISHED: &str = "https://github.com/RustSec/advisory-db";

/// How bad a weakness is, as npm says.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Hard to use.
    Low,
    /// In between.
    Moderate,
    /// To be mended soon.
    High,
    /// To be mended now.
    Critical,
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Moderate => "moderate",
            Self::High => "high",
            Self::Critical => "critical",
        })
    }
}

/// Folders with packages, which of them are looked at, and what is too bad. What a browser runs may
/// have no known weakness at all; what only builds and tests may have none that matters.
const PACKAGES: [(&str, &[&str], Severity); 4] = [
    ("frontend", &["--omit=dev"], Severity::Low),
    ("frontend", &[], Severity::High),
    ("xtask/judges", &[], Severity::High),
    ("xtask/pipeline", &[], Severity::High),
];

/// Asks every list; what one of them cannot say does not hide what another one says.
/// `database` is the git address of the one about crates.
pub fn check(root: &Path, database: Option<&str>) -> Result<()> {
    let of_crates = of_crates(root, database);
    let packages = PACKAGES.iter();
    let of_packages =
        packages.map(|(folder, which, too_bad)| of_packages(root, folder, which, *too_bad));
    together(std::iter::once(of_crates).chain(of_packages))
}

/// One verdict of many: a failure when there is one, else [`Unchecked`] when something is unknown.
pub fn together(verdicts: impl IntoIterator<Item = Result<()>>) -> Result<()> {
    let errors = verdicts.into_iter().filter_map(Result::err);
    let (unknown, failed): (Vec<Error>, Vec<Error>) = errors.partition(Error::is::<Unchecked>);
    let told = failed
        .iter()
        .chain(&unknown)
        .map(|error| format!("{error:#}"));
    let told = told.collect::<Vec<_>>().join("; ");
    if !failed.is_empty() {
        bail!("{told}");
    }
    if unknown.is_empty() {
        return Ok(());
    }
    let unknown = unknown
        .iter()
        .filter_map(|error| error.downcast_ref::<Unchecked>());
    let reasons: Vec<&str> = unknown.map(|unknown| unknown.0.as_str()).collect();
    Err(Error::new(Unchecked(reasons.join("; "))))
}

fn unknown(text: String) -> Result<()> {
    Err(Error::new(Unchecked(text)))
}

fn of_crates(root: &Path, database: Option<&str>) -> Result<()> {
    let Some(database) = database.filter(|database| !database.is_empty()) else {
        return unknown(format!(
            "crates ({DATABASE} names no database of advisories: {PUBLISHED}, or a copy of it)"
        ));
    };
    let program = crates::program(root)?.display().to_string();
    judge_crates(root, &program, database)
}

/// The crates of a workspace by its own rules and by the database at this address of git.
fn judge_crates(folder: &Path, program: &str, database: &str) -> Result<()> {
    // cargo-deny fetches with git, which can be told where an address is served from.
    let instead = format!("url.{database}.insteadOf");
    let variables = [
        ("GIT_TERMINAL_PROMPT", "0"),
        ("GIT_CONFIG_COUNT", "1"),
        ("GIT_CONFIG_KEY_0", &instead),
        ("GIT_CONFIG_VALUE_0", PUBLISHED),
    ];
    let manifest = folder.join("Cargo.toml").display().to_string();
    let rules = folder.join(RULES).display().to_string();
    let what = ["--manifest-path", &manifest, "--config", &rules, "--locked"];
    let fetch = ["--color", "never", "fetch", "db"];
    if let Err(error) = run_with(folder, program, &[&what[..], &fetch].concat(), &variables) {
        return unknown(format!(
            "crates (the database of advisories cannot be fetched from {database}: {error:#})"
        ));
    }
    // Not offline: whether a version was withdrawn only the registry knows.
    let check = [
        "--color",
        "never",
        "check",
        "--hide-inclusion-graph",
        "--disable-fetch",
    ];
    let arguments = [&what[..], &check, &["advisories"]].concat();
    run_with(folder, program, &arguments, &variables)
}

fn of_packages(root: &Path, folder: &str, which: &[&str], too_bad: Severity) -> Result<()> {
    if !is_there("npm", &["--version"]) {
        return unknown(format!("packages of {folder} (there is no npm)"));
    }
    let audit = [
        "audit",
        "--json",
        "--package-lock-only",
        "--fetch-retries=0",
    ];
    let arguments = [&audit[..], which].concat();
    let (_, said) = heard(&root.join(folder), "npm", &arguments)?;
    judge_packages(folder, &said, too_bad)
}

/// What npm says of the packages of one folder.
#[derive(Deserialize)]
struct Audit {
    vulnerabilities: BTreeMap<String, Weakness>,
}

#[derive(Deserialize)]
struct Weakness {
    severity: Severity,
    range: String,
}

/// Judges what `npm audit --json` has said of a folder. What is no audit is no answer: a registry
/// may have none to give.
pub fn judge_packages(folder: &str, said: &str, too_bad: Severity) -> Result<()> {
    // Warnings follow on the answer.
    let answer = serde_json::Deserializer::from_str(said)
        .into_iter::<Value>()
        .next();
    let Some(Ok(answer)) = answer else {
        return unknown(format!("packages of {folder} (npm gives no audit)"));
    };
    let Ok(audit) = Audit::deserialize(&answer) else {
        let reason = answer["message"].as_str().unwrap_or("npm gives no audit");
        return unknown(format!("packages of {folder} ({reason})"));
    };
    let weak = audit.vulnerabilities.iter();
    let weak = weak.filter(|(_, weakness)| weakness.severity >= too_bad);
    let told: Vec<String> = weak
        .map(|(name, Weakness { severity, range })| format!("{name} {range} is {severity}"))
        .collect();
    if told.is_empty() {
        return Ok(());
    }
    bail!(
        "packages of {folder} have known weaknesses: {}",
        told.join(", ")
    )
}
