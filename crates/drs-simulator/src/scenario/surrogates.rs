//! JSON writes letters beyond the first plane as two escapes, which no YAML reader takes: a JSON
//! text is read with those letters themselves.

use std::borrow::Cow;

use serde::de::IgnoredAny;

/// The text with each pair of surrogate escapes as the letter that it means, where the text is
/// JSON that has some. No line moves, so a fault is named by the line that was sent.
pub(super) fn written_out(text: &str) -> Cow<'_, str> {
    let has_some = text.contains("\\ud") || text.contains("\\uD");
    if !has_some || serde_json::from_str::<IgnoredAny>(text).is_err() {
        return Cow::Borrowed(text);
    }
    let mut written = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        written.push_str(&rest[..at]);
        rest = &rest[at..];
        let taken = if let Some(letter) = pair(rest) {
            written.push(letter);
            PAIR
        } else {
            let taken = 1 + rest[1..].chars().next().map_or(0, char::len_utf8);
            written.push_str(&rest[..taken]);
            taken
        };
        rest = &rest[taken..];
    }
    written.push_str(rest);
    Cow::Owned(written)
}

/// Letters of `\uD83D\uDE91`.
const PAIR: usize = 12;

fn pair(text: &str) -> Option<char> {
    let unit = |text: &str| u16::from_str_radix(text.strip_prefix("\\u")?, 16).ok();
    let units = [
        unit(text.get(..PAIR / 2)?)?,
        unit(text.get(PAIR / 2..PAIR)?)?,
    ];
    let mut letters = char::decode_utf16(units);
    let letter = letters.next()?.ok()?;
    letters.next().is_none().then_some(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pairs_of_json_are_written_out() {
        let json = r#"{"a":"\ud83d\uDE91 \u00e9 \\ud83d\\ude91 \"","b":"世"}"#;
        let expected = r#"{"a":"🚑 \u00e9 \\ud83d\\ude91 \"","b":"世"}"#;
        assert_eq!(written_out(json), expected);
        for other in [r"a: \ud83d\ude91", r#"{"a":"\u00e9"}"#, r#"{"a":"\ud83d"#] {
            assert!(matches!(written_out(other), Cow::Borrowed(text) if text == other));
        }
    }
}
