//! Notices: items of their execution, and in the live index, under a partition of their own,
//! until they are sent.

use domain::ExecutionId;
use engine::ports::StoreError;
use engine::ports::execution_store::OutboxEntry;
use jiff::Timestamp;

use crate::dynamodb::DynamoStore;
use crate::dynamodb::condition::Condition;
use crate::dynamodb::document::{DOCUMENT, decode, encode};
use crate::dynamodb::item::{Item, text, time};
use crate::dynamodb::key::Key;
use crate::dynamodb::request::Query;
use crate::dynamodb::transaction::Transaction;

/// The partition of the index `live` that notices are in.
const OUTBOX: &str = "OUTBOX";

pub(super) fn item(entry: &OutboxEntry) -> Result<Item, StoreError> {
    let key = Key::outbox(&entry.execution, entry.number);
    let mut item = key.with([(DOCUMENT, text(encode(entry)?))]);
    if entry.sent_at.is_none() {
        item.insert("live".to_owned(), text(OUTBOX));
        item.insert("drivenUntil".to_owned(), time(entry.due_at));
    }
    Ok(item)
}

impl DynamoStore {
    pub(super) async fn put_notice(&self, entry: &OutboxEntry) -> Result<(), StoreError> {
        let mut transaction = Transaction::default();
        transaction.put(&self.tables.execution_history, item(entry)?);
        self.commit_or_stale(transaction).await
    }

    pub(super) async fn due_notices(&self, now: Timestamp) -> Result<Vec<OutboxEntry>, StoreError> {
        let keys = Condition::new(
            "#live = :live AND #drivenUntil <= :now",
            [(":live", text(OUTBOX)), (":now", time(now))],
        );
        let query = Query {
            table: self.tables.execution_history.clone(),
            index: Some("live"),
            keys,
            ..Query::default()
        };
        self.query_all(query).await?.iter().map(decode).collect()
    }

    pub(super) async fn notices_of(
        &self,
        id: &ExecutionId,
    ) -> Result<Vec<OutboxEntry>, StoreError> {
        let keys = Condition::new(
            "#pk = :pk AND begins_with(#sk, :prefix)",
            [
                (":pk", text(Key::execution_partition(id))),
                (":prefix", text("OUTBOX#")),
            ],
        );
        let query = Query {
            table: self.tables.execution_history.clone(),
            keys,
            ..Query::default()
        };
        self.query_all(query).await?.iter().map(decode).collect()
    }
}
