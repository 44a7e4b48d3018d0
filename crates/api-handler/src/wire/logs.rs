//! The event log and the job logs of an execution, on the wire.

use domain::JobId;
use domain::execution::Execution;
use engine::ports::drs::JobLogEntry;
use engine::ports::execution_store::StoredEvent;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::enumeration::EventCode;

/// One entry of the event log. Each entry's hash covers the one before.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ExecutionEvent)]
pub(crate) struct EventView {
    /// From 1.
    number: u64,
    at: Timestamp,
    /// What happened, for programs.
    code: EventCode,
    /// The wave it is about.
    #[schema(required = true)]
    wave_key: Option<String>,
    /// What happened, for people.
    detail: String,
    /// The person who did it.
    #[schema(required = true)]
    actor: Option<String>,
    /// SHA-256 in hexadecimal over the entry before's hash and this entry.
    hash: String,
    /// The hash of the entry before; empty for the first.
    previous_hash: String,
}

impl EventView {
    pub(crate) fn of(event: StoredEvent, execution: &Execution) -> Self {
        let wave = event.note.wave.and_then(|index| execution.waves.get(index));
        Self {
            number: event.number,
            at: event.at,
            code: event.note.code.into(),
            wave_key: wave.map(|wave| wave.head.key.to_string()),
            detail: event.note.text.into(),
            actor: event.note.actor,
            hash: event.hash,
            previous_hash: event.previous_hash,
        }
    }
}

/// One entry of the log of a DRS job.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = JobLogEntry)]
pub(crate) struct JobLogEntryView {
    job_id: String,
    #[schema(required = true)]
    at: Option<Timestamp>,
    /// DRS's own word, such as `SNAPSHOT_START`.
    event: String,
    #[schema(required = true)]
    source_server_id: Option<String>,
    #[schema(required = true)]
    conversion_server_id: Option<String>,
    #[schema(required = true)]
    target_instance_id: Option<String>,
    /// DRS's own error.
    #[schema(required = true)]
    error: Option<String>,
    /// Which attempt of a step.
    #[schema(required = true)]
    attempt: Option<i32>,
    /// Of how many.
    #[schema(required = true)]
    attempts_max: Option<i32>,
}

impl From<(JobId, JobLogEntry)> for JobLogEntryView {
    fn from((job, entry): (JobId, JobLogEntry)) -> Self {
        Self {
            job_id: job.into(),
            at: entry.at,
            event: entry.event.into(),
            source_server_id: entry.server.map(String::from),
            conversion_server_id: entry.conversion_server.map(Into::into),
            target_instance_id: entry.instance.map(Into::into),
            error: entry.error.map(Into::into),
            attempt: entry.attempt.map(|(attempt, _)| attempt),
            attempts_max: entry.attempt.map(|(_, max)| max),
        }
    }
}
