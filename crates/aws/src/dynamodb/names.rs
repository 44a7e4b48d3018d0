//! Unique names, and lists in their order: the same for groups and for plans.

use domain::Name;
use engine::ports::StoreError;

use super::DynamoStore;
use super::condition::Condition;
use super::item::{Item, text, text_of};
use super::key::Key;
use super::transaction::Transaction;

/// Takes a name for its owner; it may be the owner's already.
pub(super) fn take(transaction: &mut Transaction, table: &str, name_key: &str, owner: &str) {
    let name = Key::name(name_key).with([("ownerId", text(owner))]);
    transaction.put_if(table, name, &free_for(owner));
}

/// Frees a name of its owner; one that is free already may be.
pub(super) fn free(transaction: &mut Transaction, table: &str, name_key: &str, owner: &str) {
    transaction.delete_if(table, &Key::name(name_key), &free_for(owner));
}

fn free_for(owner: &str) -> Condition {
    let condition = "attribute_not_exists(#pk) OR #ownerId = :me";
    Condition::new(condition, [(":me", text(owner))])
}

impl DynamoStore {
    /// Who else has an equal name under a key of before. No such key is written any more, so
    /// what is not there now does not come later.
    pub(super) async fn earlier_holder(
        &self,
        table: &str,
        name: &Name,
        owner: &str,
    ) -> Result<Option<String>, StoreError> {
        for key in name.earlier_keys() {
            let item = self.get(table, &Key::name(&key)).await?;
            let holder = item.as_ref().map(|item| holder(Some(item))).transpose()?;
            if let Some(other) = holder.filter(|holder| holder != owner) {
                return Ok(Some(other));
            }
        }
        Ok(None)
    }

    /// The keys under which its owner has a name: those of before that it has never left, too.
    pub(super) async fn keys_held(
        &self,
        table: &str,
        name: &Name,
        owner: &str,
    ) -> Result<Vec<String>, StoreError> {
        let earlier = name.earlier_keys();
        if earlier.is_empty() {
            return Ok(vec![name.key()]);
        }
        let mut held = Vec::new();
        for key in earlier.into_iter().chain([name.key()]) {
            let item = self.get(table, &Key::name(&key)).await?;
            let holder = item.as_ref().map(|item| holder(Some(item))).transpose()?;
            if holder.as_deref() == Some(owner) {
                held.push(key);
            }
        }
        Ok(held)
    }
}

/// Who has a name, by the item that was in the way.
pub(super) fn holder(item: Option<&Item>) -> Result<String, StoreError> {
    let item = item
        .ok_or_else(|| StoreError::Unavailable("the holder of a name was not said".to_owned()))?;
    Ok(text_of(item, "ownerId")?.to_owned())
}

/// Where a page of the index `by-name` ended, as text. The key comes first, because a name can
/// hold anything.
pub(super) fn position_text(last: &Item) -> Result<String, StoreError> {
    let name = text_of(last, "nameKey")?;
    Ok(format!("{} {name}", text_of(last, "pk")?))
}

/// Where a page of the index `by-name` begins.
pub(super) fn position(after: &str, sort: &str, listing: &str) -> Result<Item, StoreError> {
    let (partition, name) = after
        .split_once(' ')
        .ok_or_else(|| StoreError::Corrupt(format!("`{after}` is no position of this list")))?;
    Ok(Item::from([
        ("pk".to_owned(), text(partition)),
        ("sk".to_owned(), text(sort)),
        ("listing".to_owned(), text(listing)),
        ("nameKey".to_owned(), text(name)),
    ]))
}
