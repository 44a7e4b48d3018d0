//! The service model's constraints on requests: patterns, sizes and presence, reported all at once.

use crate::error::{ApiError, InvalidField};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Collects the invalid members of one request.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    invalid: Vec<InvalidField>,
}

impl Fields {
    /// Nothing was wrong, or everything that was.
    pub(crate) fn finish(self) -> Result<(), ApiError> {
        if self.invalid.is_empty() {
            Ok(())
        } else {
            Err(ApiError::fields(self.invalid))
        }
    }

    pub(crate) fn wrong(&mut self, name: impl Into<String>, message: impl Into<String>) {
        self.invalid.push(InvalidField {
            name: name.into(),
            message: message.into(),
        });
    }

    /// An identifier of 17 characters after its prefix, such as `s-` or `drsjob-`.
    pub(crate) fn id(&mut self, name: &str, prefix: &str, value: &str) {
        if !is_id(prefix, value) {
            self.wrong(name, format!("must match {prefix}[0-9a-zA-Z]{{17}}"));
        }
    }

    pub(crate) fn instance_id(&mut self, name: &str, value: &str) {
        if !is_instance_id(value) {
            self.wrong(
                name,
                "must match i-[0-9a-fA-F]{8,} and have at most 19 characters",
            );
        }
    }

    pub(crate) fn ec2_instance_id(&mut self, name: &str, value: &str) {
        if !(value.len() <= 255 && is_hexadecimal_id("i-", value)) {
            self.wrong(name, "must match i-[0-9a-fA-F]{8,}");
        }
    }

    pub(crate) fn size(&mut self, name: &str, length: usize, least: usize, most: usize) {
        if length < least || length > most {
            self.wrong(
                name,
                format!("must have between {least} and {most} members"),
            );
        }
    }

    pub(crate) fn max_results(&mut self, value: Option<i64>) {
        if value.is_some_and(|value| value < 1) {
            self.wrong("maxResults", "must be at least 1");
        }
    }

    /// A text of at most this many characters.
    pub(crate) fn length(&mut self, name: &str, value: Option<&String>, most: usize) {
        if value.is_some_and(|value| value.chars().count() > most) {
            self.wrong(name, format!("must have at most {most} characters"));
        }
    }

    pub(crate) fn account(&mut self, name: &str, value: &str) {
        if !(value.len() == 12 && value.bytes().all(|byte| byte.is_ascii_digit())) {
            self.wrong(name, "must be the 12 digits of an account");
        }
    }

    pub(crate) fn arn(&mut self, name: &str, value: &str) {
        let fits = (20..=2048).contains(&value.chars().count()) && value.starts_with("arn:");
        if !fits {
            self.wrong(name, "must match arn:.{16,2044}");
        }
    }

    pub(crate) fn tag_keys(&mut self, keys: &[String]) {
        if keys.iter().any(|key| key.chars().count() > 256) {
            self.wrong("tagKeys", "keys have at most 256 characters");
        }
    }

    /// A page of at most this many items.
    pub(crate) fn max_results_up_to(&mut self, value: Option<i64>, most: i64) {
        if value.is_some_and(|value| !(1..=most).contains(&value)) {
            self.wrong("maxResults", format!("must be between 1 and {most}"));
        }
    }

    pub(crate) fn tags(&mut self, tags: &BTreeMap<String, String>) {
        if tags.len() > 50 {
            self.wrong("tags", "must have at most 50 members");
        }
        for (key, value) in tags {
            if key.starts_with("aws:") {
                let name = format!("tags.{key}");
                self.wrong(name, "keys that begin with aws: are reserved");
            }
            if key.chars().count() > 256 || value.chars().count() > 256 {
                self.wrong(
                    format!("tags.{key}"),
                    "keys and values have at most 256 characters",
                );
            }
        }
    }

    /// A time filter; its value where there is a valid one.
    pub(crate) fn time(&mut self, name: &str, value: Option<&String>) -> Option<Timestamp> {
        let text = value?;
        let parsed = (text.ends_with('Z') && (19..=32).contains(&text.len()))
            .then(|| text.parse::<Timestamp>().ok())
            .flatten();
        if parsed.is_none() {
            self.wrong(name, "must be an ISO 8601 time in UTC that ends in Z");
        }
        parsed
    }
}

/// Whether this is an identifier of DRS with the given prefix.
pub(crate) fn is_id(prefix: &str, value: &str) -> bool {
    value.strip_prefix(prefix).is_some_and(|rest| {
        rest.len() == 17 && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

fn is_instance_id(value: &str) -> bool {
    value.len() <= 19 && is_hexadecimal_id("i-", value)
}

/// Whether this is an identifier of EC2 with the given prefix.
pub(crate) fn is_hexadecimal_id(prefix: &str, value: &str) -> bool {
    value
        .strip_prefix(prefix)
        .is_some_and(|rest| rest.len() >= 8 && rest.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
