//! The packages that the console is made of, as its lock file names them: what only development
//! needs is no part of it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;

use super::document::{Hash, Scope};
use super::{Bill, Part};

/// The folder of packages in a package's folder.
const MODULES: &str = "node_modules/";

/// A lock file of npm, version 3; the package of an empty path is the console.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Lock {
    lockfile_version: u32,
    packages: BTreeMap<String, Package>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Package {
    name: Option<String>,
    version: Option<String>,
    license: Option<String>,
    integrity: Option<String>,
    #[serde(default)]
    dev: bool,
    #[serde(default)]
    dependencies: BTreeMap<String, String>,
    #[serde(default)]
    optional_dependencies: BTreeMap<String, String>,
    #[serde(default)]
    peer_dependencies: BTreeMap<String, String>,
}

/// The document about the console.
pub fn of_console(artifact: &str, lock: &str) -> Result<Vec<u8>> {
    let lock: Lock = serde_json::from_str(lock).context("the lock file of the console")?;
    ensure!(
        lock.lockfile_version == 3,
        "the lock file of the console has version {}, and only 3 names licences",
        lock.lockfile_version
    );
    let mut bill = Bill::default();
    let mut console = String::new();
    for (path, package) in lock.packages.iter().filter(|(_, package)| !package.dev) {
        let (reference, part) = part(path, package)?;
        let wanted = package.dependencies.keys();
        let wanted = wanted.chain(package.optional_dependencies.keys());
        let wanted = wanted.chain(package.peer_dependencies.keys());
        let needed = wanted.filter_map(|name| found(&lock.packages, path, name));
        let needs = needed
            .map(|(path, package)| part_reference(path, package))
            .collect::<Result<BTreeSet<String>>>()?;
        if path.is_empty() {
            console.clone_from(&reference);
        }
        // A version that lies in two folders is one part, which needs what both found.
        bill.needs
            .entry(reference.clone())
            .or_default()
            .extend(needs);
        bill.parts.insert(reference, part);
    }
    bill.document(artifact, &console)
}

/// What a name means to the package in this folder: the nearest of that name, as Node.js looks.
fn found<'a>(
    packages: &'a BTreeMap<String, Package>,
    path: &str,
    name: &str,
) -> Option<(&'a str, &'a Package)> {
    let mut folder = path;
    loop {
        let below = if folder.is_empty() { "" } else { "/" };
        let place = format!("{folder}{below}{MODULES}{name}");
        if let Some((place, package)) = packages.get_key_value(&place) {
            return (!package.dev).then_some((place.as_str(), package));
        }
        if folder.is_empty() {
            return None;
        }
        folder = folder
            .rfind(MODULES)
            .map_or("", |at| folder[..at].trim_end_matches('/'));
    }
}

fn part(path: &str, package: &Package) -> Result<(String, Part)> {
    let (name, version) = named(path, package)?;
    let address = (!path.is_empty()).then(|| {
        let encoded = name.replacen('@', "%40", 1);
        format!("pkg:npm/{encoded}@{version}")
    });
    let part = Part {
        name: name.to_owned(),
        version: version.to_owned(),
        licence: package.license.clone(),
        address,
        hash: package.integrity.as_deref().and_then(hash),
        scope: Scope::Required,
    };
    Ok((format!("{name}@{version}"), part))
}

fn part_reference(path: &str, package: &Package) -> Result<String> {
    let (name, version) = named(path, package)?;
    Ok(format!("{name}@{version}"))
}

fn named<'a>(path: &'a str, package: &'a Package) -> Result<(&'a str, &'a str)> {
    let of_path = path.rsplit_once(MODULES).map(|(_, name)| name);
    let name = package.name.as_deref().or(of_path);
    let name = name.with_context(|| format!("the package at `{path}` has no name"))?;
    let version = package.version.as_deref();
    let version = version.with_context(|| format!("the package {name} has no version"))?;
    Ok((name, version))
}

/// `sha512-` and the digest in Base64; what is said in another way is left out.
fn hash(integrity: &str) -> Option<Hash> {
    let encoded = integrity.strip_prefix("sha512-")?;
    let bytes = BASE64_STANDARD.decode(encoded).ok()?;
    Some(Hash {
        alg: "SHA-512",
        content: hex::encode(bytes),
    })
}
