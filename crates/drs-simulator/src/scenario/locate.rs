//! Where in a file a member stands, so that a fault can be named by line and column.

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// A place in a text; both count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) line: usize,
    pub(super) column: usize,
}

impl Place {
    pub(super) fn of(error: &serde_yaml_ng::Error) -> Option<Self> {
        error.location().map(|location| Self {
            line: location.line(),
            column: location.column(),
        })
    }

    /// Where the first line stands that has this text in it.
    pub(super) fn of_text(text: &str, needle: &str) -> Option<Self> {
        text.lines().enumerate().find_map(|(at, line)| {
            let before = line.find(needle)?;
            Some(Self {
                line: at + 1,
                column: line
                    .get(..before)
                    .map_or(0, |before| before.chars().count())
                    + 1,
            })
        })
    }
}

/// The place of the member with a path like `rules[0].when.op`, or of the nearest one around it.
pub(super) fn place_of(text: &str, path: &str) -> Option<Place> {
    let steps = steps(path);
    (0..=steps.len()).rev().find_map(|length| {
        let document = serde_yaml_ng::Deserializer::from_str(text);
        let found = Seek(steps.get(..length)?).deserialize(document);
        // The reader tells where it was stopped, which is all that is wanted of it.
        found
            .err()
            .filter(|error| error.to_string().contains(HERE))
            .as_ref()
            .and_then(Place::of)
    })
}

const HERE: &str = "the member that was sought";

enum Step<'a> {
    Member(&'a str),
    Item(usize),
}

fn steps(path: &str) -> Vec<Step<'_>> {
    let parts = path.split(['.', '[']).filter(|part| !part.is_empty());
    parts
        .map(|part| match part.strip_suffix(']').map(str::parse) {
            Some(Ok(at)) => Step::Item(at),
            Some(Err(_)) | None => Step::Member(part),
        })
        .collect()
}

/// Walks to a member and stops there with an error, to which the reader adds the place.
struct Seek<'a>(&'a [Step<'a>]);

impl<'de> DeserializeSeed<'de> for Seek<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

macro_rules! stop_at {
    ($($visit:ident: $type:ty),*) => {
        $(fn $visit<E: Error>(self, _: $type) -> Result<(), E> {
            self.stop()
        })*
    };
}

impl Seek<'_> {
    /// A leaf is the member that was sought, or the path leads through it in vain.
    fn stop<E: Error>(&self) -> Result<(), E> {
        if self.0.is_empty() {
            Err(E::custom(HERE))
        } else {
            Ok(())
        }
    }
}

impl<'de> Visitor<'de> for Seek<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("anything")
    }

    stop_at!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str);

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.stop()
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Some((Step::Member(wanted), rest)) = self.0.split_first() else {
            return self.stop();
        };
        while let Some(name) = map.next_key::<String>()? {
            if name == *wanted {
                map.next_value_seed(Seek(rest))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let Some((Step::Item(wanted), rest)) = self.0.split_first() else {
            return self.stop();
        };
        for _ in 0..*wanted {
            if items.next_element::<IgnoredAny>()?.is_none() {
                return Ok(());
            }
        }
        items.next_element_seed(Seek(rest))?;
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }
}
