//! Texts of the world, bounded.

use domain::text::{Reason, Text, Warning, some_of};
use proptest::prelude::*;

#[test]
fn a_short_text_is_kept_as_it_is() {
    assert_eq!(
        Reason::from("LAUNCH_FAILED: no capacity"),
        "LAUNCH_FAILED: no capacity"
    );
}

#[test]
fn a_long_text_is_cut_between_characters_and_says_so() {
    assert_eq!(Text::<10>::from("ボリュームの変換"), "ボリ…");
    assert_eq!(Text::<10>::from("ten bytes!"), "ten bytes!");
    assert_eq!(Text::<10>::from("eleven byte"), "eleven …");
}

#[test]
fn line_breaks_and_other_control_characters_become_spaces() {
    assert_eq!(Reason::from("one\ntwo\tthree\u{0}"), "one two three ");
}

#[test]
fn a_text_of_before_is_cut_when_it_is_read() {
    let long = format!("\"{}\"", "x".repeat(5_000));
    let read: Warning = serde_json::from_str(&long).unwrap();
    assert!(read.len() <= Warning::BYTES_MAX);
}

#[test]
fn a_sentence_names_some_and_counts_the_others() {
    assert_eq!(some_of(["a", "b"], 2), "a, b");
    assert_eq!(some_of(["a", "b", "c"], 2), "a, b and 1 other");
    assert_eq!(some_of(1..=1_000, 2), "1, 2 and 998 others");
}

proptest! {
    #[test]
    fn whatever_the_world_says_fits_as_json_writes_it(text in "\\PC{0,600}|[\"\\\\\u{1}-\u{1f}]{0,600}") {
        let kept = Text::<100>::from(text.as_str());
        let written = serde_json::to_string(&kept).unwrap();
        prop_assert!(written.len() <= 102, "{} bytes: {written}", written.len());
        prop_assert_eq!(Text::<100>::from(kept.as_str()), kept);
    }
}
