//! Numbering and chaining of the event log: each entry's hash covers the one before.

use domain::execution::Note;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::ports::execution_store::StoredEvent;

/// The notes of one decision as entries after the `number`th, whose hash is `previous`.
pub(crate) fn chain(
    notes: Vec<Note>,
    number: u64,
    previous: &str,
    at: Timestamp,
) -> Vec<StoredEvent> {
    let mut previous = previous.to_owned();
    let mut events = Vec::new();
    for (number, note) in (number + 1..).zip(notes) {
        let hash = hash(&previous, number, at, &note);
        events.push(StoredEvent {
            number,
            at,
            note,
            previous_hash: previous,
            hash: hash.clone(),
        });
        previous = hash;
    }
    events
}

/// The hash of an entry, in hexadecimal.
pub(crate) fn hash(previous: &str, number: u64, at: Timestamp, note: &Note) -> String {
    let note = serde_json::to_string(note).unwrap_or_else(|error| error.to_string());
    let mut digest = Sha256::new();
    for part in [previous, &number.to_string(), &at.to_string(), &note] {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part.as_bytes());
    }
    hex::encode(digest.finalize())
}
