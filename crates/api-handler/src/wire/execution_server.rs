//! One server of an execution with all that is known of it, on the wire.

use domain::WaveKey;
use domain::execution::{Batch, Server};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::execution::CleanUpInstanceView;
use super::wave::ServerView;

/// One server of an execution, with its wave and with what the clean-up does with its instances.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ExecutionServer)]
pub(crate) struct ExecutionServerView {
    wave_key: String,
    #[serde(flatten)]
    server: ServerView,
    /// Instances that the clean-up has on its list for this server.
    clean_up_instances: Vec<CleanUpInstanceView>,
}

impl ExecutionServerView {
    pub(crate) fn of(
        wave: &WaveKey,
        (server, batch): (&Server, &Batch),
        observed_at: Option<Timestamp>,
        clean_up_instances: Vec<CleanUpInstanceView>,
    ) -> Self {
        Self {
            wave_key: wave.to_string(),
            server: ServerView::in_batch(server, batch, observed_at),
            clean_up_instances,
        }
    }
}
