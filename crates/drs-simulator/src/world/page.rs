//! Pages with opaque tokens, which are good for the same request only.

use std::fmt::Debug;

use super::identifier::fingerprint;
use crate::error::{ApiError, ErrorName, InvalidField, ValidationReason};

/// What a list request asks of its page.
pub(super) struct PageRequest<'a> {
    pub(super) operation: &'a str,
    /// What distinguishes this list from others of the same operation.
    pub(super) filters: &'a dyn Debug,
    pub(super) max_results: Option<i64>,
    pub(super) next_token: Option<&'a str>,
    pub(super) page_size: usize,
}

impl PageRequest<'_> {
    /// Where the page begins, after checking that the token belongs to this list.
    pub(super) fn begins_after(&self) -> Result<Option<String>, ApiError> {
        let Some(token) = self.next_token.filter(|token| !token.is_empty()) else {
            return Ok(None);
        };
        decode(token)
            .and_then(|text| Some(text.strip_prefix(&self.mark())?.to_owned()))
            .map(Some)
            .ok_or_else(invalid_token)
    }

    pub(super) fn length(&self) -> usize {
        let asked = self
            .max_results
            .map_or(usize::MAX, |most| usize::try_from(most).unwrap_or(1));
        asked.min(self.page_size).max(1)
    }

    /// The token of the page that begins after `key`.
    pub(super) fn token(&self, key: &str) -> String {
        encode(&format!("{}{key}", self.mark()))
    }

    /// Cuts a page from the entries that come after the token. Only what is on the page is made
    /// into items, and only the last of them needs its key.
    pub(super) fn cut<E, T>(
        &self,
        mut entries: impl Iterator<Item = E>,
        key: impl Fn(&E) -> String,
        item: impl Fn(&E) -> T,
    ) -> (Vec<T>, Option<String>) {
        let mut page = Vec::new();
        let mut last = None;
        for entry in entries.by_ref().take(self.length()) {
            page.push(item(&entry));
            last = Some(entry);
        }
        let more = entries.next().and(last);
        (page, more.map(|entry| self.token(&key(&entry))))
    }

    fn mark(&self) -> String {
        let filters = fingerprint(&format!("{:?}", self.filters));
        format!("{}/{filters:016x}/", self.operation)
    }
}

fn encode(text: &str) -> String {
    let digits = text.bytes().flat_map(|byte| [byte >> 4, byte & 0xf]);
    let mut token = String::with_capacity(text.len() * 2);
    token.extend(digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)));
    token
}

fn decode(token: &str) -> Option<String> {
    if !token.len().is_multiple_of(2) || !token.is_ascii() {
        return None;
    }
    let bytes = (0..token.len()).step_by(2).map(|at| {
        token
            .get(at..at + 2)
            .and_then(|pair| u8::from_str_radix(pair, 16).ok())
    });
    String::from_utf8(bytes.collect::<Option<Vec<u8>>>()?).ok()
}

fn invalid_token() -> ApiError {
    let mut error = ApiError::new(ErrorName::Validation, "The pagination token is not valid.");
    error.details.validation = Some((
        ValidationReason::FieldValidationFailed,
        vec![InvalidField {
            name: "nextToken".to_owned(),
            message: "is not a token of this list".to_owned(),
        }],
    ));
    error
}
