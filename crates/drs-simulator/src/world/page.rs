//! Pages with opaque tokens, which are good for the same request only.

use super::identifier::fingerprint;
use crate::error::{ApiError, ErrorName, InvalidField, ValidationReason};

/// What a list request asks of its page.
#[derive(Debug)]
pub(super) struct PageRequest<'a> {
    pub(super) operation: &'a str,
    /// What distinguishes this list from others of the same operation.
    pub(super) filters: String,
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

    /// Cuts a page from the items that come after the token. Items come with their keys.
    pub(super) fn cut<T>(
        &self,
        mut items: impl Iterator<Item = (String, T)>,
    ) -> (Vec<T>, Option<String>) {
        let mut page = Vec::new();
        let mut last_key = String::new();
        for (key, item) in items.by_ref().take(self.length()) {
            page.push(item);
            last_key = key;
        }
        let next_token = items.next().map(|_| self.token(&last_key));
        (page, next_token)
    }

    fn mark(&self) -> String {
        format!("{}/{:016x}/", self.operation, fingerprint(&self.filters))
    }
}

fn encode(text: &str) -> String {
    text.bytes()
        .fold(String::with_capacity(text.len() * 2), |mut token, byte| {
            for digit in [byte >> 4, byte & 0xf] {
                token.extend(char::from_digit(u32::from(digit), 16));
            }
            token
        })
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
