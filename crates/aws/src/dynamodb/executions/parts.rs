//! An execution as the items that hold it: its head, waves, batches and the instances of its
//! clean-up. A document that is too long for one item goes on in further ones.

use aws_sdk_dynamodb::types::AttributeValue;
use engine::ports::StoreError;
use engine::ports::execution_store::StoredExecution;

use super::meta::clean_up_parts;
use super::pieces::further_pieces;
use crate::dynamodb::document::{DOCUMENT, PIECES, divide, encode};
use crate::dynamodb::item::{Item, number, text};
use crate::dynamodb::key::Key;

/// The items of the waves, batches and clean-up parts that are not as they were.
pub(super) fn changed_parts(
    before: Option<&StoredExecution>,
    after: &StoredExecution,
) -> Result<Vec<Item>, StoreError> {
    let id = &after.execution.head.id;
    let version = after.version;
    let mut items = Vec::new();
    for (index, wave) in after.execution.waves.iter().enumerate() {
        let earlier = before.and_then(|before| before.execution.waves.get(index));
        if earlier.is_none_or(|earlier| earlier.head != wave.head) {
            let place = [("wave", number(index))];
            put(
                &mut items,
                &Key::wave(id, index),
                version,
                place,
                &encode(&wave.head)?,
            );
        }
        for (position, batch) in wave.batches.iter().enumerate() {
            if earlier.and_then(|earlier| earlier.batches.get(position)) != Some(batch) {
                let key = Key::batch(id, index, position);
                let place = [("wave", number(index)), ("batch", number(position))];
                put(&mut items, &key, version, place, &encode(batch)?);
            }
        }
    }
    let earlier = before.map(|before| clean_up_parts(&before.execution));
    for (part, instances) in clean_up_parts(&after.execution).into_iter().enumerate() {
        if earlier.as_ref().and_then(|earlier| earlier.get(part)) != Some(&instances) {
            let place = [("part", number(part))];
            put(
                &mut items,
                &Key::clean_up(id, part),
                version,
                place,
                &encode(&instances)?,
            );
        }
    }
    Ok(items)
}

/// An item with the document, or with its first piece, and further items with the rest.
fn put<const N: usize>(
    items: &mut Vec<Item>,
    key: &Key,
    version: u64,
    place: [(&str, AttributeValue); N],
    document: &str,
) {
    let pieces = divide(document);
    let mut item = key.with(place);
    item.insert("version".to_owned(), number(version));
    item.insert(DOCUMENT.to_owned(), text(pieces[0]));
    if pieces.len() > 1 {
        item.insert(PIECES.to_owned(), number(pieces.len()));
    }
    items.push(item);
    items.extend(further_pieces(key, version, &pieces));
}
