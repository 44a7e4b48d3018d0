//! Protection groups: drafts, and the word about isolation.

use domain::fault::{Fault, FaultCode};
use domain::protection_group::{
    DESCRIPTION_LENGTH_MAX, GroupContent, GroupDraft, ProtectionGroup, SERVERS_PER_GROUP_MAX,
};

use crate::world::{at, place, server};

fn draft() -> GroupDraft {
    GroupDraft {
        name: "Databases".to_owned(),
        description: " All of them. ".to_owned(),
        account: None,
        region: "us-west-1".to_owned(),
        servers: vec![server(1).to_string(), server(2).to_string()],
        isolation_statement: Some(" The drill VPC has no routes out. ".to_owned()),
    }
}

fn parse(draft: &GroupDraft) -> Result<GroupContent, Vec<Fault>> {
    draft.parse(&"111122223333".parse().unwrap())
}

fn check(draft: &GroupDraft, expected: &[(&str, FaultCode)]) {
    let faults = parse(draft).err().unwrap_or_default();
    let found: Vec<(&str, FaultCode)> = faults
        .iter()
        .map(|fault| (fault.path.as_str(), fault.code))
        .collect();
    assert_eq!(found, expected);
    assert!(faults.iter().all(|fault| !fault.message.is_empty()));
}

#[test]
fn a_right_draft_is_trimmed_and_is_in_the_deploying_account() {
    let content = parse(&draft()).unwrap();
    assert_eq!(content.place, place(1));
    assert_eq!(content.servers, [server(1), server(2)]);
    assert_eq!(content.description, "All of them.");
    let statement = content.isolation_statement.unwrap();
    assert_eq!(statement, "The drill VPC has no routes out.");
}

#[test]
fn every_fault_of_a_draft_is_found_at_once() {
    let wrong = GroupDraft {
        name: " ".to_owned(),
        description: "x".repeat(DESCRIPTION_LENGTH_MAX + 1),
        account: Some("1".to_owned()),
        region: String::new(),
        servers: vec![
            server(1).to_string(),
            "server-2".to_owned(),
            server(1).to_string(),
            String::new(),
        ],
        isolation_statement: Some(" ".to_owned()),
    };
    check(
        &wrong,
        &[
            ("name", FaultCode::Required),
            ("description", FaultCode::TooLong),
            ("accountId", FaultCode::InvalidFormat),
            ("region", FaultCode::Required),
            ("sourceServerIds[1]", FaultCode::InvalidFormat),
            ("sourceServerIds[2]", FaultCode::Duplicate),
            ("sourceServerIds[3]", FaultCode::Required),
            ("drillIsolation.statement", FaultCode::Required),
        ],
    );
}

#[test]
fn a_group_has_1_to_500_servers() {
    let with = |count: u32| GroupDraft {
        servers: (1..=count)
            .map(|number| server(number).to_string())
            .collect(),
        ..draft()
    };
    let most = u32::try_from(SERVERS_PER_GROUP_MAX).unwrap();
    check(&with(0), &[("sourceServerIds", FaultCode::NoServers)]);
    check(&with(1), &[]);
    check(&with(most), &[]);
    check(&with(most + 1), &[("sourceServerIds", FaultCode::TooLong)]);
}

#[test]
fn a_name_and_a_statement_have_a_longest_length() {
    let long = "x".repeat(DESCRIPTION_LENGTH_MAX + 1);
    check(
        &GroupDraft {
            name: long.clone(),
            ..draft()
        },
        &[("name", FaultCode::TooLong)],
    );
    check(
        &GroupDraft {
            name: "a\u{0}".to_owned(),
            ..draft()
        },
        &[("name", FaultCode::InvalidFormat)],
    );
    check(
        &GroupDraft {
            isolation_statement: Some(long),
            ..draft()
        },
        &[("drillIsolation.statement", FaultCode::TooLong)],
    );
}

fn group() -> ProtectionGroup {
    let id = "00000000-0000-4000-9000-000000000001".parse().unwrap();
    ProtectionGroup::new(id, parse(&draft()).unwrap(), "ann", at(0))
}

/// The word about isolation after a change: who gave it and when, in seconds.
fn check_isolation(change: impl Fn(&mut GroupDraft), expected: Option<(&str, i64)>) {
    let mut changed = GroupDraft {
        isolation_statement: None,
        ..draft()
    };
    change(&mut changed);
    let group = group().changed(parse(&changed).unwrap(), "ben", at(60));
    assert_eq!(
        (group.version, group.created_at, group.updated_at),
        (2, at(0), at(60))
    );
    let word = group
        .drill_isolation
        .map(|word| (word.confirmed_by, word.confirmed_at));
    let expected = expected.map(|(by, seconds)| (by.to_owned(), at(seconds)));
    assert_eq!(word, expected);
}

#[test]
fn a_change_of_members_clears_the_word_about_isolation_unless_it_is_given_again() {
    let statement = || draft().isolation_statement;
    let other = || vec![server(1).to_string()];
    let reversed = || vec![server(2).to_string(), server(1).to_string()];
    check_isolation(|_| {}, Some(("ann", 0)));
    check_isolation(|draft| draft.name = "Other".to_owned(), Some(("ann", 0)));
    check_isolation(|draft| draft.servers = reversed(), Some(("ann", 0)));
    check_isolation(
        |draft| draft.isolation_statement = statement(),
        Some(("ann", 0)),
    );
    check_isolation(
        |draft| draft.isolation_statement = Some("Another VPC.".to_owned()),
        Some(("ben", 60)),
    );
    check_isolation(|draft| draft.servers = other(), None);
    check_isolation(|draft| draft.region = "us-west-2".to_owned(), None);
    check_isolation(
        |draft| {
            draft.servers = other();
            draft.isolation_statement = statement();
        },
        Some(("ben", 60)),
    );
}
