//! Patterns that clients are told: a text has one exactly where it is taken.

use std::str::FromStr;

use domain::name::{NAME_LENGTH_MAX, NAME_PATTERN};
use domain::{
    AccountId, ExecutionId, HoldId, JobId, Name, ProtectionGroupId, RecoveryInstanceId,
    RecoveryPlanId, Region, SourceServerId, WaveKey,
};
use fancy_regex::Regex;
use proptest::prelude::*;

fn has(pattern: &str, text: &str) -> bool {
    let pattern = Regex::new(pattern).expect("a pattern");
    pattern.is_match(text).expect("a pattern that ends")
}

/// Texts that a pattern takes, and texts that are one change away from them.
fn near(pattern: &str) -> impl Strategy<Value = String> {
    let pattern = pattern.trim_start_matches('^').trim_end_matches('$');
    let taken = proptest::string::string_regex(pattern).expect("a pattern without anchors");
    let letter = prop_oneof![
        Just('-'),
        Just('\n'),
        Just('Z'),
        Just('g'),
        Just('9'),
        Just('ß'),
        Just(' ')
    ];
    (taken, 0..3_u8, any::<prop::sample::Index>(), letter).prop_map(
        |(text, change, place, letter)| {
            let mut letters: Vec<char> = text.chars().collect();
            let place = place.index(letters.len());
            match change {
                0 => {}
                1 => letters[place] = letter,
                2 => letters.insert(place + 1, letter),
                _ => {
                    letters.remove(place);
                }
            }
            letters.into_iter().collect()
        },
    )
}

macro_rules! taken_as_told {
    ($($claim:ident: $id:ident),+ $(,)?) => {
        proptest! {
            $(
                #[test]
                fn $claim(text in near($id::PATTERN)) {
                    prop_assert_eq!(
                        $id::from_str(&text).is_ok(),
                        has($id::PATTERN, &text),
                        "{:?}",
                        text
                    );
                }
            )+
        }
    };
}

taken_as_told!(
    protection_group_ids_are_taken_as_their_pattern_says: ProtectionGroupId,
    recovery_plan_ids_are_taken_as_their_pattern_says: RecoveryPlanId,
    execution_ids_are_taken_as_their_pattern_says: ExecutionId,
    hold_ids_are_taken_as_their_pattern_says: HoldId,
    wave_keys_are_taken_as_their_pattern_says: WaveKey,
    source_server_ids_are_taken_as_their_pattern_says: SourceServerId,
    job_ids_are_taken_as_their_pattern_says: JobId,
    recovery_instance_ids_are_taken_as_their_pattern_says: RecoveryInstanceId,
    account_ids_are_taken_as_their_pattern_says: AccountId,
);

proptest! {
    #[test]
    fn regions_are_taken_as_their_pattern_and_their_length_say(text in near(Region::PATTERN)) {
        let told = has(Region::PATTERN, &text) && text.len() <= Region::LENGTH_MAX;
        prop_assert_eq!(Region::from_str(&text).is_ok(), told, "{:?}", text);
    }

    #[test]
    fn a_name_that_the_pattern_and_the_length_allow_is_taken(text in "\\PC{0,80}|.{0,70}") {
        let told = has(NAME_PATTERN, &text) && text.chars().count() <= NAME_LENGTH_MAX;
        if told {
            prop_assert!(Name::from_str(&text).is_ok(), "{:?}", text);
        }
        // White space around a name is forgiven, and so is how its letters are written.
        let plain = text.trim() == text && domain::name::composed(&text) == text;
        if plain && !told {
            prop_assert!(Name::from_str(&text).is_err(), "{:?}", text);
        }
    }
}

#[test]
fn a_name_is_no_longer_than_what_was_typed() {
    // Its composed form has two letters.
    let longest = "\u{958}".repeat(NAME_LENGTH_MAX);
    assert!(Name::from_str(&longest).is_ok());
    let longer = "\u{958}".repeat(NAME_LENGTH_MAX + 1);
    assert!(Name::from_str(&longer).is_err());
}

#[test]
fn what_cannot_be_seen_has_not_the_pattern_of_a_name() {
    for text in [
        "\u{200b}", "\u{3164}", "\u{2800}", "\u{301}", " ", "", "a\nb",
    ] {
        assert!(!has(NAME_PATTERN, text), "{text:?}");
        assert!(Name::from_str(text).is_err(), "{text:?}");
    }
    for text in ["é", "世", "🚑", "-", "می\u{200c}خواهم"] {
        assert!(has(NAME_PATTERN, text), "{text:?}");
    }
}
