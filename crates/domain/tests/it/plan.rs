//! Plans: from a draft to a plan, or to every fault of it at once.

use domain::execution::Waits;
use domain::execution::creation::{self, StartRequest};
use domain::fault::FaultCode;
use domain::launchability::Consent;
use domain::place::Place;
use domain::recovery_plan::draft::{Groups, PlanDraft, WaveDraft};
use domain::recovery_plan::graph::cycle;
use domain::recovery_plan::{
    BATCHES_PER_PLAN_MAX, Gating, Need, OnFailure, PlanContent, TIME_LIMIT_MINUTES_DEFAULT,
    TIME_LIMIT_MINUTES_MAX, WAVES_PER_PLAN_MAX,
};
use domain::{Kind, SourceServerId};

use crate::world::{at, execution_id, group, parse_need, place, server};

/// Groups 1, 2, ... with these many servers: those of group 2 are 201, 202, ...
fn groups(sizes: &[u32]) -> Groups {
    (1u32..)
        .zip(sizes)
        .map(|(number, &size)| {
            let servers = (1..=size).map(|member| server(number * 100 + member));
            let group = group(number as usize, place(1), servers.collect());
            (group.id.clone(), group)
        })
        .collect()
}

fn group_id(number: usize) -> String {
    group(number, place(1), vec![]).id.to_string()
}

fn wave(key: &str, group: usize) -> WaveDraft {
    WaveDraft {
        key: key.to_owned(),
        protection_groups: vec![group_id(group)],
        ..WaveDraft::default()
    }
}

fn after(wave: WaveDraft, keys: &[&str]) -> WaveDraft {
    WaveDraft {
        depends_on: Some(keys.iter().map(ToString::to_string).collect()),
        ..wave
    }
}

fn plan(waves: Vec<WaveDraft>) -> PlanDraft {
    PlanDraft {
        name: "Shop".to_owned(),
        description: String::new(),
        waves,
    }
}

fn check(draft: &PlanDraft, groups: &Groups, expected: &[(&str, FaultCode)]) {
    let faults = draft.parse(groups).err().unwrap_or_default();
    let found: Vec<(&str, FaultCode)> = faults
        .iter()
        .map(|fault| (fault.path.as_str(), fault.code))
        .collect();
    assert_eq!(found, expected, "{faults:#?}");
}

fn dependencies(content: &PlanContent) -> Vec<Vec<&str>> {
    content
        .waves
        .iter()
        .map(|wave| {
            wave.depends_on
                .iter()
                .map(domain::WaveKey::as_str)
                .collect()
        })
        .collect()
}

#[test]
fn depends_on_left_out_means_the_wave_before_and_an_empty_list_means_nothing() {
    let draft = plan(vec![
        wave("a", 1),
        wave("b", 2),
        after(wave("c", 3), &[]),
        after(wave("d", 4), &["c", "a"]),
    ]);
    let content = draft.parse(&groups(&[1, 1, 1, 1])).unwrap();
    assert_eq!(
        dependencies(&content),
        [vec![], vec!["a"], vec![], vec!["c", "a"]]
    );
}

#[test]
fn what_is_left_out_has_the_defaults_of_the_contract() {
    let content = plan(vec![wave("a", 1)]).parse(&groups(&[1])).unwrap();
    let wave = &content.waves[0];
    assert_eq!(wave.name, "a");
    assert_eq!(wave.gate, Gating::Ungated);
    assert_eq!(wave.need, Need::All);
    assert_eq!(wave.on_failure, None);
    assert_eq!(wave.time_limit_minutes, TIME_LIMIT_MINUTES_DEFAULT);
    assert_eq!(OnFailure::default_for(Kind::Drill), OnFailure::Stop);
    assert_eq!(OnFailure::default_for(Kind::Recovery), OnFailure::Pause);
}

/// One draft with every kind of fault that a draft can have.
fn faulty() -> (PlanDraft, Groups) {
    let groups = groups(&[2, 2, 1, 0]);
    let draft = PlanDraft {
        name: String::new(),
        description: "x".repeat(1_001),
        waves: vec![
            WaveDraft {
                servers: Some(vec![
                    server(101).to_string(),
                    server(201).to_string(),
                    "web-01".to_owned(),
                    server(101).to_string(),
                ]),
                need: Some(Need::Count { count: 2 }),
                time_limit_minutes: Some(0),
                ..after(wave("a", 1), &["b", "nowhere", "b"])
            },
            WaveDraft {
                name: Some("x".repeat(65)),
                need: Some(Need::Percent { percent: 0 }),
                ..wave("b", 2)
            },
            WaveDraft {
                protection_groups: vec![
                    group_id(1),
                    group_id(9),
                    "group-1".to_owned(),
                    group_id(1),
                ],
                need: Some(Need::Count { count: 0 }),
                ..after(wave("b", 1), &[])
            },
            WaveDraft {
                key: "Wave Four".to_owned(),
                protection_groups: vec![],
                depends_on: Some(vec![]),
                time_limit_minutes: Some(TIME_LIMIT_MINUTES_MAX + 1),
                ..WaveDraft::default()
            },
            WaveDraft {
                name: Some(" ".to_owned()),
                ..after(wave("", 4), &[])
            },
        ],
    };
    (draft, groups)
}

#[test]
fn every_fault_of_a_draft_is_found_at_once_with_its_path() {
    let (draft, groups) = faulty();
    check(
        &draft,
        &groups,
        &[
            ("name", FaultCode::Required),
            ("description", FaultCode::TooLong),
            ("waves[2].key", FaultCode::DuplicateKey),
            ("waves[3].key", FaultCode::InvalidFormat),
            ("waves[4].key", FaultCode::Required),
            ("waves[0].sourceServerIds[2]", FaultCode::InvalidFormat),
            ("waves[0].sourceServerIds[3]", FaultCode::Duplicate),
            ("waves[0].dependsOn[1]", FaultCode::UnknownWave),
            ("waves[0].dependsOn[2]", FaultCode::Duplicate),
            ("waves[0].timeLimitMinutes", FaultCode::OutOfRange),
            ("waves[1].name", FaultCode::TooLong),
            ("waves[1].need.percent", FaultCode::OutOfRange),
            ("waves[2].protectionGroupIds[1]", FaultCode::UnknownGroup),
            ("waves[2].protectionGroupIds[2]", FaultCode::InvalidFormat),
            ("waves[2].protectionGroupIds[3]", FaultCode::Duplicate),
            ("waves[2].need.count", FaultCode::OutOfRange),
            ("waves[3].protectionGroupIds", FaultCode::Required),
            ("waves[3].timeLimitMinutes", FaultCode::OutOfRange),
            ("waves[4].name", FaultCode::Required),
            ("waves[0].dependsOn", FaultCode::Cycle),
            ("waves[0].sourceServerIds[1]", FaultCode::ServerNotInGroup),
            ("waves[0].need", FaultCode::NeedTooHigh),
            ("waves[2].protectionGroupIds", FaultCode::ServerInTwoWaves),
            ("waves[4].protectionGroupIds", FaultCode::NoServers),
        ],
    );
}

#[test]
fn a_wave_whose_key_has_a_fault_is_looked_at_all_the_same() {
    let draft = plan(vec![WaveDraft {
        servers: Some(vec![server(999).to_string()]),
        ..wave("Not A Key", 1)
    }]);
    check(
        &draft,
        &groups(&[1]),
        &[
            ("waves[0].key", FaultCode::InvalidFormat),
            ("waves[0].sourceServerIds[0]", FaultCode::ServerNotInGroup),
            ("waves[0].protectionGroupIds", FaultCode::NoServers),
        ],
    );
}

#[test]
fn every_circle_is_named_in_the_order_in_which_its_waves_wait() {
    let draft = plan(vec![
        after(wave("a", 1), &["c"]),
        after(wave("b", 2), &["a"]),
        after(wave("c", 3), &["b"]),
        after(wave("d", 4), &["d"]),
        after(wave("e", 5), &["a", "d"]),
    ]);
    let faults = draft.parse(&groups(&[1, 1, 1, 1, 1])).unwrap_err();
    let found: Vec<(&str, &str)> = faults
        .iter()
        .map(|fault| (fault.path.as_str(), fault.message.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            (
                "waves[0].dependsOn",
                "the waves wait for each other: a → c → b → a"
            ),
            ("waves[3].dependsOn", "the waves wait for each other: d → d"),
        ]
    );
}

#[test]
fn a_diamond_is_no_circle() {
    assert_eq!(cycle(&[vec![], vec![0], vec![0], vec![1, 2]]), None);
    assert_eq!(cycle(&[vec![1], vec![2], vec![1]]), Some(vec![1, 2]));
    assert_eq!(cycle(&[]), None);
}

#[test]
fn a_wave_has_the_members_of_its_groups_narrowed_to_those_named() {
    let groups = groups(&[2, 2]);
    let members = |servers: Option<Vec<SourceServerId>>| -> Vec<(Place, SourceServerId)> {
        let draft = plan(vec![WaveDraft {
            protection_groups: vec![group_id(2), group_id(1)],
            servers: servers.map(|servers| servers.iter().map(ToString::to_string).collect()),
            ..wave("a", 1)
        }]);
        draft.parse(&groups).unwrap().waves[0].members(&groups)
    };
    let placed = |numbers: &[u32]| -> Vec<(Place, SourceServerId)> {
        numbers
            .iter()
            .map(|&number| (place(1), server(number)))
            .collect()
    };
    assert_eq!(members(None), placed(&[201, 202, 101, 102]));
    assert_eq!(
        members(Some(vec![server(102), server(201)])),
        placed(&[201, 102])
    );
}

fn check_need(need: &str, servers: usize, expected: usize) {
    assert_eq!(
        parse_need(need).of(servers),
        expected,
        "{need} of {servers}"
    );
}

#[test]
fn a_share_is_rounded_up_to_whole_servers() {
    check_need("all", 7, 7);
    check_need("3", 7, 3);
    check_need("100%", 7, 7);
    check_need("75%", 4, 3);
    check_need("75%", 5, 4);
    check_need("50%", 3, 2);
    check_need("1%", 1, 1);
    check_need("1%", 500, 5);
    check_need("33%", 3, 1);
    check_need("34%", 3, 2);
}

#[test]
fn more_is_never_needed_than_a_wave_has() {
    let check_need = |need, expected: &[(&str, FaultCode)]| {
        let draft = plan(vec![WaveDraft {
            need: Some(need),
            ..wave("a", 1)
        }]);
        check(&draft, &groups(&[2]), expected);
    };
    check_need(Need::Count { count: 2 }, &[]);
    check_need(
        Need::Count { count: 3 },
        &[("waves[0].need", FaultCode::NeedTooHigh)],
    );
    check_need(Need::Percent { percent: 100 }, &[]);
}

#[test]
fn a_plan_has_1_to_25_waves() {
    let most = WAVES_PER_PLAN_MAX;
    let with = |count: usize| {
        plan(
            (1..=count)
                .map(|number| wave(&format!("w{number}"), number))
                .collect(),
        )
    };
    let groups = groups(&vec![1; most + 1]);
    check(&with(0), &groups, &[("waves", FaultCode::Required)]);
    check(&with(most), &groups, &[]);
    check(
        &with(most + 1),
        &groups,
        &[("waves", FaultCode::PlanTooLarge)],
    );
}

#[test]
fn a_draft_of_a_hundred_thousand_waves_is_refused_without_being_walked() {
    let waves = (0..100_000)
        .map(|number| wave(&format!("w{number}"), 1))
        .collect();
    check(
        &plan(waves),
        &groups(&[1]),
        &[("waves", FaultCode::PlanTooLarge)],
    );
}

#[test]
fn a_plan_needs_at_most_40_jobs() {
    // A wave of 101 servers is two jobs.
    let mut all = Groups::new();
    let mut waves = Vec::new();
    for number in 1..=21 {
        let first = u32::try_from(number).unwrap() * 1_000;
        let group = group(number, place(1), (first..first + 101).map(server).collect());
        all.insert(group.id.clone(), group);
        waves.push(wave(&format!("w{number}"), number));
    }
    check(
        &plan(waves.clone()),
        &all,
        &[("waves", FaultCode::PlanTooLarge)],
    );
    waves.pop();
    assert_eq!(waves.len() * 2, BATCHES_PER_PLAN_MAX);
    check(&plan(waves), &all, &[]);
}

#[test]
fn the_codes_of_faults_are_the_words_of_the_wire() {
    for code in [
        FaultCode::Cycle,
        FaultCode::UnknownWave,
        FaultCode::UnknownGroup,
        FaultCode::ServerInTwoWaves,
        FaultCode::ServerNotInGroup,
        FaultCode::NoServers,
        FaultCode::DuplicateKey,
        FaultCode::NeedTooHigh,
        FaultCode::Required,
        FaultCode::UnknownSourceServer,
    ] {
        let wire = serde_json::to_string(&code).unwrap();
        assert_eq!(wire, format!("\"{}\"", code.as_str()));
    }
}

#[test]
fn an_execution_says_where_its_groups_have_shrunk_since_the_plan_was_saved() {
    let (mut saved, mut groups) = crate::world::plan("db 1-3\napp 4-5 | need 2");
    saved.content.waves[0].servers = Some(vec![server(1), server(2)]);
    for group in groups.values_mut() {
        group
            .servers
            .retain(|id| *id != server(2) && *id != server(5));
    }
    let request = StartRequest {
        kind: Kind::Drill,
        by: "ann@example.com".to_owned(),
        reason: None,
        consent: Consent::default(),
        not_isolated: None,
        outage_declared_at: None,
    };
    let waits = Waits::DEFAULT;
    let made = creation::execution(execution_id(1), &saved, &groups, request, waits, at(0));
    let warnings = &made.head.warnings;
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(warnings[0].contains(server(2).as_str()), "{warnings:?}");
    assert!(
        warnings[1].contains("needs 2 servers and has only 1"),
        "{warnings:?}"
    );
}
