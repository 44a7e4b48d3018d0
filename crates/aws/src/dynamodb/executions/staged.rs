//! Saves that are too large for one transaction.
//!
//! DynamoDB takes 100 items and 4 MB together. The writes of a larger save are put aside first,
//! each as an item of its own that nobody reads; then one transaction under the version makes
//! them the truth, by naming them in META; then they are done, by whoever saved or by whoever
//! reads next. Until they are, META has no document, so that nobody takes the old parts for the
//! new ones.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::ExecutionId;
use engine::ports::StoreError;

use crate::dynamodb::DynamoStore;
use crate::dynamodb::condition::Condition;
use crate::dynamodb::document::DOCUMENT;
use crate::dynamodb::item::{Item, corrupt, optional_text_of, text};
use crate::dynamodb::key::{Key, PARTITION, SORT};
use crate::dynamodb::request::Query;
use crate::dynamodb::transaction::{Commit, ITEMS_MAX, Transaction};

/// The attribute of META that names the save whose writes are still to be done.
pub(super) const STAGED: &str = "staged";
/// The attribute of META that becomes its document then.
pub(super) const STAGED_DOCUMENT: &str = "stagedDocument";
/// The attribute of a write that was put aside: the item to be put.
const WRITE: &str = "write";
/// Bytes of one transaction; DynamoDB takes 4 MB, and counts more than the texts.
const BYTES_MAX: usize = 3_000_000;

/// Whether these writes fit into one transaction that has `other` writes as well.
pub(super) fn fit_together(items: &[Item], other: usize) -> bool {
    let bytes: usize = items.iter().map(size).sum();
    items.len() + other <= ITEMS_MAX && bytes <= BYTES_MAX
}

/// About how many bytes an item has: its texts are nearly all of it.
pub(super) fn size(item: &Item) -> usize {
    item.iter()
        .map(|(name, value)| name.len() + value_size(value))
        .sum()
}

fn value_size(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::S(text) | AttributeValue::N(text) => text.len(),
        AttributeValue::L(list) => list.iter().map(value_size).sum(),
        AttributeValue::M(item) => size(item),
        // Flags and sets of a few words; an execution has no other attributes.
        AttributeValue::B(_)
        | AttributeValue::Bool(_)
        | AttributeValue::Bs(_)
        | AttributeValue::Ns(_)
        | AttributeValue::Null(_)
        | AttributeValue::Ss(_)
        | _ => 64,
    }
}

/// Writes in transactions of their own, each as full as it may be.
pub(super) fn in_transactions(items: Vec<Item>) -> Vec<Vec<Item>> {
    let mut all: Vec<Vec<Item>> = Vec::new();
    let mut bytes = 0;
    for item in items {
        let more = size(&item);
        match all.last_mut() {
            Some(last) if last.len() < ITEMS_MAX && bytes + more <= BYTES_MAX => {
                bytes += more;
                last.push(item);
            }
            Some(_) | None => {
                bytes = more;
                all.push(vec![item]);
            }
        }
    }
    all
}

impl DynamoStore {
    /// Puts writes aside under the name of a save.
    pub(super) async fn put_aside(
        &self,
        id: &ExecutionId,
        save: &str,
        writes: Vec<Item>,
    ) -> Result<(), StoreError> {
        let numbered = writes.into_iter().enumerate();
        let staged = numbered.map(|(number, write)| {
            Key::staged(id, save, number).with([(WRITE, AttributeValue::M(write))])
        });
        self.put_all(staged.collect()).await
    }

    /// Does what was put aside, and takes it away. It may be done twice, and by two at once: an
    /// item that is newer already stays.
    pub(super) async fn finish_staged(
        &self,
        id: &ExecutionId,
        save: &str,
    ) -> Result<(), StoreError> {
        let staged = self.query_all(self.staged(id, save)).await?;
        let mut writes = Vec::new();
        for item in &staged {
            let write = item.get(WRITE).and_then(|write| write.as_m().ok());
            writes.push(write.ok_or_else(|| corrupt(item, WRITE))?.clone());
        }
        for chunk in in_transactions(writes) {
            self.put_older(chunk).await?;
        }
        let table = &self.tables.execution_history;
        let text_of_change =
            format!("SET #{DOCUMENT} = #{STAGED_DOCUMENT} REMOVE #{STAGED_DOCUMENT}, #{STAGED}");
        let change = Condition::new(text_of_change, []);
        let named = Condition::new("#staged = :save", [(":save", text(save))]);
        let mut transaction = Transaction::default();
        transaction.update_if(table, &Key::execution(id), &change, &named);
        match self.commit(transaction).await? {
            // Refused: another reader has finished it.
            Commit::Done | Commit::Refused(_) => self.forget_staged(staged).await,
        }
    }

    /// Takes away what was put aside for a save that did not come to be.
    pub(super) async fn drop_staged(&self, id: &ExecutionId, save: &str) -> Result<(), StoreError> {
        let staged = self.query_all(self.staged(id, save)).await?;
        self.forget_staged(staged).await
    }

    /// Puts items, but those of which a newer one is there.
    async fn put_older(&self, items: Vec<Item>) -> Result<(), StoreError> {
        let mut rest = items;
        while !rest.is_empty() {
            let mut transaction = Transaction::default();
            for item in &rest {
                let condition = match item.get("version") {
                    Some(version) => Condition::new(
                        "attribute_not_exists(#pk) OR #version < :version",
                        [(":version", version.clone())],
                    ),
                    None => Condition::absent(),
                };
                transaction.put_if(&self.tables.execution_history, item.clone(), &condition);
            }
            match self.commit(transaction).await? {
                Commit::Done => return Ok(()),
                Commit::Refused(there) => {
                    let mut position = 0;
                    rest.retain(|_| {
                        position += 1;
                        !there.contains_key(&(position - 1))
                    });
                }
            }
        }
        Ok(())
    }

    async fn forget_staged(&self, staged: Vec<Item>) -> Result<(), StoreError> {
        self.delete_all(&staged).await
    }

    /// Takes items away, in as many transactions as they need.
    pub(super) async fn delete_all(&self, items: &[Item]) -> Result<(), StoreError> {
        for chunk in items.chunks(ITEMS_MAX) {
            let mut transaction = Transaction::default();
            for item in chunk {
                let key = Key {
                    partition: optional_text_of(item, PARTITION)
                        .unwrap_or_default()
                        .to_owned(),
                    sort: optional_text_of(item, SORT).unwrap_or_default().to_owned(),
                };
                transaction.delete(&self.tables.execution_history, &key);
            }
            self.commit_or_stale(transaction).await?;
        }
        Ok(())
    }

    fn staged(&self, id: &ExecutionId, save: &str) -> Query {
        Query {
            table: self.tables.execution_history.clone(),
            keys: Condition::new(
                "#pk = :pk AND begins_with(#sk, :prefix)",
                [
                    (":pk", text(Key::execution_partition(id))),
                    (":prefix", text(Key::staged_prefix(save))),
                ],
            ),
            ..Query::default()
        }
    }
}
