//! Which file of a crate imports which: read from the sources, as the compiler resolves paths.
//!
//! A file that only hands a name on (`pub use`) imports nothing by that: whoever takes the name from
//! there imports the file where it stands. What macros are given is not read.

mod paths;
mod tree;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Result;

use tree::Tree;

/// The imports of one crate: which files each file imports, by their paths below `src`.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Imports(pub BTreeMap<String, BTreeSet<String>>);

impl Imports {
    /// Reads the sources of a crate, given its `src` folder.
    pub fn read(source: &Path) -> Result<Self> {
        let tree = Tree::read(source)?;
        let imports = tree.files().map(|file| {
            let found = file.paths.iter();
            let found = found.filter_map(|path| tree.file_of(path));
            let others = found.filter(|other| *other != file.name);
            (file.name.clone(), others.map(str::to_owned).collect())
        });
        Ok(Self(imports.collect()))
    }

    /// Every circle: files that import each other, directly or by others.
    pub fn circles(&self) -> Vec<Vec<&str>> {
        let reached: BTreeMap<&str, BTreeSet<&str>> = self
            .0
            .keys()
            .map(|file| (file.as_str(), self.reached(file)))
            .collect();
        let imports = |from: &str, to: &str| reached.get(from).is_some_and(|all| all.contains(to));
        let mut circles: BTreeSet<Vec<&str>> = BTreeSet::new();
        for (file, others) in &reached {
            if others.contains(file) {
                let circle = others.iter().copied();
                circles.insert(circle.filter(|other| imports(other, file)).collect());
            }
        }
        circles.into_iter().collect()
    }

    /// Every file that is imported from here on, directly or by others.
    fn reached(&self, file: &str) -> BTreeSet<&str> {
        let imported = |file: &str| self.0.get(file).into_iter().flatten().map(String::as_str);
        let mut open: Vec<&str> = imported(file).collect();
        let mut reached = BTreeSet::new();
        while let Some(next) = open.pop() {
            if reached.insert(next) {
                open.extend(imported(next));
            }
        }
        reached
    }
}
