//! GitLab's code-quality report from what the compiler and clippy say.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use cargo_metadata::Message;
use cargo_metadata::diagnostic::{Diagnostic, DiagnosticLevel};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::terminal;

/// One finding, as GitLab reads it.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// What is wrong.
    pub description: String,
    /// The lint, or the number of the compiler's error.
    pub check_name: String,
    /// The same for the same finding in two commits, and different for any two findings of one.
    pub fingerprint: String,
    /// How bad it is: `info`, `minor`, `major`, `critical` or `blocker`.
    pub severity: &'static str,
    /// Where it is.
    pub location: Location,
}

/// A place in the sources.
#[derive(Clone, Debug, Serialize)]
pub struct Location {
    /// From the root.
    pub path: String,
    /// Where it begins.
    pub lines: Lines,
}

/// Lines of a file, from 1.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Lines {
    /// The first.
    pub begin: usize,
}

/// Runs `cargo` with `what`, shows what a person would see, and writes `report`, also when the
/// lints fail: that is when somebody wants to read it.
pub fn lints(root: &Path, what: &[&str], after: &[&str], report: &Path) -> Result<()> {
    let mut cargo = Command::new("cargo")
        .args(what)
        .arg("--message-format=json")
        .args(after)
        .current_dir(root)
        .stdout(Stdio::piped())
        .spawn()
        .context("cargo cannot be started")?;
    let output = cargo.stdout.take().context("cargo has no output")?;
    let findings = findings(BufReader::new(output), terminal::problem)?;
    let status = cargo.wait().context("cargo does not end")?;
    let report = root.join(report);
    if let Some(folder) = report.parent() {
        std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    let text = serde_json::to_string_pretty(&findings).context("the report")?;
    std::fs::write(&report, text).with_context(|| report.display().to_string())?;
    if !status.success() {
        bail!("`cargo {}` failed ({status})", what.join(" "));
    }
    Ok(())
}

/// The findings among cargo's messages; what a person reads of each goes to `show`.
pub fn findings(messages: impl BufRead, show: impl Fn(&str)) -> Result<Vec<Finding>> {
    // Each target of a crate reports its findings anew, and GitLab shows two of one fingerprint once.
    let mut found: BTreeMap<(String, usize, String), Diagnostic> = BTreeMap::new();
    for message in Message::parse_stream(messages) {
        let Message::CompilerMessage(told) = message.context("cargo's messages")? else {
            continue;
        };
        let diagnostic = told.message;
        let Some(place) = diagnostic.spans.iter().find(|span| span.is_primary) else {
            continue;
        };
        let key = (
            place.file_name.clone(),
            place.line_start,
            diagnostic.message.clone(),
        );
        if let std::collections::btree_map::Entry::Vacant(entry) = found.entry(key) {
            show(
                diagnostic
                    .rendered
                    .as_deref()
                    .unwrap_or(&diagnostic.message),
            );
            entry.insert(diagnostic);
        }
    }
    let mut seen = BTreeMap::new();
    Ok(found
        .into_iter()
        .map(|((path, begin, _), diagnostic)| {
            let check_name = name(&diagnostic);
            let alike = format!("{check_name}\n{path}\n{}", diagnostic.message);
            // The line is no part of it: a finding that only moves is no new one.
            let number = seen.entry(alike.clone()).or_insert(0_usize);
            *number += 1;
            Finding {
                description: diagnostic.message,
                check_name,
                fingerprint: hex::encode(Sha256::digest(format!("{alike}\n{number}"))),
                severity: severity(diagnostic.level),
                location: Location {
                    path,
                    lines: Lines { begin },
                },
            }
        })
        .collect())
}

fn name(diagnostic: &Diagnostic) -> String {
    let code = diagnostic.code.as_ref().map(|code| code.code.clone());
    code.unwrap_or_else(|| "rustc".to_owned())
}

/// The levels are the compiler's, which may get more of them.
fn severity(level: DiagnosticLevel) -> &'static str {
    match level {
        DiagnosticLevel::Ice => "blocker",
        DiagnosticLevel::Error => "major",
        DiagnosticLevel::Warning => "minor",
        DiagnosticLevel::FailureNote | DiagnosticLevel::Note | DiagnosticLevel::Help | _ => "info",
    }
}
