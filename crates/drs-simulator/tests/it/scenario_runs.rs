//! Every shipped scenario is played by a careful client, and comes out as its `expect` says.

mod careful_client;

use careful_client::CarefulClient;
use drs_simulator::{Scenario, World};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn shipped() -> BTreeSet<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let entries = std::fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn every_shipped_scenario_comes_out_as_it_expects() {
    let mut played = 0;
    for path in shipped() {
        let text = std::fs::read_to_string(&path).unwrap();
        let scenario =
            Scenario::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut world = World::new(&scenario);
        CarefulClient::new(&scenario, &mut world).drill_everything();
        let verdict = world.verify();
        assert!(verdict.ok, "{}: {:#?}", path.display(), verdict.violations);
        let jobs = world
            .journal()
            .requests()
            .filter(|one| one.operation == "StartRecovery" && one.committed);
        assert!(jobs.count() > 0, "{}: nothing was launched", path.display());
        played += 1;
    }
    assert_eq!(played, 13);
}

#[test]
fn every_shipped_scenario_says_in_its_first_lines_what_it_is() {
    for path in shipped() {
        let text = std::fs::read_to_string(&path).unwrap();
        let mut lines = text.lines();
        let schema = lines.next().unwrap();
        assert_eq!(
            schema,
            "# yaml-language-server: $schema=../scenario.schema.json"
        );
        assert!(
            lines.next().unwrap().starts_with("# "),
            "{}",
            path.display()
        );
    }
}

#[test]
fn every_shipped_scenario_with_times_says_what_they_count_from() {
    let mut with_times = 0;
    for path in shipped() {
        let text = std::fs::read_to_string(&path).unwrap();
        let scenario = Scenario::parse(&text).unwrap();
        let timed = |rule: &drs_simulator::scenario::Rule| {
            rule.when.after.is_some() || rule.when.until.is_some()
        };
        let counts = !scenario.timeline.is_empty() || scenario.rules.iter().any(timed);
        let head: Vec<_> = text
            .lines()
            .take_while(|line| line.starts_with('#'))
            .collect();
        let head = head.join(" ");
        let says = head.contains("count from the start") && head.contains("/_sim/reset");
        assert_eq!(says, counts, "{}", path.display());
        with_times += usize::from(counts);
    }
    assert!(with_times > 0);
}

#[test]
fn a_scenario_that_comes_out_otherwise_is_found() {
    for expectation in [
        "{ last_launch: { web-01: FAILED } }",
        "{ last_launch: { web-02: LAUNCHED } }",
        "{ recovery_instances: 7 }",
    ] {
        let mut world = crate::support::world(&format!("expect: [ {expectation} ]\n"));
        crate::support::launch(&mut world, &crate::support::drill([1]));
        assert!(!world.verify().ok, "{expectation}");
    }
}

#[test]
fn the_schema_for_editors_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenario.schema.json");
    let committed = std::fs::read_to_string(path).unwrap();
    assert!(
        committed == Scenario::schema(),
        "write it anew: cargo run -p drs-simulator -- --print-schema > crates/drs-simulator/scenario.schema.json"
    );
}
