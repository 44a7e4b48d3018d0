//! The console in a real browser: every page audited over planted answers, then journeys through
//! a local stack of their own.

use std::path::Path;

use anyhow::Result;

use crate::end_to_end::{StackFixture, on_stack};
use crate::run::run_with;
use crate::stack_options::TestOptions;
use crate::{browser, npm, python};

/// Servers of its own for each journey, and Regions of their own for those that plant faults.
const FIXTURE: StackFixture = StackFixture {
    folder: "journeys",
    scenario: "frontend/journeys/scenario.yaml",
    // A launch in doubt asks a person while the journey watches.
    parameters: &["DoubtLimitSeconds=25"],
};

/// Looks at each page and dialog, wide and narrow, light and dark.
pub fn audits(root: &Path) -> Result<()> {
    script(root, &["run", "audits"], &[])
}

/// Goes through the console as people do. The programs and the console have been built.
pub fn run(root: &Path, options: TestOptions) -> Result<()> {
    python::emulator_tests(root)?;
    on_stack(root, options, FIXTURE, |status| {
        let status = status.display().to_string();
        let variables = [("DRS_ORCHESTRATION_STACK", status.as_str())];
        script(root, &["run", "journeys"], &variables)
    })
}

/// Runs a script of the console's packages with a browser.
pub fn script(root: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Result<()> {
    let folder = root.join("frontend");
    npm::install(root, &folder)?;
    let program = browser::program(&folder)?.map(|path| path.display().to_string());
    let chromium = program.iter().map(|path| ("CHROMIUM", path.as_str()));
    let variables: Vec<_> = chromium.chain(variables.iter().copied()).collect();
    run_with(&folder, "npm", arguments, &variables)
}
