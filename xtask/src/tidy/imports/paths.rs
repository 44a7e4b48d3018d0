//! What one file says of others: the paths that it uses, the names that it hands on, and the names
//! that it defines.

use std::collections::BTreeSet;

use syn::visit::{self, Visit};
use syn::{ItemMod, ItemUse, UseTree, Visibility};

/// A path from the root of the crate, as its words.
pub(super) type Words = Vec<String>;

/// What is read of one file.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    /// Paths that are used, from the root of the crate. The first word may be another crate's.
    pub(super) used: BTreeSet<Words>,
    /// Names that are handed on, each with the path that it stands for; `*` hands on all.
    pub(super) handed_on: Vec<(String, Words)>,
    /// Names of items.
    pub(super) defined: BTreeSet<String>,
}

/// Reads a file that is this module.
pub(super) fn read(file: &syn::File, module: &Words) -> Said {
    let mut reader = Reader {
        module: module.clone(),
        said: Said::default(),
    };
    reader.visit_file(file);
    reader.said
}

struct Reader {
    /// The module that is read, those within the file included.
    module: Words,
    said: Said,
}

impl Reader {
    /// A path from the root of the crate; nothing for what begins with a name of another place.
    fn absolute(&self, path: &[String]) -> Words {
        let mut from = self.module.clone();
        let mut rest = path;
        match path.first().map(String::as_str) {
            Some("crate") => {
                from.clear();
                rest = &path[1..];
            }
            Some("self") => rest = &path[1..],
            _ => {}
        }
        while rest.first().is_some_and(|word| word == "super") {
            from.pop();
            rest = &rest[1..];
        }
        from.extend(rest.iter().cloned());
        from
    }

    fn import(&mut self, tree: &UseTree, before: &mut Words, visibility: &Visibility) {
        match tree {
            UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.import(&path.tree, before, visibility);
                before.pop();
            }
            UseTree::Group(group) => {
                for item in &group.items {
                    self.import(item, before, visibility);
                }
            }
            UseTree::Name(name) => {
                let name = name.ident.to_string();
                self.import_name(&name.clone(), &name, before, visibility);
            }
            UseTree::Rename(rename) => {
                let (name, new) = (rename.ident.to_string(), rename.rename.to_string());
                self.import_name(&name, &new, before, visibility);
            }
            UseTree::Glob(_) => self.import_name("*", "*", before, visibility),
        }
    }

    fn import_name(&mut self, name: &str, new: &str, before: &Words, visibility: &Visibility) {
        let mut path = before.clone();
        if name != "self" {
            path.push(name.to_owned());
        }
        let path = self.absolute(&path);
        if matches!(visibility, Visibility::Inherited) {
            self.said.used.insert(path);
        } else {
            self.said.handed_on.push((new.to_owned(), path));
        }
    }
}

impl<'ast> Visit<'ast> for Reader {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the enum is another's, and grows with the language"
    )]
    fn visit_item(&mut self, item: &'ast syn::Item) {
        let name = match item {
            syn::Item::Const(item) => Some(&item.ident),
            syn::Item::Enum(item) => Some(&item.ident),
            syn::Item::Fn(item) => Some(&item.sig.ident),
            syn::Item::Static(item) => Some(&item.ident),
            syn::Item::Struct(item) => Some(&item.ident),
            syn::Item::Trait(item) => Some(&item.ident),
            syn::Item::Type(item) => Some(&item.ident),
            syn::Item::Macro(item) => item.ident.as_ref(),
            _ => None,
        };
        self.said.defined.extend(name.map(ToString::to_string));
        visit::visit_item(self, item);
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.import(&item.tree, &mut Vec::new(), &item.vis);
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        if item.content.is_none() {
            return;
        }
        self.module.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let words: Words = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        if words.len() > 1 {
            self.said.used.insert(self.absolute(&words));
        }
        visit::visit_path(self, path);
    }

    fn visit_visibility(&mut self, _: &'ast Visibility) {
        // `pub(in path)` and `pub(super)` say who may use, and use nothing.
    }
}
