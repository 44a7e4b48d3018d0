//! The further items of a document that is too long for one.

use crate::dynamodb::document::DOCUMENT;
use crate::dynamodb::item::{Item, number, text};
use crate::dynamodb::key::Key;

/// The items of all pieces of a document but the first.
pub(super) fn further_pieces<'all>(
    key: &'all Key,
    version: u64,
    pieces: &'all [&str],
) -> impl Iterator<Item = Item> + 'all {
    pieces
        .iter()
        .enumerate()
        .skip(1)
        .map(move |(index, piece)| {
            key.piece(index)
                .with([("version", number(version)), (DOCUMENT, text(*piece))])
        })
}
