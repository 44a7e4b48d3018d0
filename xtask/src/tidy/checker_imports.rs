//! The checker of the simulation shares no code with the product: its files import what is listed
//! here, and nothing else.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;
use syn::visit::{self, Visit};
use syn::{ItemExternCrate, ItemUse, Macro, UseTree};

use super::fault::Fault;
use crate::workspace;

/// The crate of the checker.
const CRATE: &str = "crates/simulation";

/// Files of the crate, as a module, and what they may import: a crate, or a module of their own.
const ROOMS: [(&str, &[&str]); 2] = [
    (
        "checker",
        &[
            "std",
            "drs_simulator",
            "jiff",
            "serde_json",
            "crate::checker",
            "crate::facts",
        ],
    ),
    ("facts", &["std", "jiff"]),
];

#[derive(Deserialize)]
struct Manifest {
    #[serde(default)]
    dependencies: toml::Table,
}

/// Every import of the checker that is not on its list, and a list whose files are gone.
pub fn faults_of_tree(root: &Path) -> Result<Vec<Fault>> {
    let folder = root.join(CRATE);
    let manifest = folder.join("Cargo.toml");
    if !manifest.exists() {
        return Ok(Vec::new());
    }
    let text = std::fs::read_to_string(&manifest).with_context(|| format!("{CRATE}/Cargo.toml"))?;
    let manifest: Manifest =
        toml::from_str(&text).with_context(|| format!("{CRATE}/Cargo.toml"))?;
    let crates: BTreeSet<String> = manifest
        .dependencies
        .keys()
        .map(|name| name.replace('-', "_"))
        .collect();
    let source = folder.join("src");
    let mut faults = Vec::new();
    for (room, allowed) in ROOMS {
        let mut found = 0;
        for file in workspace::files(&source)? {
            let name = file.strip_prefix(&source).unwrap_or(&file);
            let module = module_of(name);
            if module.first().map(String::as_str) != Some(room) {
                continue;
            }
            found += 1;
            let place = format!("{CRATE}/src/{}", name.display());
            let text = std::fs::read_to_string(&file).with_context(|| place.clone())?;
            let refused =
                refused(&text, &module, &crates, allowed).with_context(|| place.clone())?;
            faults.extend(refused.into_iter().map(|path| Fault {
                place: place.clone(),
                message: format!("the checker may not use {path}: it judges by rules of its own"),
            }));
        }
        if found == 0 {
            faults.push(Fault {
                place: CRATE.to_owned(),
                message: format!("there is no module {room}, whose imports are limited"),
            });
        }
    }
    Ok(faults)
}

/// The paths of a file, which is this module, that are not allowed. `crates` are the names of all
/// crates that the file could import.
pub fn refused(
    text: &str,
    module: &[String],
    crates: &BTreeSet<String>,
    allowed: &[&str],
) -> Result<BTreeSet<String>> {
    let file = syn::parse_file(text).context("this is no Rust")?;
    let mut reader = Reader {
        module: module.to_vec(),
        paths: BTreeSet::new(),
    };
    reader.visit_file(&file);
    let is_allowed = |path: &[String]| {
        let listed = |listed: &&str| {
            let listed: Vec<&str> = listed.split("::").collect();
            path.len() >= listed.len() && path.iter().zip(&listed).all(|(one, two)| one == two)
        };
        let leads_away = path[0] == "crate" || crates.contains(&path[0]);
        !leads_away || allowed.iter().any(listed)
    };
    let refused = reader.paths.into_iter().filter(|path| !is_allowed(path));
    Ok(refused.map(|path| path.join("::")).collect())
}

/// Every path of a file, in whole words: one into the own crate begins with `crate`.
struct Reader {
    module: Vec<String>,
    paths: BTreeSet<Vec<String>>,
}

impl Reader {
    fn add(&mut self, path: &[String]) {
        let mut from = self.module.clone();
        let mut rest = path;
        let is_relative = match path.first().map(String::as_str) {
            Some("self" | "super") => true,
            Some(_) | None => false,
        };
        if is_relative && rest[0] == "self" {
            rest = &rest[1..];
        }
        while is_relative && rest.first().is_some_and(|word| word == "super") {
            from.pop();
            rest = &rest[1..];
        }
        let path = if is_relative {
            let root = ["crate".to_owned()].into_iter();
            root.chain(from).chain(rest.iter().cloned()).collect()
        } else {
            rest.to_vec()
        };
        if !path.is_empty() {
            self.paths.insert(path);
        }
    }

    fn import(&mut self, tree: &UseTree, before: &[String]) {
        let with = |name: &syn::Ident| {
            let mut path = before.to_vec();
            path.push(name.to_string());
            path
        };
        match tree {
            UseTree::Path(path) => self.import(&path.tree, &with(&path.ident)),
            UseTree::Group(group) => {
                for item in &group.items {
                    self.import(item, before);
                }
            }
            UseTree::Name(name) => self.add(&with(&name.ident)),
            UseTree::Rename(rename) => self.add(&with(&rename.ident)),
            UseTree::Glob(_) => self.add(before),
        }
    }

    /// The paths in what a macro is given: words with `::` between them.
    fn read_tokens(&mut self, text: &str) {
        let is_word = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':';
        let text = text.replace(" :: ", "::");
        for word in text.split(|letter| !is_word(letter)) {
            let words: Vec<String> = word
                .split("::")
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect();
            if word.contains("::") && !words.is_empty() {
                self.add(&words);
            }
        }
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.import(&item.tree, &[]);
    }

    fn visit_item_extern_crate(&mut self, item: &'ast ItemExternCrate) {
        self.add(&[item.ident.to_string()]);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let words: Vec<String> = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        if words.len() > 1 {
            self.add(&words);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast Macro) {
        self.read_tokens(&item.tokens.to_string());
        visit::visit_macro(self, item);
    }

    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {
        // `pub(in path)` and `pub(super)` say who may use, and use nothing.
    }
}

/// The module of a file, given its path below `src`.
fn module_of(name: &Path) -> Vec<String> {
    let stem = name.with_extension("");
    let words = stem.iter().map(|word| word.to_string_lossy().into_owned());
    words.filter(|word| word != "mod").collect()
}
