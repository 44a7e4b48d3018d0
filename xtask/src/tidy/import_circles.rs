//! No circle of imports inside a crate: a file is understood after those that it imports, so there
//! must be an order.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::fault::Fault;
use super::imports::Imports;

/// The list of exceptions, from the root of the repository.
const EXCEPTIONS: &str = "xtask/import_circles.yaml";

/// How many files of a crate may stand in circles: the number only shrinks.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(transparent)]
pub struct Exceptions(pub BTreeMap<String, usize>);

/// The imports of every crate, by its folder from the root.
pub fn read(root: &Path) -> Result<BTreeMap<String, Imports>> {
    let mut sources: Vec<_> = std::fs::read_dir(root.join("crates"))
        .context("crates cannot be read")?
        .map(|entry| entry.map(|entry| entry.path().join("src")))
        .collect::<Result<_, _>>()?;
    sources.push(root.join("xtask/src"));
    let mut crates = BTreeMap::new();
    for source in sources.into_iter().filter(|source| source.exists()) {
        let folder = source.parent().unwrap_or(root);
        let place = folder.strip_prefix(root).unwrap_or(folder);
        crates.insert(place.display().to_string(), Imports::read(&source)?);
    }
    Ok(crates)
}

/// The list of exceptions of this repository.
pub fn exceptions(root: &Path) -> Result<Exceptions> {
    let file = root.join(EXCEPTIONS);
    let text = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    serde_yaml_ng::from_str(&text).with_context(|| file.display().to_string())
}

/// Every crate with more files in circles than it may have, or with fewer than the list says.
pub fn faults(crates: &BTreeMap<String, Imports>, exceptions: &Exceptions) -> Vec<Fault> {
    let unknown = exceptions
        .0
        .keys()
        .filter(|name| !crates.contains_key(*name));
    let unknown =
        unknown.map(|name| fault(name, format!("{EXCEPTIONS} names it, and there is none")));
    let judged = crates.iter().filter_map(|(name, imports)| {
        let allowed = exceptions.0.get(name).copied().unwrap_or_default();
        judge(name, &imports.circles(), allowed)
    });
    unknown.chain(judged).collect()
}

fn judge(name: &str, circles: &[Vec<&str>], allowed: usize) -> Option<Fault> {
    let files: usize = circles.iter().map(Vec::len).sum();
    if files < allowed {
        let message = format!(
            "{files} files are in circles of imports, and {EXCEPTIONS} still allows {allowed}: lower it"
        );
        return Some(fault(name, message));
    }
    let listed: Vec<String> = circles.iter().map(|circle| circle.join(", ")).collect();
    (files > allowed).then(|| {
        let message = format!(
            "{files} files are in circles of imports ({allowed} allowed): {}",
            listed.join("; ")
        );
        fault(name, message)
    })
}

fn fault(place: &str, message: String) -> Fault {
    Fault {
        place: place.to_owned(),
        message,
    }
}
