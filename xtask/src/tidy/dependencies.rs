//! Licence and source of every crate that ours depend on, whatever the platform or the feature.

use std::path::Path;

use anyhow::{Context, Result};
use cargo_metadata::{CargoOpt, MetadataCommand};

use super::{Fault, licence};

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// What tidy wants to know of a crate that others wrote.
#[derive(Clone, Debug)]
pub struct Dependency {
    /// Name and version, as `name 1.2.3`.
    pub name: String,
    /// The licence expression of its manifest.
    pub licence: Option<String>,
    /// Where cargo takes it from; ours have none.
    pub source: Option<String>,
}

/// Every crate of the resolved graph that is not in this tree.
pub fn read(root: &Path) -> Result<Vec<Dependency>> {
    let metadata = MetadataCommand::new()
        .current_dir(root)
        .features(CargoOpt::AllFeatures)
        .other_options(vec!["--locked".to_owned()])
        .exec()
        .context("cargo cannot resolve the dependencies by Cargo.lock")?;
    let others = metadata
        .packages
        .iter()
        .filter(|package| !metadata.workspace_members.contains(&package.id));
    Ok(others
        .map(|package| Dependency {
            name: format!("{} {}", package.name, package.version),
            licence: package.license.clone(),
            source: package.source.as_ref().map(ToString::to_string),
        })
        .collect())
}

/// Every dependency with a licence that is not allowed, or from elsewhere than crates.io.
pub fn faults(dependencies: &[Dependency]) -> Vec<Fault> {
    dependencies
        .iter()
        .flat_map(|dependency| [licence_fault(dependency), source_fault(dependency)])
        .flatten()
        .collect()
}

fn licence_fault(dependency: &Dependency) -> Option<Fault> {
    let message = match &dependency.licence {
        None => "declares no licence".to_owned(),
        Some(expression) if licence::is_allowed(expression) => return None,
        Some(expression) => {
            format!("its licence `{expression}` is not on the list of those allowed")
        }
    };
    Some(Fault {
        place: dependency.name.clone(),
        message,
    })
}

fn source_fault(dependency: &Dependency) -> Option<Fault> {
    let message = match dependency.source.as_deref() {
        Some(CRATES_IO) => return None,
        Some(elsewhere) => format!("comes from {elsewhere}; only crates.io is allowed"),
        None => "comes from a path outside of the workspace; only crates.io is allowed".to_owned(),
    };
    Some(Fault {
        place: dependency.name.clone(),
        message,
    })
}
