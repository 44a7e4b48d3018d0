//! The Python tools, pinned in `xtask/emulator/requirements.txt`, in an environment of their own;
//! and the contract of the simulator, in another.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::run::run;
use crate::{build, terminal, workspace};

/// cfn-lint over every template, with nothing ignored.
pub fn lint_templates(root: &Path) -> Result<()> {
    let templates: Vec<String> = workspace::files(&root.join("cfn"))?
        .into_iter()
        .filter(|file| {
            file.extension()
                .is_some_and(|extension| extension == "yaml")
        })
        .map(|file| file.display().to_string())
        .collect();
    if templates.is_empty() {
        bail!("there are no templates below cfn/");
    }
    let lint = environment(root)?.join("bin/cfn-lint");
    let mut arguments = vec!["--non-zero-exit-code", "informational", "--"];
    arguments.extend(templates.iter().map(String::as_str));
    run(root, &lint.display().to_string(), &arguments)
}

/// What the emulator was taught about signing in, asked of itself.
pub fn emulator_tests(root: &Path) -> Result<()> {
    let python = environment(root)?.join("bin/python").display().to_string();
    let folder = root.join("xtask/emulator");
    run(
        &folder,
        &python,
        &["-B", "-m", "unittest", "test_second_factor"],
    )
}

/// The contract of the simulator with the service model of DRS, boto3 and the AWS command line,
/// against the simulator that was built before.
pub fn simulator_contract(root: &Path) -> Result<()> {
    let contract = root.join("crates/drs-simulator/contract");
    let place = workspace::target_directory(root)?.join("local-tools/contract-python");
    let python = made(place, &contract.join("requirements.txt"))?.join("bin/python");
    let program = build::folder(root)?.join("drs-simulator");
    let arguments = [
        &contract.join("main.py").display().to_string(),
        "--simulator",
        &program.display().to_string(),
    ];
    run(root, &python.display().to_string(), &arguments)
}

/// The virtual environment of the tools.
pub fn environment(root: &Path) -> Result<PathBuf> {
    let requirements = root.join("xtask/emulator/requirements.txt");
    made(folder(root)?, &requirements)
}

/// The virtual environment of the judges, which holds the tables that AWS publishes.
pub fn judges(root: &Path) -> Result<PathBuf> {
    let place = workspace::target_directory(root)?.join("local-tools/judges-python");
    made(place, &root.join("xtask/judges/requirements.txt"))
}

/// The virtual environment of checkov, which wants other versions of what the judges use.
pub fn checkov(root: &Path) -> Result<PathBuf> {
    let place = workspace::target_directory(root)?.join("local-tools/checkov-python");
    made(place, &root.join("xtask/checkov/requirements.txt"))
}

/// The virtual environment of Schemathesis.
pub fn schemathesis(root: &Path) -> Result<PathBuf> {
    let place = workspace::target_directory(root)?.join("local-tools/schemathesis-python");
    made(place, &root.join("xtask/schemathesis/requirements.txt"))
}

/// The virtual environment of the scan for secrets.
pub fn secrets(root: &Path) -> Result<PathBuf> {
    let place = workspace::target_directory(root)?.join("local-tools/secrets-python");
    made(place, &root.join("xtask/supply/requirements.txt"))
}

fn made(environment: PathBuf, requirements: &Path) -> Result<PathBuf> {
    let wanted = std::fs::read_to_string(requirements)
        .with_context(|| format!("{} cannot be read", requirements.display()))?;
    program_build::python::provide(&environment, &wanted, &[], &terminal::line)?;
    Ok(environment)
}

/// Where the virtual environment of the tools lies, whether it has been made or not.
pub fn folder(root: &Path) -> Result<PathBuf> {
    Ok(workspace::target_directory(root)?.join("local-tools/python"))
}
