//! Single requests: reads to their last page, writes of one item, and what errors mean.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::types::KeysAndAttributes;
use engine::ports::StoreError;

use super::DynamoStore;
use super::condition::{Condition, names_in};
use super::item::Item;
use super::key::Key;
use crate::error_code::ErrorFamily;

/// Most keys of one batch read.
const KEYS_PER_READ_MAX: usize = 100;
/// How often the rest of a batch read is asked for before the table counts as unreachable.
const REST_TRIES_MAX: u32 = 8;

/// One page of a query.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) items: Vec<Item>,
    /// How many items were read, those that a filter took out among them.
    pub(super) read: usize,
    /// The key after which the next page begins.
    pub(super) last: Option<Item>,
}

/// A query on a table or an index of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Query {
    pub(super) table: String,
    /// An index is read as it is; a table consistently.
    pub(super) index: Option<&'static str>,
    pub(super) keys: Condition,
    pub(super) filter: Option<Condition>,
    /// Only these attributes, such as `#pk, #stage`.
    pub(super) attributes: Option<&'static str>,
    pub(super) newest_first: bool,
    pub(super) limit: Option<usize>,
    pub(super) after: Option<Item>,
}

impl DynamoStore {
    /// An item, consistently.
    pub(super) async fn get(&self, table: &str, key: &Key) -> Result<Option<Item>, StoreError> {
        let answer = self
            .client
            .get_item()
            .table_name(table)
            .set_key(Some(key.item()))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| store_error(&error))?;
        Ok(answer.item)
    }

    /// Items by key, consistently, any number, in no order. Absent ones are left out.
    pub(super) async fn get_all(
        &self,
        table: &str,
        keys: impl IntoIterator<Item = Key>,
    ) -> Result<Vec<Item>, StoreError> {
        let keys: BTreeSet<Key> = keys.into_iter().collect();
        let keys: Vec<Item> = keys.iter().map(Key::item).collect();
        let mut items = Vec::new();
        for chunk in keys.chunks(KEYS_PER_READ_MAX) {
            self.get_chunk(table, chunk.to_vec(), &mut items).await?;
        }
        Ok(items)
    }

    async fn get_chunk(
        &self,
        table: &str,
        keys: Vec<Item>,
        items: &mut Vec<Item>,
    ) -> Result<(), StoreError> {
        let mut rest = keys;
        for attempt in 0..REST_TRIES_MAX {
            let wanted = KeysAndAttributes::builder()
                .set_keys(Some(rest))
                .consistent_read(true)
                .build()
                .map_err(|error| StoreError::Corrupt(error.to_string()))?;
            let answer = self
                .client
                .batch_get_item()
                .request_items(table, wanted)
                .send()
                .await
                .map_err(|error| store_error(&error))?;
            items.extend(
                answer
                    .responses
                    .unwrap_or_default()
                    .remove(table)
                    .unwrap_or_default(),
            );
            let unread = answer.unprocessed_keys.unwrap_or_default().remove(table);
            match unread {
                Some(unread) if !unread.keys.is_empty() => rest = unread.keys,
                Some(_) | None => return Ok(()),
            }
            pause(attempt).await;
        }
        Err(StoreError::Unavailable(
            "a batch read was not answered in full".to_owned(),
        ))
    }

    /// One page of a query.
    pub(super) async fn query(&self, query: &Query) -> Result<Found, StoreError> {
        let mut names: HashMap<String, String> = query.keys.names();
        let mut values = query.keys.values.clone();
        if let Some(filter) = &query.filter {
            names.extend(filter.names());
            values.extend(filter.values.clone());
        }
        names.extend(names_in(query.attributes.unwrap_or_default()));
        let limit = query
            .limit
            .map(|limit| i32::try_from(limit).unwrap_or(i32::MAX));
        let answer = self
            .client
            .query()
            .table_name(&query.table)
            .set_index_name(query.index.map(str::to_owned))
            .consistent_read(query.index.is_none())
            .key_condition_expression(&query.keys.text)
            .set_filter_expression(query.filter.as_ref().map(|filter| filter.text.clone()))
            .set_projection_expression(query.attributes.map(str::to_owned))
            .set_expression_attribute_names(Some(names))
            .set_expression_attribute_values(Some(values))
            .scan_index_forward(!query.newest_first)
            .set_limit(limit)
            .set_exclusive_start_key(query.after.clone())
            .send()
            .await
            .map_err(|error| store_error(&error))?;
        let items = answer.items.unwrap_or_default();
        Ok(Found {
            read: usize::try_from(answer.scanned_count).unwrap_or(items.len()),
            items,
            last: answer.last_evaluated_key.filter(|key| !key.is_empty()),
        })
    }

    /// All pages of a query.
    pub(super) async fn query_all(&self, mut query: Query) -> Result<Vec<Item>, StoreError> {
        let mut items = Vec::new();
        loop {
            let found = self.query(&query).await?;
            items.extend(found.items);
            match found.last {
                Some(last) => query.after = Some(last),
                None => return Ok(items),
            }
        }
    }
}

/// What an error of DynamoDB means to whoever asked.
pub(super) fn store_error<E, R>(error: &SdkError<E, R>) -> StoreError
where
    E: ProvideErrorMetadata,
{
    let code = error.code().unwrap_or_default();
    let text = crate::failure::describe(error);
    match ErrorFamily::of(code) {
        Some(ErrorFamily::Caller | ErrorFamily::Unrecognised) => StoreError::Denied(text),
        Some(ErrorFamily::Request) if is_about_size(&text) => StoreError::TooLarge(text),
        // A table that is gone is no item that cannot be read.
        Some(ErrorFamily::Request) if code.contains("ResourceNotFound") => {
            StoreError::Unavailable(text)
        }
        Some(ErrorFamily::Request) => StoreError::Corrupt(text),
        Some(
            ErrorFamily::Throttling
            | ErrorFamily::Clock
            | ErrorFamily::Conflict
            | ErrorFamily::Quota
            | ErrorFamily::NotInitialised
            | ErrorFamily::Service,
        )
        | None => StoreError::Unavailable(text),
    }
}

/// Whether DynamoDB refuses for the size of an item or of a transaction. It has one code for all
/// that is invalid, and says the rest in words.
pub(super) fn is_about_size(text: &str) -> bool {
    let text = text.to_lowercase();
    text.contains("size has exceeded")
        || text.contains("size exceeded")
        || text.contains("too large")
}

/// Waits before another try: longer each time, and never for the same time as others do.
pub(super) async fn pause(attempt: u32) {
    let longest = 20_u64.saturating_mul(1 << attempt.min(5));
    tokio::time::sleep(Duration::from_millis(fastrand::u64(5..=longest))).await;
}
