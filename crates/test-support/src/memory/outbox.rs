//! Notices that are to be sent, and those that were.

use std::collections::BTreeMap;

use domain::ExecutionId;
use jiff::Timestamp;

use engine::ports::execution_store::OutboxEntry;

#[derive(Debug, Default)]
pub(super) struct Outbox {
    entries: BTreeMap<(ExecutionId, u64), OutboxEntry>,
}

impl Outbox {
    pub(super) fn put(&mut self, entry: &OutboxEntry) {
        let key = (entry.execution.clone(), entry.number);
        self.entries.insert(key, entry.clone());
    }

    pub(super) fn due(&self, now: Timestamp) -> Vec<OutboxEntry> {
        let unsent = self.entries.values().filter(|one| one.sent_at.is_none());
        unsent.filter(|one| one.due_at <= now).cloned().collect()
    }

    pub(super) fn of(&self, id: &ExecutionId) -> Vec<OutboxEntry> {
        let from = (id.clone(), 0);
        let to = (id.clone(), u64::MAX);
        self.entries
            .range(from..=to)
            .map(|(_, entry)| entry.clone())
            .collect()
    }
}
