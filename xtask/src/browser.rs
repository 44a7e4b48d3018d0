//! The browser that the console's journeys run in: the machine's own Chromium, or one that is
//! installed for them.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::run::{heard, is_there, run};
use crate::terminal;

/// Names another browser, as an absolute path.
const VARIABLE: &str = "CHROMIUM";
const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
];

/// The browser's program; nothing where it is the one that Playwright keeps for itself.
pub fn program(frontend: &Path) -> Result<Option<PathBuf>> {
    if let Some(named) = std::env::var_os(VARIABLE) {
        return Ok(Some(named.into()));
    }
    if let Some(found) = found() {
        return Ok(Some(found));
    }
    install(frontend)?;
    Ok(found())
}

fn found() -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders)
        .flat_map(|folder| NAMES.map(|name| folder.join(name)))
        .find(|program| program.is_file())
}

/// Who may install packages of the system does so; everybody else gets Playwright's own build,
/// which needs no rights and stays in the person's cache.
fn install(frontend: &Path) -> Result<()> {
    let (_, user) = heard(frontend, "id", &["-u"])?;
    if user.trim() == "0" && is_there("apt-get", &["--version"]) {
        terminal::line("installing Chromium");
        run(frontend, "apt-get", &["update", "--quiet"])?;
        let packages = ["chromium", "fonts-dejavu-core"];
        let how = ["install", "--quiet", "--yes", "--no-install-recommends"];
        return run(frontend, "apt-get", &[&how[..], &packages].concat());
    }
    terminal::line("installing Chromium for Playwright");
    if run(frontend, "npx", &["playwright", "install", "chromium"]).is_err() {
        bail!("the journeys need Chromium; install it, or name it by {VARIABLE}");
    }
    Ok(())
}
