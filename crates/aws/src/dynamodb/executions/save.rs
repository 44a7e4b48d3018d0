//! Writing executions: one transaction under the version, of only what has changed.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::execution::Execution;
use domain::{ExecutionId, JobId};
use engine::ports::StoreError;
use engine::ports::execution_store::{Beside, Stage, StoredEvent, StoredExecution};
use jiff::Timestamp;

use super::meta::{self, clean_up_parts};
use super::outbox;
use crate::dynamodb::DynamoStore;
use crate::dynamodb::document::{DOCUMENT, encode};
use crate::dynamodb::item::{Item, number, text, time};
use crate::dynamodb::key::Key;
use crate::dynamodb::transaction::{Commit, Condition, ITEMS_MAX, Transaction};

impl DynamoStore {
    pub(super) async fn create_whole(&self, stored: &StoredExecution) -> Result<(), StoreError> {
        let table = &self.tables.execution_history;
        let mut transaction = Transaction::default();
        transaction.put_if(table, meta::new_item(stored)?, &Condition::absent());
        for part in changed_parts(None, stored)? {
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
        for (wave, value) in stored.execution.waves.iter().enumerate() {
            transaction.delete(table, &Key::wave(id, wave));
            for batch in 0..value.batches.len() {
                transaction.delete(table, &Key::batch(id, wave, batch));
            }
        }
        self.commit_or_stale(transaction).await
    }

    pub(super) async fn save(
        &self,
        before: &StoredExecution,
        after: &StoredExecution,
        events: &[StoredEvent],
        beside: &Beside,
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
        transaction.update_if(table, &key, &change(before, after)?, &stands(before));
        for part in changed_parts(Some(before), after)? {
            transaction.put(table, part);
        }
        self.note_end(&mut transaction, before, after)?;
        let ledger_at = transaction.len();
        if let Some(change) = &beside.ledger {
            self.put_ledger(&mut transaction, change)?;
        }
        for entry in &beside.outbox {
            transaction.put(table, outbox::item(entry)?);
        }
        let mut jobs = Self::job_items(&before.execution, &after.execution);
        let room = ITEMS_MAX.saturating_sub(transaction.len());
        if jobs.len() >= room {
            // Whose a job is stays true whether or not this save is the one that stands.
            self.put_all(std::mem::take(&mut jobs)).await?;
        }
        for job in jobs {
            transaction.put(table, job);
        }
        let room = ITEMS_MAX.saturating_sub(transaction.len());
        for item in event_items(id, events, room)? {
            transaction.put(table, item);
        }
        match self.commit(transaction).await? {
            Commit::Done => Ok(()),
            Commit::Refused(refused) => {
                let only_the_ledger =
                    beside.ledger.is_some() && refused.keys().all(|at| *at == ledger_at);
                Err(if only_the_ledger {
                    StoreError::StaleLedger
                } else {
                    StoreError::Stale
                })
            }
        }
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

    async fn put_all(&self, items: Vec<Item>) -> Result<(), StoreError> {
        for chunk in items.chunks(ITEMS_MAX) {
            let mut transaction = Transaction::default();
            for item in chunk {
                transaction.put(&self.tables.execution_history, item.clone());
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
/// because somebody may have moved it since it was read.
fn change(before: &StoredExecution, after: &StoredExecution) -> Result<Condition, StoreError> {
    let mut attributes = meta::attributes(after)?;
    if after.driven_until != before.driven_until {
        attributes
            .set
            .push(("drivenUntil", time(after.driven_until)));
    }
    let mut change = Condition::default();
    let mut sets = Vec::new();
    for (name, value) in attributes.set {
        sets.push(format!("#{name} = :{name}"));
        change.values.insert(format!(":{name}"), value);
    }
    change.text = format!("SET {}", sets.join(", "));
    if let Some(name) = attributes.removed {
        change.text.push_str(" REMOVE #");
        change.text.push_str(name);
    }
    Ok(change)
}

/// The items of the waves, batches and clean-up parts that are not as they were.
fn changed_parts(
    before: Option<&StoredExecution>,
    after: &StoredExecution,
) -> Result<Vec<Item>, StoreError> {
    let id = &after.execution.head.id;
    let version = || ("version", number(after.version));
    let mut items = Vec::new();
    for (index, wave) in after.execution.waves.iter().enumerate() {
        let earlier = before.and_then(|before| before.execution.waves.get(index));
        if earlier.is_none_or(|earlier| earlier.head != wave.head) {
            items.push(Key::wave(id, index).with([
                version(),
                ("wave", number(index)),
                (DOCUMENT, text(encode(&wave.head)?)),
            ]));
        }
        for (position, batch) in wave.batches.iter().enumerate() {
            if earlier.and_then(|earlier| earlier.batches.get(position)) != Some(batch) {
                items.push(Key::batch(id, index, position).with([
                    version(),
                    ("wave", number(index)),
                    ("batch", number(position)),
                    (DOCUMENT, text(encode(batch)?)),
                ]));
            }
        }
    }
    let earlier = before.map(|before| clean_up_parts(&before.execution));
    for (part, instances) in clean_up_parts(&after.execution).into_iter().enumerate() {
        if earlier.as_ref().and_then(|earlier| earlier.get(part)) != Some(&instances) {
            items.push(Key::clean_up(id, part).with([
                version(),
                ("part", number(part)),
                (DOCUMENT, text(encode(&instances)?)),
            ]));
        }
    }
    Ok(items)
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

/// The items of new events: one each where the transaction has room, and the rest together in
/// the last one.
fn event_items(
    id: &ExecutionId,
    events: &[StoredEvent],
    room: usize,
) -> Result<Vec<Item>, StoreError> {
    let alone = events.len().min(room.saturating_sub(1));
    let alone = if events.len() <= room {
        events.len()
    } else {
        alone
    };
    let (single, together) = events.split_at(alone);
    let mut items = Vec::new();
    for run in single
        .chunks(1)
        .chain((!together.is_empty()).then_some(together))
    {
        if let Some(last) = run.last() {
            let item = Key::event(id, last.number).with([(DOCUMENT, text(encode(&run)?))]);
            items.push(item);
        }
    }
    Ok(items)
}
