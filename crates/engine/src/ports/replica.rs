//! The place in another Region where groups and plans are kept, for the day on which this one is lost.

use std::fmt::Debug;

use async_trait::async_trait;

/// Where the export of groups and plans is kept.
#[async_trait]
pub trait Replica: Send + Sync + Debug {
    /// Digest of the export that lies there; nothing where none lies there yet.
    async fn digest(&self) -> Result<Option<String>, ReplicaError>;

    /// Replaces the export. Its digest is kept with it.
    async fn put(&self, export: &ExportedText) -> Result<(), ReplicaError>;
}

/// An export as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedText {
    /// A JSON document.
    pub text: String,
    /// SHA-256 of the text, in hexadecimal digits.
    pub digest: String,
}

/// The replica could not be read or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ReplicaError(pub String);
