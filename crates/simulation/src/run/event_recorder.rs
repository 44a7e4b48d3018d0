//! Records the events that executions are told: the engine logs them at level DEBUG.

use std::fmt::Debug;
use std::sync::PoisonError;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record as SpanRecord};
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Level, Metadata, Subscriber};

use crate::facts::Told;
use crate::store::{Entry, Record};

/// Where the engine logs it.
const TARGET: &str = "engine::advance";

/// Records what is logged on this thread until the guard goes.
pub(super) fn record_events(record: &Record) -> DefaultGuard {
    tracing::subscriber::set_default(EventRecorder(Record::clone(record)))
}

struct EventRecorder(Record);

impl Subscriber for EventRecorder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == TARGET && *metadata.level() == Level::DEBUG
    }

    fn new_span(&self, _span: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _span: &Id, _values: &SpanRecord<'_>) {}

    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let told = Told {
            execution: fields.execution,
            version: fields.version,
            event: fields.event,
            batch: fields.wave.zip(fields.batch),
        };
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(Entry::Told(told));
    }

    fn enter(&self, _span: &Id) {}

    fn exit(&self, _span: &Id) {}
}

#[derive(Default)]
struct Fields {
    execution: String,
    version: u64,
    event: String,
    wave: Option<usize>,
    batch: Option<usize>,
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "event.kind" {
            value.clone_into(&mut self.event);
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        let index = usize::try_from(value).ok();
        match field.name() {
            "execution.version" => self.version = value,
            "wave.index" => self.wave = index,
            "batch.index" => self.batch = index,
            _ => {}
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "execution.id" {
            self.execution = format!("{value:?}");
        }
    }
}
