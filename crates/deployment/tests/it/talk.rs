//! Sentences that end, and numbers with their nouns.

use deployment::cloud::LiveExecution;
use deployment::counted;
use deployment::failure::{StackEvent, first_cause};
use deployment::guard::{GuardOverride, Intent, UnderWay, check, check_instances};
use deployment::instances::LeftInstance;
use deployment::progress::{Certainty, Change, Event};
use deployment::talk::{listed, repeated};

#[test]
fn one_is_told_without_an_s() {
    let told = [0, 1, 2].map(|count| counted(count, "object", "objects"));
    assert_eq!(told, ["0 objects", "1 object", "2 objects"]);
    let change = Change {
        action: "Modify".to_owned(),
        replacement: None,
        resource: "ApiStack".to_owned(),
        resource_type: "AWS::CloudFormation::Stack".to_owned(),
        certainty: Certainty::Certain,
    };
    let told = Event::Changes(vec![change]).to_string();
    assert!(told.starts_with("  change set: 1 change\n"), "{told}");
    let told = Event::Uploaded {
        key: "manifest.json".to_owned(),
        size: 1,
    };
    assert_eq!(told.to_string(), "  uploaded manifest.json (1 byte)");
}

#[test]
fn a_long_list_ends_with_how_many_others_there_are() {
    let names =
        |count: usize| -> Vec<String> { (1..=count).map(|number| format!("n{number}")).collect() };
    assert_eq!(listed(&names(2)), "n1, n2");
    assert!(listed(&names(13)).ends_with(", n12, n13"));
    assert!(listed(&names(14)).ends_with(", n11, n12 and 2 others"));
    assert!(listed(&names(500)).ends_with(", n12 and 488 others"));
}

#[test]
fn what_a_service_says_at_length_is_repeated_by_its_beginning() {
    assert_eq!(repeated("Denied."), "Denied.");
    let told = repeated(&"日".repeat(4_000));
    assert!(told.ends_with("日… (3200 more letters)"), "{told}");
    let told = Event::Failed {
        resource: "Console".to_owned(),
        reason: "x".repeat(4_000),
    };
    assert!(told.to_string().len() < 1_000, "{told}");
}

#[test]
fn a_first_cause_of_4000_letters_is_a_sentence() {
    let event = StackEvent {
        id: "1".to_owned(),
        at: 1,
        stack: "shop-dev".to_owned(),
        resource: "Console".to_owned(),
        physical_id: String::new(),
        resource_type: "Custom::Console".to_owned(),
        status: "CREATE_FAILED".to_owned(),
        reason: "y".repeat(4_000),
    };
    let cause = first_cause(&[event]);
    assert!(cause.starts_with("Console (Custom::Console) in shop-dev is CREATE_FAILED: yyy"));
    assert!(cause.len() < 1_000, "{}", cause.len());
}

#[test]
fn five_hundred_executions_or_instances_are_refused_in_a_sentence() {
    let live = |number| LiveExecution {
        id: format!("e-{number}"),
        kind: "DRILL".to_owned(),
        status: "RUNNING".to_owned(),
        plan: "Payments".to_owned(),
    };
    let live = UnderWay::Known((0..500).map(live).collect());
    let refusal = check(&live, Intent::Deploy, GuardOverride::None).unwrap_err();
    let refusal = refusal.to_string();
    assert!(refusal.contains(" and 488 others; wait until"), "{refusal}");
    // What is recorded names them all.
    assert!(live.to_string().contains("e-499"));
    let left = |number| LeftInstance {
        instance: format!("i-{number}"),
        server: "s-1".to_owned(),
        hostname: None,
        execution: "e-1".to_owned(),
        kind: "drill",
        account: "111122223333".to_owned(),
        region: "us-west-2".to_owned(),
    };
    let left: Vec<LeftInstance> = (0..500).map(left).collect();
    let refusal = check_instances(&left, GuardOverride::None).unwrap_err();
    let refusal = refusal.to_string();
    assert!(
        refusal.contains(" and 488 others; clean their"),
        "{refusal}"
    );
}
