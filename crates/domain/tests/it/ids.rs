//! Identifiers: what is taken for one, and what is not.

use std::fmt::Debug;
use std::str::FromStr;

use domain::ids::InvalidId;
use domain::{
    AccountId, ExecutionId, HoldId, JobId, ProtectionGroupId, RecoveryInstanceId, RecoveryPlanId,
    Region, SourceServerId, WaveKey,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

fn check<T>(good: &[&str], bad: &[&str])
where
    T: FromStr<Err = InvalidId> + Debug + Serialize + DeserializeOwned + PartialEq + ToString,
{
    for text in good {
        let id: T = text.parse().unwrap();
        assert_eq!(id.to_string(), *text);
        let wire = serde_json::to_string(&id).unwrap();
        assert_eq!(wire, format!("\"{text}\""));
        assert_eq!(serde_json::from_str::<T>(&wire).unwrap(), id);
    }
    for text in bad.iter().chain(&["", " ", "ß", "a\nb"]) {
        let error = text.parse::<T>().unwrap_err();
        assert_eq!(error.text, text.chars().take(64).collect::<String>());
        let wire = serde_json::to_string(text).unwrap();
        let refused = serde_json::from_str::<T>(&wire);
        assert!(refused.is_err(), "{text:?} was taken from the wire");
    }
}

#[test]
fn ids_of_ours_are_lower_case_uuids() {
    let good = ["0190a5d2-7e3b-7c4d-8e5f-0123456789ab"];
    let bad = [
        "0190A5D2-7E3B-7C4D-8E5F-0123456789AB",
        "0190a5d27e3b7c4d8e5f0123456789ab",
        "0190a5d2-7e3b-7c4d-8e5f-0123456789a",
        "0190a5d2-7e3b-7c4d-8e5f-0123456789abc",
        "0190a5d2-7e3b-7c4d-8e5f_0123456789ab",
        "g190a5d2-7e3b-7c4d-8e5f-0123456789ab",
    ];
    check::<ProtectionGroupId>(&good, &bad);
    check::<RecoveryPlanId>(&good, &bad);
    check::<ExecutionId>(&good, &bad);
}

#[test]
fn ids_of_drs_have_its_prefixes_and_lengths() {
    check::<SourceServerId>(
        &["s-00000000000000001", "s-abcdefABCDEF01234"],
        &[
            "s-0000000000000001",
            "s-000000000000000001",
            "S-00000000000000001",
            "i-00000000000000001",
            "s-0000000000000000_",
        ],
    );
    check::<JobId>(
        &["drsjob-00000000000000001"],
        &["drsjob-1", "job-00000000000000001", "00000000000000001"],
    );
    check::<RecoveryInstanceId>(
        &["i-0123456789abcdef0", "i-01234567"],
        &[
            "i-0123456",
            "i-0123456789abcdef01",
            "i-0123456g",
            "ri-01234567",
        ],
    );
}

#[test]
fn places_have_twelve_digits_and_the_code_of_a_region() {
    check::<AccountId>(
        &["111122223333", "000000000000"],
        &["11112222333", "1111222233334", "11112222333a"],
    );
    check::<Region>(
        &[
            "us-west-2",
            "eu-central-1",
            "us-gov-west-1",
            "ap-southeast-10",
        ],
        &[
            "us-west",
            "us-west-",
            "US-WEST-2",
            "west",
            "us_west_2",
            "us--2",
            "us-west-100",
            "2",
        ],
    );
}

#[test]
fn keys_are_short_words_of_small_letters_digits_and_hyphens() {
    let longest = "a".repeat(32);
    check::<WaveKey>(
        &["db", "a", "wave-1", &longest],
        &["Db", "a b", "a_b", &"a".repeat(33)],
    );
    let longest = "h".repeat(64);
    check::<HoldId>(&["gate-1", &longest], &["Gate-1", &"h".repeat(65)]);
}

#[test]
fn the_error_of_a_long_text_repeats_only_its_beginning() {
    let error = "x".repeat(1_000).parse::<JobId>().unwrap_err();
    assert_eq!(error.text, "x".repeat(64));
    let error = "ß".repeat(1_000).parse::<JobId>().unwrap_err();
    assert_eq!(error.text, "ß".repeat(64));
    assert!(
        error
            .to_string()
            .ends_with("is not a DRS job id (drsjob- and 17 letters or digits)")
    );
}
