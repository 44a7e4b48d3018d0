//! What AWS would refuse, known before AWS sees it: the judges below `xtask/judges`; and what those
//! who know AWS advise against: `xtask/checkov`.

use std::path::Path;

use anyhow::Result;

use crate::run::run;
use crate::{npm, python};

/// Judges what the templates grant by the rules that AWS publishes.
pub fn rights(root: &Path) -> Result<()> {
    let folder = root.join("xtask/judges");
    let python = python::judges(root)?.join("bin/python");
    let python = python.display().to_string();
    let templates = root.join("cfn").display().to_string();
    run(&folder, &python, &["-B", "judge.py", &templates])
}

/// Judges the templates by checkov's rules. What they suppress, they explain in their place.
pub fn advice(root: &Path) -> Result<()> {
    let folder = root.join("xtask/checkov");
    let python = python::checkov(root)?.join("bin/python");
    let python = python.display().to_string();
    let templates = root.join("cfn").display().to_string();
    run(&folder, &python, &["-B", "judge.py", &templates])
}

/// Judges the state machine by the rules of its language.
pub fn machine(root: &Path) -> Result<()> {
    let folder = root.join("xtask/judges");
    npm::install(root, &folder)?;
    let definition = root.join("cfn/state-machine.asl.json");
    let definition = definition.display().to_string();
    run(&folder, "node", &["machine.js", &definition])
}

/// Judges the judges by faults that they must find.
pub fn tests(root: &Path) -> Result<()> {
    let folder = root.join("xtask/judges");
    let python = python::judges(root)?.join("bin/python");
    let python = python.display().to_string();
    let unittest = ["-B", "-m", "unittest", "--quiet"];
    run(&folder, &python, &unittest)?;
    let checkov = python::checkov(root)?.join("bin/python");
    let checkov = checkov.display().to_string();
    run(&root.join("xtask/checkov"), &checkov, &unittest)?;
    npm::install(root, &folder)?;
    run(&folder, "node", &["--test", "machine.test.js"])
}

/// Compares what the functions of a running stack have asked for with what their roles grant.
pub fn recorded(root: &Path, status: &Path) -> Result<()> {
    let folder = root.join("xtask/judges");
    let python = python::judges(root)?.join("bin/python");
    let templates = root.join("cfn").display().to_string();
    let status = status.display().to_string();
    let arguments = ["-B", "recorded.py", &templates, "--status", &status];
    run(&folder, &python.display().to_string(), &arguments)
}
