//! Unique names, and lists in their order: the same for groups and for plans.

use engine::ports::StoreError;

use super::item::{Item, text, text_of};
use super::key::Key;
use super::transaction::{Condition, Transaction};

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
