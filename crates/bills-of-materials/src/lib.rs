//! Bills of materials: what each artifact is made of, as a CycloneDX document. The same sources give
//! the same bytes: a document has neither a number of its own nor a time.

mod crates;
mod document;
mod packages;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use document::{Component, Dependency, Document, Hash, Kind, Licence, Scope};

pub use crates::Crates;
pub use packages::of_console;

/// What an artifact is made of.
#[derive(Clone, Debug, Default)]
struct Bill {
    /// Every part, by its reference.
    parts: BTreeMap<String, Part>,
    /// What needs what, by references.
    needs: BTreeMap<String, BTreeSet<String>>,
}

/// One part: a crate or a package, ours or somebody else's.
#[derive(Clone, Debug)]
struct Part {
    name: String,
    version: String,
    licence: Option<String>,
    /// Its address in a registry; ours have none.
    address: Option<String>,
    hash: Option<Hash>,
    scope: Scope,
}

impl Bill {
    /// The document about the part of this reference, which is the artifact itself.
    fn document(mut self, artifact: &str, reference: &str) -> Result<Vec<u8>> {
        let subject = self.parts.remove(reference);
        let subject = subject.with_context(|| format!("nothing is known of {artifact}"))?;
        let subject = Component {
            kind: Kind::Application,
            name: artifact.to_owned(),
            scope: None,
            ..component(reference.to_owned(), subject)
        };
        let parts = self.parts.into_iter();
        let parts = parts.map(|(reference, part)| component(reference, part));
        let needs = self.needs.into_iter();
        let needs = needs.map(|(reference, needed)| Dependency {
            reference,
            needed: needed.into_iter().collect(),
        });
        let document = Document::of(subject, parts.collect(), needs.collect());
        serde_json::to_vec_pretty(&document)
            .with_context(|| format!("the bill of materials of {artifact}"))
    }
}

fn component(reference: String, part: Part) -> Component {
    let licence = part.licence.map(|licence| Licence {
        // How crates wrote a choice before there were expressions.
        expression: licence.replace('/', " OR "),
    });
    Component {
        kind: Kind::Library,
        reference,
        name: part.name,
        version: part.version,
        scope: Some(part.scope),
        hashes: part.hash.into_iter().collect(),
        licenses: licence.into_iter().collect(),
        purl: part.address,
    }
}
