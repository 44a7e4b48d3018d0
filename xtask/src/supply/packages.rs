//! Licences of the packages from npm that go into the console, as its lock file names them.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::Deserialize;
use spdx::{Expression, Licensee};

use crate::tidy::Fault;

/// Licences of packages that no crate has: as undemanding as those of `deny.toml`. tslib has this one.
const OF_PACKAGES: [&str; 1] = ["0BSD"];

/// The part of `deny.toml` that says which licences are allowed.
#[derive(Deserialize)]
struct Rules {
    licenses: Licences,
}

#[derive(Deserialize)]
struct Licences {
    allow: Vec<String>,
}

/// A lock file of npm, version 3.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Lock {
    lockfile_version: u32,
    packages: BTreeMap<String, Package>,
}

#[derive(Deserialize)]
struct Package {
    version: Option<String>,
    license: Option<String>,
    #[serde(default)]
    dev: Needed,
}

/// Whether only development needs it: such a package is never shipped.
#[derive(Clone, Copy, Default, Deserialize, Eq, PartialEq)]
#[serde(from = "bool")]
enum Needed {
    #[default]
    Shipped,
    ForDevelopment,
}

impl From<bool> for Needed {
    fn from(dev: bool) -> Self {
        if dev {
            Self::ForDevelopment
        } else {
            Self::Shipped
        }
    }
}

/// The licences that packages may have: those that `deny.toml` allows, and those of packages alone.
pub fn allowed(rules: &str) -> Result<Vec<Licensee>> {
    let rules: Rules = toml::from_str(rules).context(super::RULES)?;
    let of_crates = rules.licenses.allow.iter().map(String::as_str);
    let all = of_crates.chain(OF_PACKAGES);
    all.map(|name| Licensee::parse(name).with_context(|| format!("`{name}` is no licence")))
        .collect()
}

/// Every package that is shipped with a licence that is not allowed, or with none.
pub fn faults(lock: &str, allowed: &[Licensee]) -> Result<Vec<Fault>> {
    let lock: Lock = serde_json::from_str(lock).context("the lock file of the console")?;
    anyhow::ensure!(
        lock.lockfile_version == 3,
        "the lock file of the console has version {}, and only 3 names licences",
        lock.lockfile_version
    );
    let shipped = lock.packages.into_iter();
    let shipped =
        shipped.filter(|(path, package)| !path.is_empty() && package.dev == Needed::Shipped);
    Ok(shipped
        .filter_map(|(path, package)| {
            let name = path.rsplit("node_modules/").next().unwrap_or(&path);
            let version = package.version.as_deref().unwrap_or("without a version");
            Some(Fault {
                place: format!("{name} {version}"),
                message: fault(package.license.as_deref(), allowed)?,
            })
        })
        .collect())
}

fn fault(licence: Option<&str>, allowed: &[Licensee]) -> Option<String> {
    let Some(licence) = licence else {
        return Some("declares no licence".to_owned());
    };
    let Ok(expression) = Expression::parse(licence) else {
        return Some(format!("its licence `{licence}` cannot be read"));
    };
    let is_allowed = |requirement: &spdx::LicenseReq| {
        allowed
            .iter()
            .any(|licensee| licensee.satisfies(requirement))
    };
    if expression.evaluate(is_allowed) {
        return None;
    }
    Some(format!(
        "its licence `{licence}` is not on the list of those allowed (deny.toml)"
    ))
}
