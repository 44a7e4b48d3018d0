//! The event log, and copies of DRS's job logs.

use domain::{ExecutionId, JobId};
use engine::ports::drs::JobLogEntry;
use engine::ports::execution_store::StoredEvent;
use engine::ports::{Listing, PageRequest, StoreError};

use crate::dynamodb::DynamoStore;
use crate::dynamodb::condition::Condition;
use crate::dynamodb::document::{DOCUMENT, decode, encode};
use crate::dynamodb::item::{number, text};
use crate::dynamodb::key::Key;
use crate::dynamodb::request::Query;
use crate::dynamodb::transaction::Transaction;

/// Entries of a job log in one item, where they are short.
const ENTRIES_PER_ITEM: usize = 50;
/// Bytes of entries in one item, where they are long.
const BYTES_PER_ITEM: usize = 80_000;

impl DynamoStore {
    pub(super) async fn event_page(
        &self,
        id: &ExecutionId,
        page: &PageRequest,
    ) -> Result<Listing<StoredEvent>, StoreError> {
        let after: u64 = match &page.after {
            None => 0,
            Some(text) => text.parse().map_err(|_| no_position(text))?,
        };
        let limit = page.limit.max(1);
        // An item is named by its last event, so the first one found may begin before.
        let first = Key::event_sort(after.saturating_add(1));
        let found = self
            .query(&Query {
                limit: Some(limit),
                ..self.range(id, &first, "EVENT$")
            })
            .await?;
        let mut events = Vec::new();
        for item in &found.items {
            events.extend(decode::<Vec<StoredEvent>>(item)?);
        }
        events.retain(|event| event.number > after);
        let is_cut = events.len() > limit;
        events.truncate(limit);
        let more = is_cut || found.last.is_some();
        let next = more.then(|| {
            events
                .last()
                .map_or(after, |event| event.number)
                .to_string()
        });
        Ok(Listing {
            items: events,
            next,
        })
    }

    /// Each item is replaced only by one of a longer copy, so that copies made at the same time
    /// end as the longest.
    pub(super) async fn put_log(
        &self,
        id: &ExecutionId,
        job: &JobId,
        entries: &[JobLogEntry],
    ) -> Result<(), StoreError> {
        let total = number(entries.len());
        let shorter = "attribute_not_exists(#pk) OR #total < :total";
        let shorter = Condition::new(shorter, [(":total", total.clone())]);
        for (part, entries) in in_items(entries)?.into_iter().enumerate() {
            let item = Key::log(id, job, part).with([
                ("jobId", text(job.as_str())),
                ("part", number(part)),
                ("total", total.clone()),
                (DOCUMENT, text(encode(&entries)?)),
            ]);
            let mut transaction = Transaction::default();
            transaction.put_if(&self.tables.execution_history, item, &shorter);
            self.commit(transaction).await?;
        }
        Ok(())
    }

    pub(super) async fn log_of_job(
        &self,
        id: &ExecutionId,
        job: &JobId,
        from: usize,
        most: usize,
    ) -> Result<Vec<JobLogEntry>, StoreError> {
        let first = Key::log_sort(job, 0);
        let last = format!("LOG#{job}$");
        let mut query = self.range(id, &first, &last);
        let mut skipped = 0;
        let mut entries: Vec<JobLogEntry> = Vec::new();
        while entries.len() < most {
            let found = self.query(&query).await?;
            for item in &found.items {
                for entry in decode::<Vec<JobLogEntry>>(item)? {
                    if skipped < from {
                        skipped += 1;
                    } else {
                        entries.push(entry);
                    }
                }
            }
            match found.last {
                Some(last) => query.after = Some(last),
                None => break,
            }
        }
        entries.truncate(most);
        Ok(entries)
    }

    fn range(&self, id: &ExecutionId, first: &str, last: &str) -> Query {
        Query {
            table: self.tables.execution_history.clone(),
            keys: Condition::new(
                "#pk = :pk AND #sk BETWEEN :first AND :last",
                [
                    (":pk", text(Key::execution_partition(id))),
                    (":first", text(first)),
                    (":last", text(last)),
                ],
            ),
            ..Query::default()
        }
    }
}

/// The entries item by item: from the beginning of a log on, so that a longer copy of it divides
/// as the shorter one did.
fn in_items(entries: &[JobLogEntry]) -> Result<Vec<&[JobLogEntry]>, StoreError> {
    let mut items = Vec::new();
    let mut first = 0;
    let mut bytes = 0;
    for (index, entry) in entries.iter().enumerate() {
        let more = encode(entry)?.len();
        if index > first && (index - first >= ENTRIES_PER_ITEM || bytes + more > BYTES_PER_ITEM) {
            items.push(&entries[first..index]);
            first = index;
            bytes = 0;
        }
        bytes += more;
    }
    if first < entries.len() {
        items.push(&entries[first..]);
    }
    Ok(items)
}

fn no_position(text: &str) -> StoreError {
    StoreError::Corrupt(format!("`{text}` is no position of this list"))
}
