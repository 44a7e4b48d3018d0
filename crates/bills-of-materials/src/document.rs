//! The document, as CycloneDX 1.6 lays it out: the members that a bill of materials needs.

use serde::Serialize;

/// The whole document.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Document {
    bom_format: &'static str,
    spec_version: &'static str,
    /// Of this document: it is written once for its content.
    version: u32,
    pub(super) metadata: Metadata,
    pub(super) components: Vec<Component>,
    pub(super) dependencies: Vec<Dependency>,
}

/// What the document is about.
#[derive(Debug, Serialize)]
pub(super) struct Metadata {
    pub(super) component: Component,
}

/// One part.
#[derive(Debug, Serialize)]
pub(super) struct Component {
    #[serde(rename = "type")]
    pub(super) kind: Kind,
    #[serde(rename = "bom-ref")]
    pub(super) reference: String,
    pub(super) name: String,
    pub(super) version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) scope: Option<Scope>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) hashes: Vec<Hash>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) licenses: Vec<Licence>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) purl: Option<String>,
}

/// What kind of thing a part is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    /// What the document is about.
    Application,
    /// Everything else.
    Library,
}

/// Whether a part is in the artifact.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Scope {
    /// It is.
    Required,
    /// It only runs while the artifact is built.
    Excluded,
}

/// What a lock file says that a part weighs.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Hash {
    pub(super) alg: &'static str,
    pub(super) content: String,
}

/// An expression of SPDX.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Licence {
    pub(super) expression: String,
}

/// What one part needs.
#[derive(Debug, Serialize)]
pub(super) struct Dependency {
    #[serde(rename = "ref")]
    pub(super) reference: String,
    #[serde(rename = "dependsOn")]
    pub(super) needed: Vec<String>,
}

impl Document {
    /// Without a serial number and a time, which would differ each time that it is written.
    pub(super) fn of(
        component: Component,
        components: Vec<Component>,
        dependencies: Vec<Dependency>,
    ) -> Self {
        Self {
            bom_format: "CycloneDX",
            spec_version: "1.6",
            version: 1,
            metadata: Metadata { component },
            components,
            dependencies,
        }
    }
}
