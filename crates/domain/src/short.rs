//! Texts of the world, cut to what is kept of them. They are kept and sent as JSON, in which a
//! quote takes two bytes and a control character six.

/// Cuts a text to at most this many bytes of JSON, the sign of the cut among them.
pub fn cut(text: &mut String, bytes_max: usize) {
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

const CUT: &str = "…";

fn json_bytes_of(letter: char) -> usize {
    match letter {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        '\0'..='\u{1f}' => 6,
        _ => letter.len_utf8(),
    }
}
