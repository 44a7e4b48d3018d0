//! Expressions of DynamoDB with their values.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

use super::item::Item;

/// An expression with its values. `#name` in it stands for the attribute `name`.
#[derive(Debug, Clone, Default)]
pub(super) struct Condition {
    pub(super) text: String,
    pub(super) values: Item,
}

impl Condition {
    pub(super) fn new<const N: usize>(
        text: impl Into<String>,
        values: [(&str, AttributeValue); N],
    ) -> Self {
        Self {
            text: text.into(),
            values: HashMap::from(values.map(|(name, value)| (name.to_owned(), value))),
        }
    }

    /// There is no item of the key yet.
    pub(super) fn absent() -> Self {
        Self::new("attribute_not_exists(#pk)", [])
    }

    pub(super) fn names(&self) -> HashMap<String, String> {
        names_in(&self.text)
    }
}

/// The attributes that an expression names.
pub(super) fn names_in(text: &str) -> HashMap<String, String> {
    text.split('#')
        .skip(1)
        .filter_map(|rest| {
            let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric());
            let name = &rest[..end.unwrap_or(rest.len())];
            (!name.is_empty()).then(|| (format!("#{name}"), name.to_owned()))
        })
        .collect()
}
