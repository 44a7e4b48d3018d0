//! Texts that the world writes: errors, hostnames, warnings. Nobody knows how long they are, and
//! what keeps them has limits, so an execution keeps the beginning of each.

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

use crate::short::cut;

/// Why a server did not launch, or why something waits. The whole text is in the log that it
/// came from.
pub type Reason = Text<400>;
/// The name that a server gives itself.
pub type Hostname = Text<255>;
/// What people should know of a server.
pub type Warning = Text<200>;
/// A sentence of an event log or of a notice, or what DRS says when it refuses.
pub type Sentence = Text<2_000>;
/// DRS's own error in the log of a job. DRS allows 65,536 characters.
pub type LoggedError = Text<8_000>;

/// A text of at most `BYTES` bytes as JSON writes it, without control characters. A longer one is
/// cut between two characters, and says so by its last one.
///
/// JSON writes quotation marks and backslashes with two bytes each; they count as two.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Text<const BYTES: usize>(String);

impl<const BYTES: usize> Text<BYTES> {
    /// Most bytes that JSON needs for one.
    pub const BYTES_MAX: usize = BYTES;

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn of(text: &str) -> Self {
        // Line breaks and tabs become spaces: what is kept is a sentence.
        let clean = |character: char| {
            if character.is_control() {
                ' '
            } else {
                character
            }
        };
        let mut kept: String = text.chars().map(clean).collect();
        cut(&mut kept, BYTES);
        Self(kept)
    }
}

/// Things that one sentence of a log or a refusal names.
pub const LISTED_MAX: usize = 20;

/// The first `most` of a list in a sentence, and how many others there are: "a, b and 3 others".
pub fn some_of<T: fmt::Display>(items: impl IntoIterator<Item = T>, most: usize) -> String {
    let mut items = items.into_iter();
    let shown: Vec<String> = items
        .by_ref()
        .take(most)
        .map(|item| item.to_string())
        .collect();
    match items.count() {
        0 => shown.join(", "),
        1 => format!("{} and 1 other", shown.join(", ")),
        others => format!("{} and {others} others", shown.join(", ")),
    }
}

impl<const BYTES: usize> From<&str> for Text<BYTES> {
    fn from(text: &str) -> Self {
        Self::of(text)
    }
}

impl<const BYTES: usize> From<String> for Text<BYTES> {
    fn from(text: String) -> Self {
        Self::of(&text)
    }
}

impl<const BYTES: usize> From<&String> for Text<BYTES> {
    fn from(text: &String) -> Self {
        Self::of(text)
    }
}

impl<const BYTES: usize> From<Text<BYTES>> for String {
    fn from(text: Text<BYTES>) -> Self {
        text.0
    }
}

impl<const BYTES: usize> From<&Text<BYTES>> for String {
    fn from(text: &Text<BYTES>) -> Self {
        text.0.clone()
    }
}

impl<const BYTES: usize> Deref for Text<BYTES> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<const BYTES: usize> AsRef<str> for Text<BYTES> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl<const BYTES: usize> PartialEq<str> for Text<BYTES> {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl<const BYTES: usize> PartialEq<&str> for Text<BYTES> {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl<const BYTES: usize> fmt::Display for Text<BYTES> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
