//! The right to look at a place, and the tokens of parked machines.

use aws_sdk_dynamodb::types::ReturnValue;
use domain::{ExecutionId, Place};
use engine::ports::StoreError;
use engine::ports::execution_store::{Lease, LeaseMark};
use jiff::Timestamp;

use crate::dynamodb::DynamoStore;
use crate::dynamodb::condition::Condition;
use crate::dynamodb::item::{Item, optional_text_of, text, time};
use crate::dynamodb::key::Key;
use crate::dynamodb::request::store_error;
use crate::dynamodb::transaction::{Commit, Transaction};

/// How often a lease is asked for that changes hands meanwhile.
const ROUNDS_MAX: u32 = 5;
const DIRTY: &str = "DIRTY";

impl DynamoStore {
    pub(super) async fn lease(
        &self,
        place: &Place,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Lease, StoreError> {
        let table = &self.tables.execution_history;
        let key = Key::lease(place);
        for _ in 0..ROUNDS_MAX {
            let lease = key.with([("holder", text(holder)), ("until", time(until))]);
            let is_free = Condition::new(
                "attribute_not_exists(#pk) OR #holder = :me OR #until <= :now",
                [(":me", text(holder)), (":now", time(now))],
            );
            let mut take = Transaction::default();
            take.put_if(table, lease, &is_free);
            if let Commit::Done = self.commit(take).await? {
                return Ok(Lease::Taken);
            }
            // The mark counts only while the lease is held: else nobody would see it.
            let is_held = Condition::new(
                "#holder <> :me AND #until > :now",
                [(":me", text(holder)), (":now", time(now))],
            );
            let change = Condition::new("SET #mark = :mark", [(":mark", text(DIRTY))]);
            let mut mark = Transaction::default();
            mark.update_if(table, &key, &change, &is_held);
            if let Commit::Done = self.commit(mark).await? {
                return Ok(Lease::Busy);
            }
        }
        Err(StoreError::Unavailable(
            "a lease kept changing hands".to_owned(),
        ))
    }

    pub(super) async fn keep_lease(
        &self,
        place: &Place,
        holder: &str,
        until: Timestamp,
    ) -> Result<LeaseMark, StoreError> {
        let change = Condition::new(
            "SET #until = :until REMOVE #mark",
            [(":until", time(until))],
        );
        let mine = Condition::new("#holder = :me", [(":me", text(holder))]);
        let mut names = change.names();
        names.extend(mine.names());
        let mut values = change.values;
        values.extend(mine.values);
        let answer = self
            .client
            .update_item()
            .table_name(&self.tables.execution_history)
            .set_key(Some(Key::lease(place).item()))
            .update_expression(change.text)
            .condition_expression(mine.text)
            .set_expression_attribute_names(Some(names))
            .set_expression_attribute_values(Some(values))
            .return_values(ReturnValue::AllOld)
            .send()
            .await;
        match answer {
            Ok(answer) => Ok(mark(answer.attributes.as_ref())),
            Err(error) => match error.as_service_error() {
                Some(refused) if refused.is_conditional_check_failed_exception() => {
                    Err(StoreError::Stale)
                }
                Some(_) | None => Err(store_error(&error)),
            },
        }
    }

    pub(super) async fn end_lease(
        &self,
        place: &Place,
        holder: &str,
    ) -> Result<LeaseMark, StoreError> {
        let mine = Condition::new("#holder = :me", [(":me", text(holder))]);
        let answer = self
            .client
            .delete_item()
            .table_name(&self.tables.execution_history)
            .set_key(Some(Key::lease(place).item()))
            .set_expression_attribute_names(Some(mine.names()))
            .condition_expression(mine.text)
            .set_expression_attribute_values(Some(mine.values))
            .return_values(ReturnValue::AllOld)
            .send()
            .await;
        match answer {
            Ok(answer) => Ok(mark(answer.attributes.as_ref())),
            Err(error) => match error.as_service_error() {
                Some(refused) if refused.is_conditional_check_failed_exception() => {
                    Err(StoreError::Stale)
                }
                Some(_) | None => Err(store_error(&error)),
            },
        }
    }

    pub(super) async fn put_token_of_park(
        &self,
        id: &ExecutionId,
        token: &str,
    ) -> Result<(), StoreError> {
        let park = Key::park(id).with([("token", text(token))]);
        let mut transaction = Transaction::default();
        transaction.put(&self.tables.execution_history, park);
        self.commit_or_stale(transaction).await
    }

    pub(super) async fn token_of_park(
        &self,
        id: &ExecutionId,
    ) -> Result<Option<String>, StoreError> {
        let table = &self.tables.execution_history;
        let item = self.get(table, &Key::park(id)).await?;
        Ok(item
            .as_ref()
            .and_then(|item| optional_text_of(item, "token"))
            .map(str::to_owned))
    }
}

fn mark(before: Option<&Item>) -> LeaseMark {
    match before.and_then(|item| optional_text_of(item, "mark")) {
        Some(_) => LeaseMark::Dirty,
        None => LeaseMark::Clean,
    }
}
