//! Somebody who is told: over a bus that others can subscribe to.

use std::fmt::Debug;

use async_trait::async_trait;

use super::execution_store::OutboxEntry;

/// Where notices go.
#[async_trait]
pub trait Notifier: Send + Sync + Debug {
    /// Sends one notice. It may be sent twice; its execution and number tell.
    async fn send(&self, entry: &OutboxEntry) -> Result<(), NotifyError>;
}

/// A notice could not be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the notice could not be sent: {0}")]
pub struct NotifyError(pub String);
