//! The crates that programs are made of, as cargo resolves them for the programs that are deployed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::document::{Hash, Scope};
use super::{Bill, Part};

/// What is in a program.
const IN_PROGRAMS: &str = "normal,no-proc-macro";
/// The same with what runs while it is built: macros and build scripts.
const IN_BUILDS: &str = "normal,build";

/// The crates of all programs.
#[derive(Clone, Debug)]
pub struct Crates {
    in_programs: Graph,
    in_builds: Graph,
    checksums: BTreeMap<String, String>,
}

/// Crates by `name@version`, and what each of them needs.
#[derive(Clone, Debug, Default)]
struct Graph {
    crates: BTreeMap<String, Crate>,
    needs: BTreeMap<String, BTreeSet<String>>,
}

#[derive(Clone, Debug)]
struct Crate {
    name: String,
    version: String,
    licence: Option<String>,
    whose: Whose,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Whose {
    /// It lies in this workspace.
    Ours,
    /// It comes from crates.io.
    Others,
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
    checksum: Option<String>,
}

impl Crates {
    /// Reads what these packages are made of when they are built together for this target, as they
    /// are.
    pub fn read(root: &Path, packages: &[&str], target: &str) -> Result<Self> {
        let file = root.join("Cargo.lock");
        let text = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        let lock: Lock = toml::from_str(&text).with_context(|| file.display().to_string())?;
        let checksums = lock.package.into_iter().filter_map(|locked| {
            let reference = reference(&locked.name, &locked.version);
            Some((reference, locked.checksum?))
        });
        Ok(Self {
            in_programs: graph(root, packages, target, IN_PROGRAMS)?,
            in_builds: graph(root, packages, target, IN_BUILDS)?,
            checksums: checksums.collect(),
        })
    }

    /// The document about one program of a package.
    pub fn bill(&self, package: &str, program: &str) -> Result<Vec<u8>> {
        let known = self.in_builds.crates.iter();
        let ours = known.filter(|(_, one)| one.whose == Whose::Ours && one.name == package);
        let Some(reference) = ours.map(|(reference, _)| reference.clone()).next() else {
            bail!("cargo knows no package {package}");
        };
        let in_program = self.in_programs.reached(&reference);
        let in_build = self.in_builds.reached(&reference);
        let mut bill = Bill::default();
        for reached in &in_build {
            let Some(one) = self.in_builds.crates.get(reached) else {
                bail!("cargo names {reached} and says nothing of it");
            };
            let scope = if in_program.contains(reached) {
                Scope::Required
            } else {
                Scope::Excluded
            };
            bill.parts
                .insert(reached.clone(), self.part(reached, one, scope));
            let needs = self.in_builds.needs.get(reached);
            bill.needs
                .insert(reached.clone(), needs.cloned().unwrap_or_default());
        }
        bill.document(program, &reference)
    }

    fn part(&self, reference: &str, one: &Crate, scope: Scope) -> Part {
        let address = match one.whose {
            Whose::Ours => None,
            Whose::Others => Some(format!("pkg:cargo/{reference}")),
        };
        let checksum = self.checksums.get(reference).cloned();
        Part {
            name: one.name.clone(),
            version: one.version.clone(),
            licence: one.licence.clone(),
            address,
            hash: checksum.map(|content| Hash {
                alg: "SHA-256",
                content,
            }),
            scope,
        }
    }
}

impl Graph {
    /// Everything that is needed from here on, this included.
    fn reached(&self, from: &str) -> BTreeSet<String> {
        let mut reached = BTreeSet::new();
        let mut wanted = vec![from.to_owned()];
        while let Some(reference) = wanted.pop() {
            if reached.insert(reference.clone()) {
                wanted.extend(self.needs.get(&reference).into_iter().flatten().cloned());
            }
        }
        reached
    }
}

fn reference(name: &str, version: &str) -> String {
    format!("{name}@{version}")
}

fn graph(root: &Path, packages: &[&str], target: &str, edges: &str) -> Result<Graph> {
    let mut command = Command::new("cargo");
    command.args(["tree", "--locked", "--quiet", "--prefix", "depth"]);
    command.args([
        "--format",
        "|{p}|{l}|",
        "--target",
        target,
        "--edges",
        edges,
    ]);
    for package in packages {
        command.args(["--package", package]);
    }
    let output = command
        .current_dir(root)
        .output()
        .context("cargo cannot be started")?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!(
            "cargo cannot say what the programs are made of: {}",
            said.trim()
        );
    }
    let text = String::from_utf8(output.stdout).context("what cargo says is no text")?;
    read(&text)
}

/// Reads what `cargo tree` prints. A crate's needs follow on its first line alone, whichever program
/// that belongs to.
fn read(text: &str) -> Result<Graph> {
    let mut graph = Graph::default();
    let mut above: Vec<String> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        let (depth, one) =
            read_line(line).with_context(|| format!("cargo says what cannot be read: {line}"))?;
        let reference = reference(&one.name, &one.version);
        above.truncate(depth);
        if let Some(parent) = above.last() {
            let needs = graph.needs.entry(parent.clone()).or_default();
            needs.insert(reference.clone());
        }
        graph.crates.insert(reference.clone(), one);
        above.push(reference);
    }
    Ok(graph)
}

/// `2|serde v1.0.229|MIT OR Apache-2.0|`, with `(proc-macro)` or a folder behind the version.
fn read_line(line: &str) -> Option<(usize, Crate)> {
    let mut fields = line.split('|');
    let depth = fields.next()?.parse().ok()?;
    let mut words = fields.next()?.split(' ');
    let name = words.next()?.to_owned();
    let version = words.next()?.strip_prefix('v')?.to_owned();
    let is_ours = words.any(|word| word.starts_with("(/"));
    let licence = Some(fields.next()?).filter(|licence| !licence.is_empty());
    let whose = if is_ours { Whose::Ours } else { Whose::Others };
    Some((
        depth,
        Crate {
            name,
            version,
            licence: licence.map(str::to_owned),
            whose,
        },
    ))
}
