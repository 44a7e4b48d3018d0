//! The journal: every request, what was decided, and whether the caller was told.

use crate::call::OperationKind;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use std::collections::VecDeque;

/// One request.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JournalEntry {
    /// Its place in the order of all requests, from 1.
    pub sequence: u64,
    /// When it was decided.
    pub at: Timestamp,
    /// The operation.
    pub operation: String,
    /// The account.
    pub account_id: String,
    /// The Region.
    pub region: String,
    /// The body.
    pub request: Value,
    /// The status of the answer; of the one that was lost, where it was lost after the commit.
    pub status: Option<u16>,
    /// The body of the answer, when there is one.
    pub response: Option<Value>,
    /// Whether the request took effect.
    pub committed: bool,
    /// Whether an answer was given, or is on its way and only late.
    pub delivered: bool,
    /// The SDK's id of the call, the same over its own retries.
    pub invocation_id: Option<String>,
    /// Which of the SDK's own tries this was.
    pub attempt: Option<u32>,
}

/// Requests in their order. Those that only read are kept up to a number.
#[derive(Debug, Clone)]
pub struct Journal {
    entries: VecDeque<(OperationKind, JournalEntry)>,
    most_reads: usize,
    reads: usize,
    dropped_reads: u64,
    made: u64,
}

impl Journal {
    pub(crate) const fn new(most_reads: usize) -> Self {
        Self {
            entries: VecDeque::new(),
            most_reads,
            reads: 0,
            dropped_reads: 0,
            made: 0,
        }
    }

    /// The requests that are kept, oldest first.
    pub fn requests(&self) -> impl Iterator<Item = &JournalEntry> {
        self.entries.iter().map(|(_, entry)| entry)
    }

    /// How many reading requests were dropped.
    pub const fn dropped_reads(&self) -> u64 {
        self.dropped_reads
    }

    /// Whether requests of this kind are kept at all.
    pub(crate) const fn keeps(&self, kind: OperationKind) -> bool {
        match kind {
            OperationKind::Read => self.most_reads > 0,
            OperationKind::Write => true,
        }
    }

    pub(crate) fn record(&mut self, kind: OperationKind, mut entry: JournalEntry) {
        self.made += 1;
        entry.sequence = self.made;
        self.entries.push_back((kind, entry));
        if kind == OperationKind::Read {
            self.reads += 1;
        }
        if self.reads > self.most_reads {
            self.drop_oldest_read();
        }
    }

    fn drop_oldest_read(&mut self) {
        let oldest = self
            .entries
            .iter()
            .position(|(kind, _)| *kind == OperationKind::Read);
        if let Some(at) = oldest {
            self.entries.remove(at);
            self.reads -= 1;
            self.dropped_reads += 1;
        }
    }
}
