//! Notices as events of our own on the default bus of `EventBridge`.

use async_trait::async_trait;
use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::types::PutEventsRequestEntry;
use engine::ports::execution_store::OutboxEntry;
use engine::ports::notifier::{Notifier, NotifyError};
use serde::Serialize;

use crate::failure::describe;

/// Longest text of an event, in bytes as JSON. An entry of the bus has 256 KB at most, and what
/// becomes of it as a mail or a message has no more
/// ([quotas](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html)).
const TEXT_BYTES_MAX: usize = 16_000;

/// The source of every event of ours.
const SOURCE: &str = "drs-orchestration";

/// The default bus of the deploying account and Region.
#[derive(Debug, Clone)]
pub struct EventBus {
    client: Client,
    environment: String,
}

impl EventBus {
    /// Events of this environment. Nothing is asked of the bus yet.
    pub fn new(client: Client, environment: String) -> Self {
        Self {
            client,
            environment,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Detail<'entry> {
    environment: &'entry str,
    notice_id: String,
    r#type: domain::execution::notice::NoticeKind,
    execution_id: &'entry str,
    recovery_plan_id: &'entry str,
    recovery_plan_name: &'entry str,
    kind: domain::Kind,
    wave_key: Option<&'entry str>,
    text: &'entry str,
    at: String,
}

#[async_trait]
impl Notifier for EventBus {
    async fn send(&self, entry: &OutboxEntry) -> Result<(), NotifyError> {
        let mut text = entry.notice.text.clone();
        domain::short::cut(&mut text, TEXT_BYTES_MAX);
        let detail = Detail {
            environment: &self.environment,
            notice_id: format!("{}/{}", entry.execution, entry.number),
            r#type: entry.notice.kind,
            execution_id: entry.execution.as_str(),
            recovery_plan_id: entry.plan.as_str(),
            recovery_plan_name: &entry.plan_name,
            kind: entry.kind,
            wave_key: entry.wave_key.as_deref(),
            text: &text,
            at: entry.at.to_string(),
        };
        let detail =
            serde_json::to_string(&detail).map_err(|error| NotifyError(error.to_string()))?;
        let event = PutEventsRequestEntry::builder()
            .source(SOURCE)
            .detail_type(entry.notice.kind.title())
            .detail(detail)
            .build();
        let answer = self
            .client
            .put_events()
            .entries(event)
            .send()
            .await
            .map_err(|error| NotifyError(describe(&error)))?;
        // The call succeeds also where the bus took nothing.
        match answer.entries().iter().find_map(|entry| entry.error_code()) {
            None => Ok(()),
            Some(code) => Err(NotifyError(format!("the event bus refused it: {code}"))),
        }
    }
}
