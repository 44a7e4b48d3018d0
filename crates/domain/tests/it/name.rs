//! Names: trimmed, short, on one line, the same without regard to case.

use domain::Name;
use domain::name::{InvalidName, NAME_LENGTH_MAX};
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

proptest! {
    #[test]
    fn every_name_survives_the_wire(text in "\\PC{1,80}") {
        if let Ok(name) = text.parse::<Name>() {
            let wire = serde_json::to_string(&name).unwrap();
            prop_assert_eq!(serde_json::from_str::<Name>(&wire).unwrap(), name);
        }
    }
}
