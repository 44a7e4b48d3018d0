//! Names that people give to groups and plans; unique without regard to case, and to how the same
//! letters are written.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory};
use icu_properties::{CodePointMapData, CodePointSetData};
use serde::{Deserialize, Serialize};

/// Longest name, in characters.
pub const NAME_LENGTH_MAX: usize = 64;

/// What a name looks like, as a regular expression (ECMA-262 with Unicode): no control
/// characters, and something to see. White space around it counts for nothing.
pub const NAME_PATTERN: &str = concat!(
    r"^[^\u0000-\u001f\u007f-\u009f]*",
    r"(?![\u115f\u1160\u2800\u3164\uffa0])[\p{L}\p{N}\p{P}\p{S}]",
    r"[^\u0000-\u001f\u007f-\u009f]*$"
);

/// The one symbol that is made to show nothing (U+2800).
const BLANK_BRAILLE: char = '\u{2800}';

/// A name of 1 to 64 characters without control characters, trimmed, in Unicode's composed form
/// (NFC), with something to see in it. One that was kept before all of this was asked for is
/// read as it was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Kept", into = "String")]
pub struct Name(String);

/// The text of a name that was accepted once.
#[derive(Deserialize)]
struct Kept(String);

/// Why a text cannot be a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidName {
    /// Nothing but white space.
    #[error("a name is required")]
    Empty,
    /// Nothing that can be seen.
    #[error("a name has a character that can be seen")]
    Invisible,
    /// More than [`NAME_LENGTH_MAX`] characters.
    #[error("a name has at most {NAME_LENGTH_MAX} characters")]
    TooLong,
    /// Contains a control character, such as a line break.
    #[error("a name has no control characters")]
    ControlCharacter,
}

impl Name {
    /// The name as it is shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What two names must share to be the same name: the letters, without regard to case, to
    /// the form that they are written in, to what cannot be seen, and to the width of gaps.
    pub fn key(&self) -> String {
        let visible: String = decomposed(&self.0)
            .chars()
            .filter(|letter| !is_ignorable(*letter))
            .collect();
        // Capitals first: some letters have no small form of their own, such as ß and SS.
        let folded = visible.to_uppercase().to_lowercase();
        let words: Vec<&str> = folded.split_whitespace().collect();
        composed(&words.join(" "))
    }

    /// The keys under which an equal name may be kept from when a key was the text in lower
    /// case; without the key of today.
    pub fn earlier_keys(&self) -> BTreeSet<String> {
        let forms = [self.0.clone(), composed(&self.0), decomposed(&self.0)];
        let mut keys: BTreeSet<String> = forms.iter().map(|form| form.to_lowercase()).collect();
        keys.remove(&self.key());
        keys
    }
}

/// Whether two texts are the same letter by letter, in whatever form each is written. What
/// people type to confirm a name comes in the form of their keyboard.
pub fn is_same_text(one: &str, other: &str) -> bool {
    composed(one.trim()) == composed(other.trim())
}

/// The composed form of a text (NFC).
pub fn composed(text: &str) -> String {
    ComposingNormalizerBorrowed::new_nfc()
        .normalize(text)
        .into_owned()
}

fn decomposed(text: &str) -> String {
    DecomposingNormalizerBorrowed::new_nfd()
        .normalize(text)
        .into_owned()
}

/// Whether Unicode says that nothing shows of a character: zero width, fillers, and what turns
/// the direction of a text.
fn is_ignorable(letter: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(letter)
}

/// Whether a person sees anything of a text.
pub fn shows_something(text: &str) -> bool {
    text.chars().any(is_visible)
}

fn is_visible(letter: char) -> bool {
    if is_ignorable(letter) || letter == BLANK_BRAILLE {
        return false;
    }
    !matches!(
        CodePointMapData::<GeneralCategory>::new().get(letter),
        GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::Unassigned
            | GeneralCategory::PrivateUse
            | GeneralCategory::Surrogate
            | GeneralCategory::SpaceSeparator
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
            | GeneralCategory::NonspacingMark
            | GeneralCategory::SpacingMark
            | GeneralCategory::EnclosingMark
    )
}

impl FromStr for Name {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        let text = text.trim();
        let name = composed(text);
        // A few letters have a longer composed form, which nobody who counts what they type knows.
        let length = name.chars().count().min(text.chars().count());
        if name.is_empty() {
            Err(InvalidName::Empty)
        } else if length > NAME_LENGTH_MAX {
            Err(InvalidName::TooLong)
        } else if name.chars().any(char::is_control) {
            Err(InvalidName::ControlCharacter)
        } else if !shows_something(&name) {
            Err(InvalidName::Invisible)
        } else {
            Ok(Self(name))
        }
    }
}

impl From<Kept> for Name {
    fn from(Kept(text): Kept) -> Self {
        Self(text)
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
