//! What AWS would refuse, known before AWS sees it: the judges below `xtask/judges`.

use std::path::Path;

use anyhow::Result;

use crate::python;
use crate::run::run;

/// Judges what the templates grant by the rules that AWS publishes, and the judges themselves by
/// faults that they must find.
pub fn rights(root: &Path) -> Result<()> {
    let folder = root.join("xtask/judges");
    let python = python::judges(root)?.join("bin/python");
    let python = python.display().to_string();
    let templates = root.join("cfn").display().to_string();
    run(&folder, &python, &["-B", "judge.py", &templates])?;
    run(&folder, &python, &["-B", "-m", "unittest", "--quiet"])
}
