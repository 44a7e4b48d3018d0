//! Texts that are cut to a number of bytes as JSON.

use domain::short::cut;

#[test]
fn a_cut_text_has_at_most_the_bytes_that_are_given_and_says_that_it_is_cut() {
    let bytes = |text: &str| serde_json::to_string(text).unwrap().len() - 2;
    for letter in ["a", "é", "世", "🚑", "\"", "\\", "\n", "\u{1}", "\u{7f}"] {
        let whole = letter.repeat(100);
        for bytes_max in 3..700 {
            let mut text = whole.clone();
            cut(&mut text, bytes_max);
            assert!(bytes(&text) <= bytes_max, "{letter:?} {bytes_max}");
            let is_whole = bytes(&whole) <= bytes_max;
            assert_eq!(text == whole, is_whole, "{letter:?} {bytes_max}");
            assert_eq!(text.ends_with('…'), !is_whole, "{letter:?} {bytes_max}");
        }
    }
}
