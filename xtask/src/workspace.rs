//! Where things lie: the repository's root, its target directory, the files that tidy reads.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Folders that hold what others made: builds, packages, repositories.
const NOT_OURS: [&str; 6] = [
    ".git",
    "target",
    "node_modules",
    "dist",
    "playwright-report",
    "test-results",
];

/// The repository's root: the folder above this crate. Cargo says which one it runs; without cargo
/// it is the one that the program was built in.
pub fn root() -> PathBuf {
    let built_in = env!("CARGO_MANIFEST_DIR");
    let here = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| built_in.into());
    let here = PathBuf::from(here);
    here.parent()
        .map_or_else(|| here.clone(), Path::to_path_buf)
}

/// Where cargo builds, as cargo itself says (it knows `CARGO_TARGET_DIR` and its configuration).
pub fn target_directory(root: &Path) -> Result<PathBuf> {
    let metadata = cargo_metadata::MetadataCommand::new()
        .current_dir(root)
        .no_deps()
        .exec()
        .context("cargo cannot read the workspace")?;
    Ok(metadata.target_directory.into_std_path_buf())
}

/// All files below `root` that people write, in a fixed order.
pub fn files(root: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    collect(root, &mut found)?;
    found.sort();
    Ok(found)
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    let entries = std::fs::read_dir(folder)
        .with_context(|| format!("the folder {} cannot be read", folder.display()))?;
    for entry in entries {
        let entry = entry.with_context(|| format!("reading {}", folder.display()))?;
        let kind = entry
            .file_type()
            .with_context(|| format!("reading {}", folder.display()))?;
        let name = entry.file_name();
        let ours = !NOT_OURS.iter().any(|other| name.to_str() == Some(other));
        if kind.is_dir() && ours {
            collect(&entry.path(), found)?;
        } else if kind.is_file() {
            found.push(entry.path());
        }
    }
    Ok(())
}
