//! `cargo xtask tidy`: the rules of this repository that no compiler and no linter knows.
//!
//! Every rule is a function from what lies in the tree to faults. One has a list of exceptions, which only shrinks.

pub mod checker_imports;
pub mod crate_graph;
mod fault;
pub mod import_circles;
pub mod imports;
pub mod laws;
pub mod lock_files;
pub mod text;

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::{terminal, workspace};

pub use fault::Fault;

/// Tidies this repository.
pub fn run() -> Result<()> {
    check(&workspace::root())?;
    terminal::line("tidy");
    Ok(())
}

/// Prints every fault below `root`; an error when there is one.
pub fn check(root: &Path) -> Result<()> {
    let mut faults = faults_of_tree(root)?;
    faults.extend(laws::faults_of_tree(root)?);
    for fault in &faults {
        terminal::problem(&fault.to_string());
    }
    if faults.is_empty() {
        return Ok(());
    }
    bail!("{} places are not tidy", faults.len())
}

/// Every fault that shows without resolving what the crates depend on.
pub fn faults_of_tree(root: &Path) -> Result<Vec<Fault>> {
    let mut faults = Vec::new();
    for file in workspace::files(root)? {
        let place = file
            .strip_prefix(root)
            .unwrap_or(&file)
            .display()
            .to_string();
        let bytes = std::fs::read(&file).with_context(|| format!("{place} cannot be read"))?;
        // What is no text (an icon, a font) is nothing that these rules can judge.
        if let Ok(content) = String::from_utf8(bytes) {
            faults.extend(text::faults(&place, &content));
            faults.extend(lock_files::faults(&place, &content));
        }
    }
    faults.extend(crate_graph::faults(&crate_graph::read(root)?));
    faults.extend(checker_imports::faults_of_tree(root)?);
    let circles = import_circles::read(root)?;
    faults.extend(import_circles::faults(
        &circles,
        &import_circles::exceptions(root)?,
    ));
    Ok(faults)
}
