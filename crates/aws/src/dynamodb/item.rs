//! Items: attributes by name, and reading them without trust.

use std::collections::HashMap;
use std::str::FromStr;

use aws_sdk_dynamodb::types::AttributeValue;
use engine::ports::StoreError;
use jiff::Timestamp;

/// An item of a table, or a part of one.
pub(super) type Item = HashMap<String, AttributeValue>;

/// A text attribute.
pub(super) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

/// A number attribute.
pub(super) fn number(value: impl Copy + ToString) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// A time as text of one length, so that texts sort as times do.
pub(super) fn sortable(time: Timestamp) -> String {
    format!("{time:.9}")
}

/// A time attribute that sorts.
pub(super) fn time(value: Timestamp) -> AttributeValue {
    text(sortable(value))
}

/// A time in whole seconds, as the time to live of DynamoDB wants it.
pub(super) fn time_to_live(value: Timestamp) -> AttributeValue {
    number(value.as_second())
}

/// A text that must be there.
pub(super) fn text_of<'item>(item: &'item Item, name: &str) -> Result<&'item str, StoreError> {
    optional_text_of(item, name).ok_or_else(|| corrupt(item, name))
}

/// A text that may be absent.
pub(super) fn optional_text_of<'item>(item: &'item Item, name: &str) -> Option<&'item str> {
    item.get(name)?.as_s().ok().map(String::as_str)
}

/// A number that must be there.
pub(super) fn number_of<T: FromStr>(item: &Item, name: &str) -> Result<T, StoreError> {
    item.get(name)
        .and_then(|value| value.as_n().ok())
        .and_then(|digits| digits.parse().ok())
        .ok_or_else(|| corrupt(item, name))
}

/// A text that must be there and must parse.
pub(super) fn parsed<T: FromStr>(item: &Item, name: &str) -> Result<T, StoreError> {
    text_of(item, name)?
        .parse()
        .map_err(|_| corrupt(item, name))
}

/// The item has an attribute that is not what it must be.
pub(super) fn corrupt(item: &Item, name: &str) -> StoreError {
    StoreError::Corrupt(malformed(item, name))
}

/// What is said of such an item. Its key names it; values stay out of errors.
pub(super) fn malformed(item: &Item, name: &str) -> String {
    let part = |name: &str| optional_text_of(item, name).unwrap_or("?").to_owned();
    format!(
        "attribute {name} of {} {} is missing or malformed",
        part("pk"),
        part("sk")
    )
}
