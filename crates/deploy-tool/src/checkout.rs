//! A checkout of the sources: its commit, its files, and what each artifact is built of.

mod build;
mod closure;
mod glibc;
mod secrets;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use bills_of_materials::{Crates, of_console};
use deployment::cloud::Keys;
use deployment::manifest::Manifest;
use deployment::release::{
    self, Body, CONSOLE, DEFINITION, FUNCTIONS, Object, Provenance, Release, TOOL, Tree,
};

pub use build::Builder;
pub use glibc::newest_needed;
pub use secrets::Secret;

/// The package of this tool.
const PACKAGE: &str = "deploy-tool";
/// Folders that hold what others made.
const NOT_OURS: [&str; 5] = [".git", "target", "node_modules", "dist", "test-results"];

/// The sources on this machine.
#[derive(Clone, Debug)]
pub struct Checkout {
    root: PathBuf,
    builder: Builder,
    files: BTreeMap<String, Object>,
    provenance: Provenance,
}

/// What the bucket says that it holds, and what it holds.
#[derive(Clone, Copy, Debug)]
pub struct Stored<'a> {
    /// Its manifest.
    pub manifest: &'a Manifest,
    /// Its objects.
    pub keys: &'a Keys,
}

impl Stored<'_> {
    fn has(&self, object: &Object) -> bool {
        let before = Some(self.manifest);
        Manifest::is_stored(before, &object.key, object.size, Some(self.keys))
    }
}

impl Checkout {
    /// Reads commit, tree and the content of every file.
    pub fn read(root: &Path, builder: Builder) -> Result<Self> {
        let root = root
            .canonicalize()
            .with_context(|| root.display().to_string())?;
        let mut files = BTreeMap::new();
        for name in names(&root)? {
            let prefix = if name.starts_with("frontend/") {
                "frontend"
            } else {
                "lambda"
            };
            files.insert(
                name.clone(),
                release::source(prefix, &name, &root.join(&name))?,
            );
        }
        Ok(Self {
            provenance: provenance(&root),
            root,
            builder,
            files,
        })
    }

    /// Commit and tree.
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// Refuses a checkout with a secret in it, by the places of all that it has.
    pub fn refuse_secrets(&self) -> Result<()> {
        let secrets = secrets::find(&self.root, self.files.keys())?;
        if secrets.is_empty() {
            return Ok(());
        }
        let places = secrets.iter().map(|secret| {
            let Secret { file, line, kind } = secret;
            format!("\n  {file}:{line}: {kind}")
        });
        let places: String = places.collect();
        bail!(
            "the sources go into the bucket, and there are secrets in them:{places}\nTake them out, \
             or let git ignore the files that hold them. A secret that was ever pushed is known: make \
             it anew."
        )
    }

    /// The release, as far as it is known without building: what was built of the same sources
    /// before is taken from the bucket.
    pub fn release(&self, stored: Option<&Stored<'_>>) -> Result<Release> {
        let templates = self.root.join("cfn");
        let functions = FUNCTIONS.iter().map(|name| self.artifact(name, stored));
        let (console, console_files) = self.console(stored)?;
        Ok(Release {
            templates: release::read_templates(&templates)?,
            definition: release::template(&templates, DEFINITION)?,
            functions: functions.collect::<Result<_>>()?,
            console,
            console_files,
            tool: Some(self.artifact(TOOL, stored)?),
            sources: self.files.values().cloned().collect(),
            bills: self.bills()?,
            provenance: Some(self.provenance.clone()),
        })
    }

    /// Builds what the release lacks, all programs at once, and puts it into the release.
    pub fn build(&self, release: &mut Release, tell: &dyn Fn(&str)) -> Result<()> {
        let missing = release
            .artifacts_mut()
            .filter(|artifact| is_unbuilt(artifact));
        let mut missing: Vec<&mut Object> = missing.collect();
        let programs = missing.iter().map(|artifact| artifact.name.clone());
        let programs: Vec<String> = programs.filter(|name| name != CONSOLE).collect();
        self.builder.programs(&self.root, &programs, tell)?;
        for artifact in &mut missing {
            let source = artifact.source.clone();
            let file = self.builder.pack(&self.root, &artifact.name, tell)?;
            **artifact = Object {
                source,
                ..release::artifact(&artifact.name, &file)?
            };
        }
        if let Body::File(file) = &release.console.body {
            let archive = std::fs::read(file).with_context(|| file.display().to_string())?;
            release.console_files = release::console_files(&archive)?;
        }
        Ok(())
    }

    /// The bill of materials of each artifact. The lock files decide it, so it is known before
    /// anything is built.
    fn bills(&self) -> Result<Vec<Object>> {
        let programs = || FUNCTIONS.iter().chain([&TOOL]);
        let packages: Vec<&str> = programs().map(|program| package(program)).collect();
        let crates = Crates::read(&self.root, &packages, self.builder.target.triple())?;
        let lock = self.root.join("frontend/package-lock.json");
        let lock = std::fs::read_to_string(&lock).with_context(|| lock.display().to_string())?;
        let of_programs = programs().map(|program| {
            let document = crates.bill(package(program), program)?;
            Ok(release::bill(program, document))
        });
        let of_console =
            of_console(CONSOLE, &lock).map(|document| release::bill(CONSOLE, document));
        of_programs.chain([of_console]).collect()
    }

    /// The console with its files: both of one build, or neither. An earlier build's archive may
    /// still be there when its files are not.
    fn console(&self, stored: Option<&Stored<'_>>) -> Result<(Object, Vec<Object>)> {
        let console = self.artifact(CONSOLE, stored)?;
        let Some(stored) = stored.filter(|_| !is_unbuilt(&console)) else {
            return Ok((console, Vec::new()));
        };
        let files = stored.manifest.console_files();
        let newest = stored.manifest.object(CONSOLE, "artifacts/");
        let are_there = !files.is_empty() && files.iter().all(|file| stored.has(file));
        if newest.is_some_and(|newest| newest.key == console.key) && are_there {
            return Ok((console, files));
        }
        let source = console.source.unwrap_or_default();
        let because = "the bucket has its archive, and not its files";
        Ok((release::unbuilt(CONSOLE, &source, because), Vec::new()))
    }

    fn artifact(&self, name: &str, stored: Option<&Stored<'_>>) -> Result<Object> {
        let source = self.source_of(name)?;
        let manifest = stored.map(|stored| stored.manifest);
        let Some(build) = manifest.and_then(|manifest| manifest.built_of(name, &source)) else {
            let before = manifest.and_then(|manifest| manifest.object(name, "artifacts/"));
            let because = if before.is_some() {
                "its sources, or how it was built, are not those of the one in the bucket"
            } else {
                "the bucket has none"
            };
            return Ok(release::unbuilt(name, &source, because));
        };
        let object = Object {
            name: name.to_owned(),
            key: release::artifact_key(name, &build.sha256),
            sha256: build.sha256.clone(),
            size: build.size,
            body: Body::Stored,
            source: Some(source.clone()),
        };
        if stored.is_some_and(|stored| stored.has(&object)) {
            return Ok(object);
        }
        let because = "the bucket has lost it, or has it with another content";
        Ok(release::unbuilt(name, &source, because))
    }

    /// Digest of all that an artifact is built of, and of how.
    fn source_of(&self, name: &str) -> Result<String> {
        if let Some(digest) = self.builder.ready_made(name)? {
            return Ok(digest);
        }
        let mut parts = vec![self.builder.how(name)];
        let belongs: BTreeSet<String> = if name == CONSOLE {
            BTreeSet::from(["frontend/".to_owned()])
        } else {
            closure::folders(&self.root, package(name))?
        };
        let is_part = |path: &str| {
            let of_folder = |folder: &String| {
                path.strip_prefix(folder.as_str())
                    .is_some_and(|rest| !rest.starts_with("tests/"))
            };
            belongs.iter().any(of_folder) || (name != CONSOLE && closure::SHARED.contains(&path))
        };
        let files = self.files.iter().filter(|(path, _)| is_part(path));
        parts.extend(files.map(|(path, object)| format!("{path} {}", object.sha256)));
        Ok(release::digest(parts.join("\n").as_bytes()))
    }
}

/// The cargo package that a program comes from.
fn package(program: &str) -> &str {
    if program == TOOL { PACKAGE } else { program }
}

fn is_unbuilt(object: &Object) -> bool {
    matches!(object.body, Body::Unbuilt(_))
}

fn provenance(root: &Path) -> Provenance {
    let commit = git(root, &["rev-parse", "HEAD"]);
    let status = git(root, &["status", "--porcelain", "-z"]);
    match (commit, status) {
        (Some(commit), Some(status)) => Provenance {
            commit: commit.trim().to_owned(),
            tree: if status.is_empty() {
                Tree::Clean
            } else {
                Tree::Dirty
            },
        },
        _ => Provenance {
            commit: "unknown".to_owned(),
            tree: Tree::Dirty,
        },
    }
}

/// All files that people write, as git knows them; where there is no git, all that are no build's.
fn names(root: &Path) -> Result<Vec<String>> {
    let arguments = [
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ];
    let names = match git(root, &arguments) {
        Some(text) => text
            .split('\0')
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect(),
        None => walk(root, "")?,
    };
    let mut names: Vec<String> = names
        .into_iter()
        .filter(|name| root.join(name).is_file())
        .collect();
    names.sort();
    names.dedup();
    if !names.iter().any(|name| name == "Cargo.toml") {
        bail!("{} is no checkout of this product", root.display());
    }
    Ok(names)
}

fn git(root: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(arguments)
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn walk(root: &Path, below: &str) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let folder = root.join(below);
    for entry in std::fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
        let entry = entry.with_context(|| folder.display().to_string())?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if below.is_empty() {
            name.clone()
        } else {
            format!("{below}/{name}")
        };
        if !entry.path().is_dir() {
            found.push(path);
        } else if !NOT_OURS.contains(&name.as_str()) {
            found.extend(walk(root, &path)?);
        }
    }
    Ok(found)
}
