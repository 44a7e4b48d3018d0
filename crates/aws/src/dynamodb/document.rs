//! Aggregates as documents: one JSON text in the attribute `document`, with the number of its
//! schema, so that a later program knows what it reads.

use engine::ports::StoreError;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::item::{Item, malformed, text_of};

/// The attribute that holds the document, or its first piece.
pub(super) const DOCUMENT: &str = "document";
/// The attribute that says how many pieces a document has, where it has more than one.
pub(super) const PIECES: &str = "pieces";
/// The longest piece of a document. DynamoDB takes 400 KB in an item; a quarter of that keeps
/// writes cheap, and leaves room for the other attributes.
const PIECE_BYTES_MAX: usize = 80_000;

const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct Written<'value, T> {
    schema: u32,
    value: &'value T,
}

#[derive(Deserialize)]
struct SchemaOnly {
    schema: u32,
}

#[derive(Deserialize)]
struct Read<T> {
    value: T,
}

/// The document of a value.
pub(super) fn encode<T: Serialize>(value: &T) -> Result<String, StoreError> {
    let written = Written {
        schema: SCHEMA,
        value,
    };
    serde_json::to_string(&written)
        .map_err(|error| StoreError::Corrupt(format!("a document cannot be written: {error}")))
}

/// A document in pieces that items hold, cut between characters.
pub(super) fn divide(document: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = document;
    while rest.len() > PIECE_BYTES_MAX {
        let (piece, others) = rest.split_at(rest.floor_char_boundary(PIECE_BYTES_MAX));
        pieces.push(piece);
        rest = others;
    }
    pieces.push(rest);
    pieces
}

/// The value of an item's document.
pub(super) fn decode<T: DeserializeOwned>(item: &Item) -> Result<T, StoreError> {
    decode_attribute(item, DOCUMENT)
}

/// The value of a document in another attribute.
pub(super) fn decode_attribute<T: DeserializeOwned>(
    item: &Item,
    name: &str,
) -> Result<T, StoreError> {
    decode_text(item, name, text_of(item, name)?)
}

/// The value of a document that was put together from the pieces of `item` and others.
pub(super) fn decode_text<T: DeserializeOwned>(
    item: &Item,
    name: &str,
    document: &str,
) -> Result<T, StoreError> {
    // The error names a line and a member, and a value only where it is of a wrong type.
    let unreadable = |error: serde_json::Error| {
        StoreError::Corrupt(format!("{}: {error}", malformed(item, name)))
    };
    let SchemaOnly { schema } = serde_json::from_str(document).map_err(unreadable)?;
    if schema != SCHEMA {
        return Err(StoreError::Corrupt(format!(
            "{} has schema {schema}; this program reads schema {SCHEMA}",
            text_of(item, "pk")?
        )));
    }
    let Read { value } = serde_json::from_str(document).map_err(unreadable)?;
    Ok(value)
}
