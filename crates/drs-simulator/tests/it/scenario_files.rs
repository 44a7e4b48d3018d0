//! Scenario files: what ships can be used, and faults say where they are.

use drs_simulator::scenario::ClockMode;
use drs_simulator::{DEMO_SCENARIO, Scenario};
use std::collections::BTreeMap;

fn fault(text: &str) -> String {
    Scenario::parse(text)
        .expect_err("the scenario is not valid")
        .to_string()
}

#[test]
fn the_demonstration_has_three_tiers_in_two_regions_and_one_region_without_drs() {
    let scenario = Scenario::parse(DEMO_SCENARIO).unwrap();
    assert_eq!(
        (scenario.clock.mode, scenario.clock.scale),
        (ClockMode::Scaled, 60)
    );
    assert!(scenario.servers.0.len() >= 24);
    let mut tiers: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for server in &scenario.servers.0 {
        let region = server.region.as_deref().unwrap();
        *tiers
            .entry((region, server.tags["tier"].as_str()))
            .or_default() += 1;
        assert!(
            server.hostname.starts_with(&server.tags["tier"]),
            "{}",
            server.hostname
        );
    }
    let west: usize = tiers
        .iter()
        .filter(|((region, _), _)| *region == "us-west-2")
        .map(|(_, count)| count)
        .sum();
    assert!(west >= 12);
    assert_eq!(tiers.len(), 6);
    let regions = scenario.accounts[0].regions.iter();
    let without: Vec<_> = regions
        .filter(|(_, settings)| !settings.initialized)
        .collect();
    assert_eq!(without.len(), 1);
    assert_eq!(without[0].0, "eu-west-1");
}

#[test]
fn a_fault_is_named_by_line_column_and_path() {
    for (text, line, column, field, reason) in [
        (
            "version: 1\nseed: 1\nspeed: 60\n",
            3,
            1,
            "speed",
            "unknown field `speed`",
        ),
        ("version: one\n", 1, 10, "version", "invalid type"),
        (
            "servers:\n  - id: s-00000000000000001\n    state: SLEEPY\n",
            3,
            12,
            "servers[0].state",
            "SLEEPY",
        ),
        (
            "rules:\n  - when: { op: StartRecovery, moon: full }\n    do: { stale: true }\n",
            2,
            32,
            "rules[0].when.moon",
            "unknown field `moon`",
        ),
        (
            "clock:\n  mode: scaled\n  scale: 0\n",
            3,
            10,
            "clock.scale",
            "at least 1",
        ),
        (
            "rules:\n  - when: { phase: launch, server: { hostname: ghost } }\n    do: { stall: forever }\n",
            2,
            48,
            "rules[0].when.server.hostname",
            "no server ghost",
        ),
        (
            "rules:\n  - when: { op: StartRecovry }\n    do: { stale: true }\n",
            2,
            17,
            "rules[0].when.op",
            "there is no operation `StartRecovry`",
        ),
        (
            "expect:\n  - { last_launch: { ghost: FAILED } }\n",
            2,
            5,
            "expect[0]",
            "no server ghost",
        ),
        ("version: 1\n\tseed: 1\n", 2, 1, "version", "tab character"),
    ] {
        let error = Scenario::parse(text).expect_err("the scenario is not valid");
        assert!(error.message.contains(reason), "{error}");
        assert_eq!(
            (error.line, error.column, error.field.as_str()),
            (line, column, field),
            "{error}"
        );
        let place = format!("line {line}, column {column}: {field}: ");
        assert!(error.to_string().starts_with(&place), "{error}");
    }
}

#[test]
fn rules_that_contradict_themselves_are_refused_with_the_reason() {
    for (rule, reason) in [
        ("{ when: { op: StartRecovery } }", "needs `do`"),
        ("{ when: { op: StartRecovery }, do: {} }", "does nothing"),
        (
            "{ when: { op: StartRecovery }, do: { fail: LAUNCH_FAILED, orphan: true } }",
            "`fail`, `orphan` cannot be here without `when.phase`",
        ),
        (
            "{ when: { phase: launch }, do: { error: ConflictException } }",
            "changes the phase and no answer: `error` cannot be here",
        ),
        (
            "{ when: { phase: launch }, do: { fail: LAUNCH_FAILED, message: x } }",
            "belong to `error`",
        ),
        (
            "{ when: { phase: launch }, do: {} }",
            "say how the phase goes",
        ),
        (
            "{ when: { op: StartRecovery }, do: { error: Oops } }",
            "there is no error `Oops`",
        ),
        (
            "{ when: { op: StartRecovery }, do: { error: ConflictException, lose_response: after_commit } }",
            "at most one",
        ),
        (
            "{ when: { op: StartRecovery }, do: { retry_after: 3, lose_response: after_commit } }",
            "belong to `error`",
        ),
        (
            "{ when: { phase: launch }, do: { stall: soon } }",
            "`forever` or like PT5M",
        ),
        (
            "{ when: { phase: launch }, do: { attempts: 2 } }",
            "belongs to the phase `conversion`",
        ),
        (
            "{ when: { phase: launch, op: StartRecovery }, do: { take: PT1M } }",
            "either `op` or `phase`",
        ),
    ] {
        let message = fault(&format!("version: 1\nrules:\n  - {rule}\n"));
        assert!(
            message.contains(reason) && message.contains("line 3"),
            "{rule}: {message}"
        );
    }
}

#[test]
fn parts_that_do_not_fit_together_are_named_with_their_line() {
    for (text, line, reason) in [
        ("version: 2\n", "line 1", "only version 1"),
        ("version: 1\npage_size: 0\n", "line 2", "at least one item"),
        ("accounts:\n  - id: \"12\"\n", "line 2", "12 digits"),
        (
            "version: 1\nclock:\n  start: 9990-01-01T00:00:00Z\n",
            "line 3",
            "clock.start: a clock begins between 1970-01-01T00:00:00Z and 4000-01-01T00:00:00Z",
        ),
        (
            "servers:\n  - { id: s-1 }\n",
            "line 2",
            "17 letters or digits",
        ),
        (
            "servers:\n  - { id: s-00000000000000001 }\n  - { id: s-00000000000000001 }\n",
            "line 3",
            "two servers",
        ),
        (
            "servers: []\nexisting:\n  recovery_instances:\n    - { server: ghost, is_drill: true }\n",
            "line 4",
            "no server ghost",
        ),
        (
            "timeline:\n  - { at: PT1M, foreign_job: { servers: [ghost] } }\n",
            "line 2",
            "no server ghost",
        ),
    ] {
        let message = fault(text);
        assert!(
            message.contains(line) && message.contains(reason),
            "{message}"
        );
    }
}

#[test]
fn what_is_less_than_nothing_is_refused_with_its_line_and_field() {
    let phase =
        |effect: &str| format!("rules:\n- when: {{ phase: launch }}\n  do: {{ {effect} }}\n");
    let call =
        |effect: &str| format!("rules:\n- when: {{ op: StartRecovery }}\n  do: {{ {effect} }}\n");
    let server = |member: &str| format!("servers:\n- id: s-00000000000000001\n  {member}\n");
    for (text, line, field) in [
        (phase("stall: -PT5M"), 3, "rules[0].do.stall"),
        (phase("take: -PT30M"), 3, "rules[0].do.take"),
        (
            phase("end_instance_after: -PT1S"),
            3,
            "rules[0].do.end_instance_after",
        ),
        (call("hold: -PT4S"), 3, "rules[0].do.hold"),
        (call("hide_job: -PT4S"), 3, "rules[0].do.hide_job"),
        (
            call("set_servers: { lag: -PT4S }"),
            3,
            "rules[0].do.set_servers.lag",
        ),
        (
            call("foreign_job: { duration: -PT4S }"),
            3,
            "rules[0].do.foreign_job.duration",
        ),
        (server("lag: -PT5M"), 3, "servers[0].lag"),
        (server("eta: -PT5M"), 3, "servers[0].eta"),
        (server("lag_growth: -1"), 3, "servers[0].lag_growth"),
        (
            server("pit: { count: 1, every: -PT5M }"),
            3,
            "servers[0].pit.every",
        ),
        (
            "durations:\n  launch: -PT5M\n".to_owned(),
            2,
            "durations.launch",
        ),
        (
            "durations:\n  jitter: -3\n".to_owned(),
            2,
            "durations.jitter",
        ),
        (
            "durations:\n  jitter: .nan\n".to_owned(),
            2,
            "durations.jitter",
        ),
        (
            "limits:\n  rate:\n    Describe: { per_s: -1, burst: 2 }\n".to_owned(),
            3,
            "limits.rate.Describe.per_s",
        ),
        (
            "timeline:\n- at: -PT5M\n  region: r\n  outage: PT1M\n".to_owned(),
            2,
            "timeline[0].at",
        ),
    ] {
        let error = Scenario::parse(&text).expect_err("it is less than nothing");
        assert_eq!(
            (error.line, error.field.as_str()),
            (line, field),
            "{text}: {error}"
        );
    }
}

/// The place and the field of what is wrong.
fn place(text: &str) -> (usize, String) {
    let error = Scenario::parse(text).expect_err("the scenario is not valid");
    (error.line, error.field)
}

#[test]
fn what_would_never_happen_because_it_is_misspelt_is_refused_with_its_line_and_field() {
    let accounts = "accounts:\n- { id: \"111122223333\", regions: { us-west-2: {} } }\n";
    let server = |more: &str| format!("{accounts}servers:\n- id: s-00000000000000001\n  {more}\n");
    let rule = |rule: &str| {
        format!(
            "rules:\n- when: {{ op: DescribeJobs }}\n  do: {{ stale: true }}\n  id: one\n{rule}\n"
        )
    };
    for (text, line, field) in [
        (rule("- when: { deny: [\"drs:DescribeJobs\",\n    \"drs:Foo\"] }"), 6, "rules[1].when.deny[1]"),
        (rule("- when: { deny: [\"ec2:RunInstance\"] }"), 5, "rules[1].when.deny[0]"),
        (rule("- when: { deny: [\"*\"] }"), 5, "rules[1].when.deny[0]"),
        (rule("- when: { op: StartRecovery }\n  do: { error: ConflictException }\n  times: 0"), 7, "rules[1].times"),
        (rule("- when: { op: StartRecovery }\n  do: { stale: true }\n  id: one"), 7, "rules[1].id"),
        ("limits:\n  rate:\n    Describe: { per_s: 1, burst: 2 }\n    Descirbe: { per_s: 1, burst: 2 }\n".to_owned(), 4, "limits.rate.Descirbe"),
        (server("region: mars-1"), 5, "servers[0].region"),
        (server("account: \"999988887777\""), 5, "servers[0].account"),
        (server("hostname: a\n- template:\n    region: mars-1\n  expand: { count: 1, id: s-00000000000000002, hostname: b }"), 7, "servers[1].template.region"),
    ] {
        assert_eq!(place(&text), (line, field.to_owned()), "{text}");
    }
}

#[test]
fn the_actions_that_anything_needs_can_be_denied() {
    for action in [
        "drs:*",
        "drs:Describe*",
        "ec2:*",
        "ec2:RunInstances",
        "drs:CreateRecoveryInstanceForDrs",
    ] {
        Scenario::parse(&format!(
            "rules: [ {{ when: {{ deny: [\"{action}\"] }} }} ]"
        ))
        .unwrap();
    }
}

#[test]
fn drs_is_initialised_where_servers_are_only_if_nothing_is_listed() {
    let servers = "servers: [ { id: s-00000000000000001, region: eu-north-1 } ]\n";
    for accounts in ["", "accounts: [ { id: \"111122223333\" } ]\n"] {
        let scenario = Scenario::parse(&format!("{accounts}{servers}")).unwrap();
        let mut world = drs_simulator::World::new(&scenario);
        let request = drs_simulator::wire::source_server::DescribeSourceServersRequest::default();
        for (region, initialised) in [("eu-north-1", true), ("us-west-2", false)] {
            let answer = world.describe_source_servers("111122223333", region, &request);
            assert_eq!(answer.is_ok(), initialised, "{accounts}{region}");
        }
    }
}

#[test]
fn the_line_is_that_of_the_rule_or_the_member_that_is_wrong() {
    let good = "- when: { op: StartRecovery }\n  do: { stale: true }\n";
    let third = |rule: &str| format!("rules:\n{good}{good}{rule}\n");
    for (text, line, field) in [
        (
            third("- when: { op: DescribeJobz }\n  do: { stale: true }"),
            6,
            "rules[2].when.op",
        ),
        (
            third("- when: { op: DescribeJobs }\n  do: { error: Oops }"),
            7,
            "rules[2].do.error",
        ),
        (third("- when: { op: DescribeJobs }"), 6, "rules[2]"),
        (
            third("- when: { phase: launch }\n  do: { stale: true }"),
            6,
            "rules[2]",
        ),
        ("seed: 1\npage_size: 5\nseed: 2\n".to_owned(), 3, "seed"),
        (
            "clock:\n  scale: 1\n  mode: manual\n  scale: 2\n".to_owned(),
            4,
            "clock.scale",
        ),
        (
            "servers:\n- { id: s-00000000000000001 }\n- { id: s-00000000000000001 }\n".to_owned(),
            3,
            "servers[1].id",
        ),
    ] {
        assert_eq!(place(&text), (line, field.to_owned()), "{text}");
    }
}

#[test]
fn an_entry_of_the_timeline_does_exactly_one_thing() {
    for entry in [
        "{ at: PT1M }",
        "{ at: PT1M, region: r, outage: PT1M, foreign_job: { servers: [] } }",
        "{ at: PT1M, set: {} }",
    ] {
        let message = fault(&format!("timeline:\n  - {entry}\n"));
        assert!(message.contains("line 2"), "{message}");
    }
}

#[test]
fn a_template_makes_as_many_servers_as_it_says() {
    let text = "servers:\n  - template: { os: windows, tags: { a: \"1\" } }\n    expand: { count: 3, first: 9, hostname: \"x-{n:03}-{n}\", id: \"s-{n:017x}\", tags: { b: \"2\" } }\n";
    let servers = Scenario::parse(text).unwrap().servers.0;
    let names: Vec<_> = servers
        .iter()
        .map(|server| (server.hostname.as_str(), server.id.as_str()))
        .collect();
    assert_eq!(
        names,
        [
            ("x-009-9", "s-00000000000000009"),
            ("x-010-10", "s-0000000000000000a"),
            ("x-011-11", "s-0000000000000000b")
        ]
    );
    assert!(servers.iter().all(|server| server.tags.len() == 2));
}

#[test]
fn json_is_a_scenario_too() {
    let scenario = Scenario::parse(
        r#"{ "version": 1, "servers": [ { "id": "s-00000000000000001", "hostname": "a" } ] }"#,
    )
    .unwrap();
    assert_eq!(scenario.servers.0[0].hostname, "a");
}
