//! Writing executions: one transaction under the version, of only what has changed.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::execution::Execution;
use domain::{ExecutionId, JobId};
use engine::ports::execution_store::{SideWrites, Stage, StoredEvent, StoredExecution};
use engine::ports::{Ids, StoreError};
use jiff::Timestamp;

use super::meta::{self, Attributes};
use super::outbox;
use super::parts::changed_parts;
use super::staged::{STAGED, STAGED_DOCUMENT, fit_together, in_transactions};
use crate::RandomIds;
use crate::dynamodb::DynamoStore;
use crate::dynamodb::condition::Condition;
use crate::dynamodb::document::{DOCUMENT, encode};
use crate::dynamodb::item::{Item, number, text, time};
use crate::dynamodb::key::Key;
use crate::dynamodb::transaction::{Commit, ITEMS_MAX, Transaction};

/// Most items that the end of an execution adds to its save.
const ENDED_ITEMS_MAX: usize = 4;

impl DynamoStore {
    pub(super) async fn create_whole(&self, stored: &StoredExecution) -> Result<(), StoreError> {
        let table = &self.tables.execution_history;
        let (meta, pieces) = meta::new_item(stored)?;
        let mut parts = changed_parts(None, stored)?;
        parts.extend(pieces);
        if !fit_together(&parts, 1) {
            // Nobody sees them before META is there.
            self.put_all(std::mem::take(&mut parts)).await?;
        }
        let mut transaction = Transaction::default();
        transaction.put_if(table, meta, &Condition::absent());
        for part in parts {
            transaction.put(table, part);
        }
        self.commit_or_stale(transaction).await
    }

    pub(super) async fn remove_whole(&self, stored: &StoredExecution) -> Result<(), StoreError> {
        let table = &self.tables.execution_history;
        let id = &stored.execution.head.id;
        let mut transaction = Transaction::default();
        let mut condition = stands(stored);
        condition.text.push_str(" AND #stage = :stage");
        let acquiring = text(meta::stage_word(Stage::Acquiring));
        condition.values.insert(":stage".to_owned(), acquiring);
        transaction.delete_if(table, &Key::execution(id), &condition);
        self.commit_or_stale(transaction).await?;
        let (_, pieces) = meta::new_item(stored)?;
        let mut parts = changed_parts(None, stored)?;
        parts.extend(pieces);
        self.delete_all(&parts).await
    }

    pub(super) async fn save(
        &self,
        before: &StoredExecution,
        after: &StoredExecution,
        events: &[StoredEvent],
        side_writes: &SideWrites,
    ) -> Result<(), StoreError> {
        if after.version <= before.version {
            let text = "a save must raise the version of an execution";
            return Err(StoreError::Corrupt(text.to_owned()));
        }
        if before.stage == Stage::Acquiring && after.stage != Stage::Acquiring {
            self.note_month(after.execution.head.created_at).await?;
        }
        let table = &self.tables.execution_history;
        let id = &after.execution.head.id;
        let mut transaction = Transaction::default();
        let key = Key::execution(id);
        let (attributes, pieces) = meta::attributes(after)?;
        let mut writes = changed_parts(Some(before), after)?;
        writes.extend(pieces);
        writes.extend(event_items(id, events)?);
        // Beside META: what the end of an execution adds, the ledger, and what is to be told.
        let others = 1 + ENDED_ITEMS_MAX + 1 + side_writes.outbox.len();
        let staged = (!fit_together(&writes, others)).then(|| RandomIds.uuid());
        let change = change(before, after, attributes, staged.as_deref());
        transaction.update_if(table, &key, &change, &stands(before));
        self.note_end(&mut transaction, before, after)?;
        let ledger_at = transaction.len();
        if let Some(change) = &side_writes.ledger {
            self.put_ledger(&mut transaction, change)?;
        }
        for entry in &side_writes.outbox {
            transaction.put(table, outbox::item(entry)?);
        }
        let mut jobs = Self::job_items(&before.execution, &after.execution);
        let taken = transaction.len() + if staged.is_some() { 0 } else { writes.len() };
        if jobs.len() + taken > ITEMS_MAX {
            // Whose a job is stays true whether or not this save is the one that stands.
            self.put_all(std::mem::take(&mut jobs)).await?;
        }
        for job in jobs {
            transaction.put(table, job);
        }
        let committed = match &staged {
            None => {
                for item in writes {
                    transaction.put(table, item);
                }
                self.commit(transaction).await
            }
            Some(save) => self.commit_staged(id, save, writes, transaction).await,
        };
        match committed? {
            Commit::Done => Ok(()),
            Commit::Refused(refused) => {
                let only_the_ledger =
                    side_writes.ledger.is_some() && refused.keys().all(|at| *at == ledger_at);
                Err(if only_the_ledger {
                    StoreError::StaleLedger
                } else {
                    StoreError::Stale
                })
            }
        }
    }

    /// A save whose writes do not fit into one transaction. Once META names them they are true;
    /// failing to do them now is left to the next reader.
    async fn commit_staged(
        &self,
        id: &ExecutionId,
        save: &str,
        writes: Vec<Item>,
        transaction: Transaction,
    ) -> Result<Commit, StoreError> {
        self.put_aside(id, save, writes).await?;
        let committed = self.commit(transaction).await;
        let after = match &committed {
            Ok(Commit::Done) => self.finish_staged(id, save).await,
            Ok(Commit::Refused(_)) => self.drop_staged(id, save).await,
            // It may have been done: the writes stay for whoever finds them named.
            Err(_) => Ok(()),
        };
        if let Err(error) = after {
            tracing::warn!(
                execution.id = %id,
                "the writes of a large save are left to its next reader: {error}"
            );
        }
        committed
    }

    /// Where the execution is there, and stands at that version where one is named.
    pub(super) async fn move_driven_until(
        &self,
        id: &ExecutionId,
        until: Timestamp,
        version: Option<u64>,
    ) -> Result<(), StoreError> {
        let change = Condition::new("SET #drivenUntil = :until", [(":until", time(until))]);
        let stands = match version {
            None => Condition::new("attribute_exists(#pk)", []),
            Some(version) => Condition::new("#version = :version", [(":version", number(version))]),
        };
        self.change_meta(id, &change, &stands).await
    }

    pub(super) async fn raise_starts(&self, id: &ExecutionId, from: u32) -> Result<(), StoreError> {
        let next = number(u64::from(from) + 1);
        let change = Condition::new("SET #starts = :next", [(":next", next)]);
        let stands = Condition::new("#starts = :from", [(":from", number(from))]);
        self.change_meta(id, &change, &stands).await
    }

    async fn change_meta(
        &self,
        id: &ExecutionId,
        change: &Condition,
        condition: &Condition,
    ) -> Result<(), StoreError> {
        let table = &self.tables.execution_history;
        let mut transaction = Transaction::default();
        transaction.update_if(table, &Key::execution(id), change, condition);
        self.commit_or_stale(transaction).await
    }

    /// The items that name the owner of each new job.
    fn job_items(before: &Execution, after: &Execution) -> Vec<Item> {
        let id = text(after.head.id.as_str());
        new_jobs(before, after)
            .into_iter()
            .map(|job| Key::job(job).with([("executionId", id.clone())]))
            .collect()
    }

    /// Puts items in as many transactions as they need.
    pub(super) async fn put_all(&self, items: Vec<Item>) -> Result<(), StoreError> {
        for chunk in in_transactions(items) {
            let mut transaction = Transaction::default();
            for item in chunk {
                transaction.put(&self.tables.execution_history, item);
            }
            self.commit_or_stale(transaction).await?;
        }
        Ok(())
    }

    /// Notes that this month has an execution, before the execution can be listed.
    async fn note_month(&self, created_at: Timestamp) -> Result<(), StoreError> {
        let month = AttributeValue::Ss(vec![meta::month(created_at)]);
        self.client
            .update_item()
            .table_name(&self.tables.execution_history)
            .set_key(Some(Key::months().item()))
            .update_expression("ADD #months :month")
            .expression_attribute_names("#months", "months")
            .expression_attribute_values(":month", month)
            .send()
            .await
            .map_err(|error| crate::dynamodb::request::store_error(&error))?;
        Ok(())
    }
}

fn stands(stored: &StoredExecution) -> Condition {
    Condition::new("#version = :before", [(":before", number(stored.version))])
}

/// The update of META. `starts` is never touched; `drivenUntil` only by a save that moves it,
/// because somebody may have moved it since it was read. The document of a save whose writes are
/// `staged` waits apart until they are done.
fn change(
    before: &StoredExecution,
    after: &StoredExecution,
    mut attributes: Attributes,
    staged: Option<&str>,
) -> Condition {
    if after.driven_until != before.driven_until {
        attributes
            .set
            .push(("drivenUntil", time(after.driven_until)));
    }
    if let Some(save) = staged {
        for (name, _) in attributes
            .set
            .iter_mut()
            .filter(|(name, _)| *name == DOCUMENT)
        {
            *name = STAGED_DOCUMENT;
        }
        attributes.set.push((STAGED, text(save)));
        attributes.removed.push(DOCUMENT);
    }
    let mut change = Condition::default();
    let mut sets = Vec::new();
    for (name, value) in attributes.set {
        sets.push(format!("#{name} = :{name}"));
        change.values.insert(format!(":{name}"), value);
    }
    change.text = format!("SET {}", sets.join(", "));
    if !attributes.removed.is_empty() {
        change.text.push_str(" REMOVE #");
        change.text.push_str(&attributes.removed.join(", #"));
    }
    change
}

fn new_jobs<'after>(before: &Execution, after: &'after Execution) -> BTreeSet<&'after JobId> {
    let known: BTreeSet<&JobId> = jobs(before).collect();
    jobs(after).filter(|job| !known.contains(job)).collect()
}

fn jobs(execution: &Execution) -> impl Iterator<Item = &JobId> {
    execution
        .batches()
        .flat_map(|(_, batch)| batch.jobs.iter().map(|job| &job.id))
}

/// The items of new events, one each.
fn event_items(id: &ExecutionId, events: &[StoredEvent]) -> Result<Vec<Item>, StoreError> {
    let items = events.chunks(1).map(|event| {
        let key = Key::event(id, event[0].number);
        Ok(key.with([(DOCUMENT, text(encode(&event)?))]))
    });
    items.collect()
}
