//! Which folders of the workspace a program is built of: its crate's and those of every crate of
//! ours below it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::OnceLock;

use anyhow::{Context, Result};
use cargo_metadata::{DependencyKind, MetadataCommand};

/// What every program depends on besides.
pub(super) const SHARED: [&str; 4] = [
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
    ".cargo/config.toml",
];

/// Crates of ours with their folders and what they are built of.
type Graph = BTreeMap<String, (String, Vec<String>)>;

/// Folders, each with a slash at its end, below the root.
pub(super) fn folders(root: &Path, package: &str) -> Result<BTreeSet<String>> {
    static GRAPH: OnceLock<Graph> = OnceLock::new();
    let graph = if let Some(graph) = GRAPH.get() {
        graph
    } else {
        let read = read(root)?;
        GRAPH.get_or_init(|| read)
    };
    let mut wanted = vec![package.to_owned()];
    let mut found = BTreeSet::new();
    while let Some(name) = wanted.pop() {
        let (folder, below) = graph
            .get(&name)
            .with_context(|| format!("the workspace has no package {name}"))?;
        if found.insert(folder.clone()) {
            wanted.extend(below.iter().cloned());
        }
    }
    Ok(found)
}

fn read(root: &Path) -> Result<Graph> {
    let metadata = MetadataCommand::new()
        .current_dir(root)
        .no_deps()
        .other_options(vec!["--offline".to_owned()])
        .exec()
        .context("cargo cannot read the workspace")?;
    let crates = metadata.packages.iter().map(|package| {
        let folder = package
            .manifest_path
            .parent()
            .map_or_else(String::new, |folder| {
                let folder = folder.as_std_path();
                format!("{}/", folder.strip_prefix(root).unwrap_or(folder).display())
            });
        let ours = package.dependencies.iter().filter(|dependency| {
            dependency.path.is_some() && dependency.kind != DependencyKind::Development
        });
        let below = ours.map(|dependency| dependency.name.clone()).collect();
        (package.name.to_string(), (folder, below))
    });
    Ok(crates.collect())
}
