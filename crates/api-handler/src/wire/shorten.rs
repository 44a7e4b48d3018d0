//! Texts of the world, cut to what an answer carries. An answer is counted as JSON, in which a
//! quote takes two bytes and a control character six.

/// How much of an execution one answer shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Room {
    /// Most bytes of the reason why a server did not launch, or an instance was not terminated.
    pub(crate) reason: usize,
    /// Most warnings of a server, and most bytes of each.
    pub(crate) warnings: usize,
    pub(crate) warning: usize,
    /// Most addresses of an instance.
    pub(crate) addresses: usize,
    /// Most bytes of a hostname.
    pub(crate) hostname: usize,
    /// Most bytes of a text about the whole, and most entries of a list about the whole.
    pub(crate) text: usize,
    pub(crate) entries: usize,
}

impl Room {
    /// From the widest to the narrowest. The narrowest still tells a code from a sentence: every
    /// warning that is a code has fewer than 24 letters.
    pub(crate) const STEPS: [Self; 6] = [
        Self::of((1_000, 10, 400), (16, 400), (4_000, 1_000)),
        Self::of((400, 5, 200), (8, 255), (2_000, 400)),
        Self::of((200, 3, 100), (8, 255), (1_000, 200)),
        Self::of((100, 2, 50), (4, 128), (500, 100)),
        Self::of((50, 1, 30), (1, 64), (200, 50)),
        Self::of((24, 1, 24), (0, 24), (100, 25)),
    ];

    const fn of(
        (reason, warnings, warning): (usize, usize, usize),
        (addresses, hostname): (usize, usize),
        (text, entries): (usize, usize),
    ) -> Self {
        Self {
            reason,
            warnings,
            warning,
            addresses,
            hostname,
            text,
            entries,
        }
    }
}

/// Cuts a text to at most this many bytes of JSON, the sign of the cut among them.
pub(crate) fn cut(text: &mut String, bytes_max: usize) {
    let room = bytes_max.saturating_sub(CUT.len());
    let mut bytes = 0;
    let mut kept = 0;
    for (index, letter) in text.char_indices() {
        bytes += json_bytes_of(letter);
        if bytes <= room {
            kept = index + letter.len_utf8();
        }
        if bytes > bytes_max {
            text.truncate(kept);
            text.push_str(CUT);
            return;
        }
    }
}

/// The same of a text that may be absent.
pub(crate) fn cut_some(text: &mut Option<String>, bytes_max: usize) {
    if let Some(text) = text {
        cut(text, bytes_max);
    }
}

/// Cuts every text of a list, and the list to its first `entries`.
pub(crate) fn cut_list(texts: &mut Vec<String>, entries: usize, bytes_max: usize) {
    texts.truncate(entries);
    for text in texts {
        cut(text, bytes_max);
    }
}

const CUT: &str = "…";

fn json_bytes_of(letter: char) -> usize {
    match letter {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        '\0'..='\u{1f}' => 6,
        _ => letter.len_utf8(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::json_bytes;

    #[test]
    fn a_cut_text_has_at_most_the_bytes_that_are_given_and_says_that_it_is_cut() {
        let letters = ["a", "é", "世", "🚑", "\"", "\\", "\n", "\u{1}", "\u{7f}"];
        for letter in letters {
            let whole = letter.repeat(100);
            for bytes_max in 3..700 {
                let mut text = whole.clone();
                cut(&mut text, bytes_max);
                let quotes = 2;
                assert!(
                    json_bytes(&text) - quotes <= bytes_max,
                    "{letter:?} {bytes_max}"
                );
                let is_whole = json_bytes(&whole) - quotes <= bytes_max;
                assert_eq!(text == whole, is_whole, "{letter:?} {bytes_max}");
                assert_eq!(text.ends_with(CUT), !is_whole, "{letter:?} {bytes_max}");
            }
        }
    }
}
