//! What the README shows can be used as it stands there.

use crate::support::FLEET;
use drs_simulator::Scenario;

const README: &str = include_str!("../../README.md");

#[test]
fn the_scenario_in_the_readme_can_be_used() {
    let (_, after) = README.split_once("```yaml\n").unwrap();
    let (scenario, _) = after.split_once("```").unwrap();
    let scenario = Scenario::parse(scenario).unwrap();
    assert_eq!((scenario.servers.0.len(), scenario.rules.len()), (3, 1));
}

#[test]
fn the_refusal_in_the_readme_is_what_is_said() {
    let (_, after) = README.split_once("```yaml\n").unwrap();
    let (scenario, _) = after.split_once("```").unwrap();
    let broken = scenario.replace("hostname: web-02 }, phase", "hostname: web-09 }, phase");
    let said = Scenario::parse(&broken).unwrap_err().to_string();
    assert!(README.contains(&format!("mine.yaml: {said}.`")), "{said}");
}

#[test]
fn every_fault_of_the_catalogue_in_the_readme_can_be_used() {
    let mut faults = 0;
    for line in README.lines().filter(|line| is_fault(line)) {
        faults += 1;
        let rules = line.split('`').filter(|text| text.starts_with("{ when:"));
        let rules: Vec<_> = rules.collect();
        assert!(!rules.is_empty(), "{line}");
        for rule in rules {
            let read = Scenario::parse(&format!("{FLEET}rules:\n  - {rule}\n"));
            assert!(read.is_ok(), "{rule}: {read:?}");
        }
    }
    assert_eq!(faults, 30);
}

#[test]
fn every_operation_in_the_readme_is_served_and_the_other_way_round() {
    let (_, after) = README.split_once("## What it serves").unwrap();
    let (served, _) = after.split_once("Everything else").unwrap();
    for operation in drs_simulator::OPERATIONS {
        let name = operation.trim_start_matches("ec2:");
        assert!(served.contains(&format!("`{name}`")), "{name}");
    }
}

/// A row such as `| F12 ... |`.
fn is_fault(line: &str) -> bool {
    let number = line
        .strip_prefix("| F")
        .and_then(|rest| rest.chars().next());
    number.is_some_and(|first| first.is_ascii_digit())
}
