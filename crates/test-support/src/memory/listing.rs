//! Pages of lists.

use engine::ports::{Listing, StoreError};

/// The first `limit` of what is left of a list, each item with its position.
pub(super) fn page<T>(rest: impl Iterator<Item = (String, T)>, limit: usize) -> Listing<T> {
    let mut rest = rest;
    let mut items = Vec::new();
    let mut last = None;
    for (position, item) in rest.by_ref().take(limit.max(1)) {
        last = Some(position);
        items.push(item);
    }
    let next = rest.next().and(last);
    Listing { items, next }
}

/// A position that is a number.
pub(super) fn number(after: Option<&str>) -> Result<u64, StoreError> {
    after.map_or(Ok(0), |text| {
        text.parse()
            .map_err(|_| StoreError::Corrupt(format!("`{text}` is no position of this list")))
    })
}
