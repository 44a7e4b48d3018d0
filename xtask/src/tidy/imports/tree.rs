//! The modules of a crate, and where a path leads among them.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};

use super::paths::{Said, Words, read};
use crate::workspace;

/// How many names a name may be handed on by: more is a circle of `pub use`.
const STEPS_MAX: usize = 16;

/// One file.
#[derive(Clone, Debug)]
pub(super) struct File {
    /// Its path below `src`.
    pub(super) name: String,
    /// The paths that it uses, from the root of the crate.
    pub(super) paths: Vec<Words>,
    said: Said,
}

/// All files, by their modules.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree(BTreeMap<Words, File>);

impl Tree {
    /// Reads every file below `src`. A program's own file, beside the library, is no part of it.
    pub(super) fn read(source: &Path) -> Result<Self> {
        let mut tree = Self::default();
        let has_library = source.join("lib.rs").exists();
        for place in workspace::files(source)? {
            let name = place.strip_prefix(source).unwrap_or(&place);
            let name = name.display().to_string();
            let is_program = name.starts_with("bin/") || (has_library && name == "main.rs");
            let Some(stem) = name.strip_suffix(".rs").filter(|_| !is_program) else {
                continue;
            };
            let module = module_of(stem);
            let text = std::fs::read_to_string(&place)
                .with_context(|| format!("{} cannot be read", place.display()))?;
            let parsed = syn::parse_file(&text)
                .with_context(|| format!("{} is no Rust", place.display()))?;
            let said = read(&parsed, &module);
            let paths = said.used.iter().cloned().collect();
            tree.0.insert(module, File { name, paths, said });
        }
        Ok(tree)
    }

    /// Every file, in the order of their modules.
    pub(super) fn files(&self) -> impl Iterator<Item = &File> {
        self.0.values()
    }

    /// The file where what a path names stands, or the one that it leads into, where a macro may have
    /// made the name. A path into another crate leads no further than the file that uses it.
    pub(super) fn file_of(&self, path: &Words) -> Option<&str> {
        let deepest = self.deepest(path).map(|(_, file)| file.name.as_str());
        self.definition(path, STEPS_MAX).or(deepest)
    }

    /// The last module on a path, and how many words lead to it.
    fn deepest(&self, path: &Words) -> Option<(usize, &File)> {
        let mut lengths = (0..=path.len()).rev();
        lengths.find_map(|length| Some((length, self.0.get(&path[..length])?)))
    }

    fn definition(&self, path: &Words, steps: usize) -> Option<&str> {
        let (length, file) = self.deepest(path)?;
        let Some(name) = path.get(length) else {
            return Some(&file.name);
        };
        if file.said.defined.contains(name) {
            return Some(&file.name);
        }
        let steps = steps.checked_sub(1)?;
        let mut handed_on = file.said.handed_on.iter();
        handed_on.find_map(|(new, target)| {
            let mut target = target.clone();
            if new == "*" {
                target.pop();
                target.push(name.clone());
            } else if new != name {
                return None;
            }
            target.extend(path[length + 1..].iter().cloned());
            self.definition(&target, steps)
        })
    }
}

/// The module of a file, given its path below `src` without the extension.
fn module_of(stem: &str) -> Words {
    let mut words: Words = stem.split('/').map(str::to_owned).collect();
    if matches!(
        words.last().map(String::as_str),
        Some("lib" | "main" | "mod")
    ) {
        words.pop();
    }
    words
}
