//! Names: trimmed, short, on one line, the same without regard to case.

use domain::Name;
use domain::name::{InvalidName, NAME_LENGTH_MAX, is_same_text};
use proptest::prelude::*;

fn check(text: &str, expected: Result<&str, InvalidName>) {
    let name = text.parse::<Name>();
    assert_eq!(
        name.as_ref().map(Name::as_str).map_err(|error| *error),
        expected
    );
}

#[test]
fn a_name_is_a_trimmed_text_of_1_to_64_characters_on_one_line() {
    check("Shop", Ok("Shop"));
    check("  Shop \t", Ok("Shop"));
    check("Größe 1", Ok("Größe 1"));
    check("", Err(InvalidName::Empty));
    check(" \n ", Err(InvalidName::Empty));
    check("Shop\nfront", Err(InvalidName::ControlCharacter));
    check("Shop\u{7}", Err(InvalidName::ControlCharacter));
    let longest = "ß".repeat(NAME_LENGTH_MAX);
    check(&longest, Ok(&longest));
    check(&format!(" {longest} "), Ok(&longest));
    check(&format!("{longest}ß"), Err(InvalidName::TooLong));
}

#[test]
fn names_that_differ_in_case_alone_are_the_same_name() {
    let key = |text: &str| text.parse::<Name>().unwrap().key();
    assert_eq!(key("Datenbank ÄÖÜ"), key(" DATENBANK äöü "));
    assert_ne!(key("Shop"), key("Shop 2"));
}

#[test]
fn names_that_are_equal_to_the_eye_are_the_same_name() {
    let key = |text: &str| text.parse::<Name>().unwrap().key();
    let equal = [
        ("Caf\u{e9}", "Cafe\u{301}"),
        ("CAF\u{c9}", "cafe\u{301}"),
        ("Straße", "STRASSE"),
        ("ΣΟΦΟΣ", "σοφος"),
        ("Shop", "Sh\u{200b}op\u{feff}"),
        ("Shop", "\u{202e}Shop\u{2069}"),
        ("Shop A", "Shop\u{a0} A"),
        ("\u{ac00}", "\u{1100}\u{1161}"),
    ];
    for (one, other) in equal {
        assert_eq!(key(one), key(other), "{one:?} {other:?}");
    }
    for (one, other) in [("Café", "Cafe"), ("Shop A", "ShopA"), ("мир", "миp")] {
        assert_ne!(key(one), key(other), "{one:?} {other:?}");
    }
}

#[test]
fn a_name_is_kept_in_its_composed_form() {
    check("Cafe\u{301}", Ok("Caf\u{e9}"));
    let longest = "e\u{301}".repeat(NAME_LENGTH_MAX);
    check(&longest, Ok(&"\u{e9}".repeat(NAME_LENGTH_MAX)));
}

#[test]
fn a_name_has_something_to_see_in_it() {
    let invisible = [
        "\u{200b}",
        "\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}",
        "\u{3164}",
        "\u{115f}\u{1160}\u{ffa0}",
        "\u{202a}\u{202e}\u{2066}\u{2069}",
        "\u{ad}",
        "\u{2800}",
        "\u{200b} \u{200b}",
        "\u{301}",
        "\u{e0001}\u{e0041}",
        "\u{fe0f}",
    ];
    for text in invisible {
        check(text, Err(InvalidName::Invisible));
    }
    for text in ["é", "世", "🚑", "-", "👩\u{200d}🚒", "می\u{200c}خواهم"] {
        check(text, Ok(text));
    }
}

#[test]
fn a_name_that_was_kept_before_is_read_as_it_was_kept() {
    for text in ["Cafe\u{301}", "\u{200b}", " Shop "] {
        let name: Name = serde_json::from_value(text.into()).unwrap();
        assert_eq!(name.as_str(), text);
    }
    let kept: Name = serde_json::from_value("Cafe\u{301}".into()).unwrap();
    let typed: Name = "CAF\u{c9}".parse().unwrap();
    assert_eq!(kept.key(), typed.key());
    let key_of_before = kept.as_str().to_lowercase();
    assert!(kept.earlier_keys().contains(&key_of_before));
    assert!(typed.earlier_keys().contains(&key_of_before));
    let plain: Name = "Shop 2".parse().unwrap();
    assert!(plain.earlier_keys().is_empty());
}

#[test]
fn a_text_is_the_same_in_either_form_and_else_letter_by_letter() {
    assert!(is_same_text("Caf\u{e9}", "Cafe\u{301}"));
    assert!(is_same_text(" Shop\n", "Shop"));
    assert!(!is_same_text("Shop", "shop"));
    assert!(!is_same_text("Shop", "Shop 2"));
}

proptest! {
    #[test]
    fn every_name_survives_the_wire(text in "\\PC{1,80}") {
        if let Ok(name) = text.parse::<Name>() {
            let wire = serde_json::to_string(&name).unwrap();
            prop_assert_eq!(serde_json::from_str::<Name>(&wire).unwrap(), name);
        }
    }
}
