//! Writes under conditions. Every one is a transaction, also of a single item: the SDK sends a
//! transaction again under the same token, so a lost answer never looks like a failed condition.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{
    CancellationReason, ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure,
    TransactWriteItem, Update,
};
use engine::ports::StoreError;

use super::DynamoStore;
use super::condition::Condition;
use super::item::Item;
use super::key::Key;
use super::request::{pause, store_error};

/// Most items of one transaction.
pub(super) const ITEMS_MAX: usize = 100;
/// How often a transaction is sent again that met another one.
const CONFLICTS_MAX: u32 = 10;

/// Writes that happen together or not at all.
#[derive(Debug, Default)]
pub(super) struct Transaction {
    items: Vec<TransactWriteItem>,
    fault: Option<StoreError>,
}

/// What became of a transaction.
#[derive(Debug)]
pub(super) enum Commit {
    /// All of it was done.
    Done,
    /// Nothing was done: these conditions, by position, failed; each with the item in its way.
    Refused(BTreeMap<usize, Option<Item>>),
}

impl Transaction {
    /// How many writes it has; the position of the next one.
    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    pub(super) fn put(&mut self, table: &str, item: Item) {
        let put = Put::builder()
            .table_name(table)
            .set_item(Some(item))
            .build();
        self.push(put.map(|put| TransactWriteItem::builder().put(put).build()));
    }

    pub(super) fn put_if(&mut self, table: &str, item: Item, condition: &Condition) {
        let put = Put::builder()
            .table_name(table)
            .set_item(Some(item))
            .condition_expression(&condition.text)
            .set_expression_attribute_names(Some(condition.names()))
            .set_expression_attribute_values(values(condition))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build();
        self.push(put.map(|put| TransactWriteItem::builder().put(put).build()));
    }

    pub(super) fn delete(&mut self, table: &str, key: &Key) {
        let delete = Delete::builder()
            .table_name(table)
            .set_key(Some(key.item()))
            .build();
        self.push(delete.map(|delete| TransactWriteItem::builder().delete(delete).build()));
    }

    pub(super) fn delete_if(&mut self, table: &str, key: &Key, condition: &Condition) {
        let delete = Delete::builder()
            .table_name(table)
            .set_key(Some(key.item()))
            .condition_expression(&condition.text)
            .set_expression_attribute_names(Some(condition.names()))
            .set_expression_attribute_values(values(condition))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build();
        self.push(delete.map(|delete| TransactWriteItem::builder().delete(delete).build()));
    }

    /// Changes attributes of an item; `change` is an update expression.
    pub(super) fn update_if(
        &mut self,
        table: &str,
        key: &Key,
        change: &Condition,
        condition: &Condition,
    ) {
        let mut names = change.names();
        names.extend(condition.names());
        let mut values = change.values.clone();
        values.extend(condition.values.clone());
        let update = Update::builder()
            .table_name(table)
            .set_key(Some(key.item()))
            .update_expression(&change.text)
            .condition_expression(&condition.text)
            .set_expression_attribute_names(Some(names))
            .set_expression_attribute_values((!values.is_empty()).then_some(values))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build();
        self.push(update.map(|update| TransactWriteItem::builder().update(update).build()));
    }

    /// Changes attributes of an item, whatever it is; where there is none, it is made.
    pub(super) fn update(&mut self, table: &str, key: &Key, change: &Condition) {
        let update = Update::builder()
            .table_name(table)
            .set_key(Some(key.item()))
            .update_expression(&change.text)
            .set_expression_attribute_names(Some(change.names()))
            .set_expression_attribute_values(values(change))
            .build();
        self.push(update.map(|update| TransactWriteItem::builder().update(update).build()));
    }

    /// Requires something of an item and leaves it alone.
    pub(super) fn check(&mut self, table: &str, key: &Key, condition: &Condition) {
        let check = ConditionCheck::builder()
            .table_name(table)
            .set_key(Some(key.item()))
            .condition_expression(&condition.text)
            .set_expression_attribute_names(Some(condition.names()))
            .set_expression_attribute_values(values(condition))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build();
        self.push(check.map(|check| TransactWriteItem::builder().condition_check(check).build()));
    }

    fn push(&mut self, item: Result<TransactWriteItem, impl std::fmt::Display>) {
        match item {
            Ok(item) => self.items.push(item),
            Err(error) => self.fault = Some(StoreError::Corrupt(error.to_string())),
        }
    }
}

impl DynamoStore {
    /// Does all of a transaction or nothing. One that meets another transaction is sent again,
    /// so a conflict is never taken for a failed condition.
    pub(super) async fn commit(&self, transaction: Transaction) -> Result<Commit, StoreError> {
        let Transaction { items, fault } = transaction;
        if let Some(fault) = fault {
            return Err(fault);
        }
        if items.len() > ITEMS_MAX {
            let text = format!("a transaction of {} items is too large", items.len());
            return Err(StoreError::Corrupt(text));
        }
        for attempt in 0..CONFLICTS_MAX {
            let answer = self
                .client
                .transact_write_items()
                .set_transact_items(Some(items.clone()))
                .send()
                .await;
            let Err(error) = answer else {
                return Ok(Commit::Done);
            };
            let Some(reasons) = cancellation(&error) else {
                return Err(store_error(&error));
            };
            let refused: BTreeMap<usize, Option<Item>> = reasons
                .iter()
                .enumerate()
                .filter(|(_, reason)| reason.code() == Some("ConditionalCheckFailed"))
                .map(|(index, reason)| (index, reason.item.clone().filter(|item| !item.is_empty())))
                .collect();
            if !refused.is_empty() {
                return Ok(Commit::Refused(refused));
            }
            if let Some(invalid) = reasons
                .iter()
                .find(|reason| reason.code() == Some("ValidationError"))
            {
                let text = invalid.message().unwrap_or("a transaction is invalid");
                return Err(StoreError::Corrupt(text.to_owned()));
            }
            pause(attempt).await;
        }
        Err(StoreError::Unavailable(
            "other transactions were in the way for too long".to_owned(),
        ))
    }

    /// As [`Self::commit`], where any failed condition means that somebody else was faster.
    pub(super) async fn commit_or_stale(&self, transaction: Transaction) -> Result<(), StoreError> {
        match self.commit(transaction).await? {
            Commit::Done => Ok(()),
            Commit::Refused(_) => Err(StoreError::Stale),
        }
    }
}

fn values(condition: &Condition) -> Option<Item> {
    (!condition.values.is_empty()).then(|| condition.values.clone())
}

fn cancellation<R>(error: &SdkError<TransactWriteItemsError, R>) -> Option<&[CancellationReason]> {
    let error = error.as_service_error()?;
    if let TransactWriteItemsError::TransactionCanceledException(cancelled) = error {
        return Some(cancelled.cancellation_reasons());
    }
    None
}
