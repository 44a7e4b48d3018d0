//! Where in a file a member stands, so that a fault can be named by line and column.

use serde::Deserialize;
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

/// The place of what a reader refuses. The reader's own place is that of the innermost list or
/// mapping which it reads as a whole, so it is only good where the text is no YAML at all.
pub(super) fn place_of_fault(text: &str, path: &str, message: &str) -> Option<Place> {
    IgnoredAny::deserialize(serde_yaml_ng::Deserializer::from_str(text)).ok()?;
    if message.starts_with("unknown field") {
        // Here the reader's own place is that of the name, and there is no better one.
        return None;
    }
    if let Some(name) = given_twice(message) {
        let mut steps = steps(path);
        steps.pop();
        steps.push(Step::Again(name));
        return seek(text, &steps);
    }
    place_of(text, path)
}

/// The member that a reader has met twice.
pub(super) fn given_twice(message: &str) -> Option<&str> {
    let rest = message.strip_prefix("duplicate field `")?;
    rest.split_once('`').map(|(name, _)| name)
}

/// The place of the member with a path like `rules[0].when.op`, or of the nearest one around it.
pub(super) fn place_of(text: &str, path: &str) -> Option<Place> {
    let steps = steps(path);
    (0..=steps.len())
        .rev()
        .find_map(|length| seek(text, steps.get(..length)?))
}

/// Whether there is a member with exactly this path.
pub(super) fn is_written(text: &str, path: &str) -> bool {
    seek(text, &steps(path)).is_some()
}

fn seek(text: &str, steps: &[Step<'_>]) -> Option<Place> {
    let document = serde_yaml_ng::Deserializer::from_str(text);
    // The reader tells where it was stopped, which is all that is wanted of it.
    let stopped = Seek(steps).deserialize(document).err()?;
    stopped
        .to_string()
        .contains(HERE)
        .then(|| Place::of(&stopped))?
}

const HERE: &str = "the member that was sought";

enum Step<'a> {
    Member(&'a str),
    /// The member where it is given for the second time.
    Again(&'a str),
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
        let (wanted, mut passed, rest) = match self.0.split_first() {
            Some((Step::Member(wanted), rest)) => (wanted, 0, rest),
            Some((Step::Again(wanted), rest)) => (wanted, 1, rest),
            Some((Step::Item(_), _)) | None => return self.stop(),
        };
        while let Some(name) = map.next_key::<String>()? {
            if name != *wanted {
                map.next_value::<IgnoredAny>()?;
            } else if passed > 0 {
                passed -= 1;
                map.next_value::<IgnoredAny>()?;
            } else {
                map.next_value_seed(Seek(rest))?;
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
