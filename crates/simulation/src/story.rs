//! What a seed says: a fleet, a plan, faults, what people do, and when processes die.

use std::fmt::Write as _;

use domain::Kind;
use domain::protection_group::GroupDraft;
use domain::recovery_plan::draft::{PlanDraft, WaveDraft};
use domain::recovery_plan::{Gating, Need, OnFailure};

/// The account of all stories.
pub const ACCOUNT: &str = "111122223333";
const REGIONS: [&str; 2] = ["us-west-2", "us-east-1"];

/// One story.
#[derive(Debug, Clone)]
pub struct Story {
    /// The seed that it was made from.
    pub seed: u64,
    /// The world, as a scenario file.
    pub scenario: String,
    /// One group for each wave and Region.
    pub groups: Vec<GroupDraft>,
    /// The plan; its groups are named by their position.
    pub plan: PlanDraft,
    /// Drill or recovery.
    pub kind: Kind,
    /// What people do, each with the second in which they do it.
    pub deeds: Vec<(u32, Deed)>,
    /// Share of wakes and machine starts that are lost.
    pub loss: f64,
    /// Share of invocations that die.
    pub death: f64,
}

/// What a person does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Pauses.
    Pause,
    /// Resumes every open hold.
    Resume,
    /// Cancels.
    Cancel,
    /// Retries what failed in a wave.
    Retry(usize),
    /// Skips a wave.
    Skip(usize),
    /// Asks for clean-up.
    CleanUp,
    /// Somebody else starts the plan as well.
    StartAgain,
}

impl Story {
    /// The story of a seed.
    pub fn of(seed: u64) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        let kind = if random.u8(..3) == 0 {
            Kind::Recovery
        } else {
            Kind::Drill
        };
        let waves = random.usize(1..=5);
        let mut fleet = Vec::new();
        let mut groups = Vec::new();
        let mut drafts = Vec::new();
        for wave in 0..waves {
            drafts.push(draft(&mut random, wave));
            for (place, region) in REGIONS.iter().enumerate() {
                if place == 1 && random.u8(..3) > 0 {
                    continue;
                }
                let servers: Vec<String> = (0..random.usize(1..=7))
                    .map(|number| format!("s-{wave:03x}{place:02x}{number:012x}"))
                    .collect();
                fleet.extend(servers.iter().map(|id| (id.clone(), *region)));
                drafts[wave]
                    .protection_groups
                    .push(groups.len().to_string());
                groups.push(group(groups.len(), region, servers));
            }
        }
        let scenario = scenario(&mut random, seed, &fleet);
        let deeds = deeds(&mut random, waves);
        let calm = random.u8(..4) == 0;
        Self {
            seed,
            scenario,
            groups,
            plan: PlanDraft {
                name: format!("Plan of seed {seed}"),
                description: String::new(),
                waves: drafts,
            },
            kind,
            deeds,
            loss: if calm { 0.0 } else { random.f64() * 0.2 },
            death: if calm { 0.0 } else { random.f64() * 0.3 },
        }
    }
}

fn group(number: usize, region: &str, servers: Vec<String>) -> GroupDraft {
    GroupDraft {
        name: format!("Group {number}"),
        description: String::new(),
        account: Some(ACCOUNT.to_owned()),
        region: region.to_owned(),
        servers,
        isolation_statement: Some("the drill network has no way out".to_owned()),
    }
}

fn draft(random: &mut fastrand::Rng, wave: usize) -> WaveDraft {
    let depends_on = match random.u8(..4) {
        0 => None,
        1 => Some(Vec::new()),
        _ => Some(
            (0..wave)
                .filter(|_| random.bool())
                .map(|other| format!("wave-{other}"))
                .collect(),
        ),
    };
    WaveDraft {
        key: format!("wave-{wave}"),
        name: None,
        protection_groups: Vec::new(),
        servers: None,
        depends_on,
        gate: (random.u8(..5) == 0).then_some(Gating::PauseBefore),
        need: match random.u8(..4) {
            0 => Some(Need::Count { count: 1 }),
            1 => Some(Need::Percent {
                percent: random.u32(1..=100),
            }),
            _ => None,
        },
        on_failure: match random.u8(..4) {
            0 => Some(OnFailure::Stop),
            1 => Some(OnFailure::Pause),
            2 => Some(OnFailure::Continue),
            _ => None,
        },
        time_limit_minutes: (random.u8(..3) == 0).then(|| random.u32(20..=90)),
    }
}

fn deeds(random: &mut fastrand::Rng, waves: usize) -> Vec<(u32, Deed)> {
    let mut deeds: Vec<(u32, Deed)> = (0..random.usize(..5))
        .map(|_| {
            let deed = match random.u8(..12) {
                0 | 1 => Deed::Pause,
                2..=4 => Deed::Resume,
                5 => Deed::Cancel,
                6..=8 => Deed::Retry(random.usize(..waves)),
                9 => Deed::Skip(random.usize(..waves)),
                10 => Deed::CleanUp,
                _ => Deed::StartAgain,
            };
            (random.u32(1..7_200), deed)
        })
        .collect();
    if random.bool() {
        // Long after the end, when others may have launched the servers again.
        deeds.push((random.u32(9_000..12_000), Deed::CleanUp));
    }
    deeds.sort_by_key(|(at, _)| *at);
    deeds
}

fn scenario(random: &mut fastrand::Rng, seed: u64, fleet: &[(String, &str)]) -> String {
    let profile = if random.u8(..4) == 0 {
        "strict-model"
    } else {
        "observed"
    };
    let visible = if random.bool() {
        random.u32(..60_000)
    } else {
        0
    };
    let lag = if random.bool() {
        random.u32(..20_000)
    } else {
        0
    };
    let mut text = format!(
        "version: 1\nseed: {seed}\nprofile: {profile}\npage_size: {}\n\
         clock: {{ mode: manual, start: \"2026-01-01T00:00:00Z\" }}\n\
         consistency: {{ job_visible_after_ms: {visible}, status_lag_ms: {lag}, random: true }}\n\
         attempt_tag: \"{}\"\n\
         accounts:\n  - id: \"{ACCOUNT}\"\n    access_key: AKIASIMULATOR0000001\n    regions:\n",
        random.u32(2..=5),
        engine::TAG_ATTEMPT
    );
    for region in REGIONS {
        let _ = writeln!(text, "      {region}: {{ initialized: true }}");
    }
    text.push_str("servers:\n");
    for (number, (id, region)) in fleet.iter().enumerate() {
        let os = if random.u8(..5) == 0 {
            "windows"
        } else {
            "linux"
        };
        let _ = writeln!(
            text,
            "  - {{ id: {id}, hostname: host-{number}, region: {region}, os: {os}, disk_gib: 50 }}"
        );
    }
    let rules: Vec<String> = (0..random.usize(..5))
        .map(|_| rule(random, fleet))
        .collect();
    if !rules.is_empty() {
        let _ = writeln!(text, "rules:\n{}", rules.join("\n"));
    }
    let events: Vec<String> = (0..random.usize(..2))
        .map(|_| happening(random, fleet))
        .collect();
    if !events.is_empty() {
        let _ = writeln!(text, "timeline:\n{}", events.join("\n"));
    }
    text
}

fn rule(random: &mut fastrand::Rng, fleet: &[(String, &str)]) -> String {
    let (server, _) = &fleet[random.usize(..fleet.len())];
    let seconds = random.u32(1..300);
    match random.u8(..15) {
        0 => "  - { when: { op: StartRecovery }, do: { lose_response: after_commit }, times: 1 }".into(),
        1 => "  - { when: { op: StartRecovery }, do: { error: InternalServerException, commit: true }, times: 1 }".into(),
        2 => "  - { when: { op: StartRecovery }, do: { error: InternalServerException }, times: 1 }".into(),
        3 => "  - { when: { op: StartRecovery }, do: { lose_response: before_commit }, times: 2 }".into(),
        4 => format!("  - {{ when: {{ op: StartRecovery }}, do: {{ hold: PT{}S, when: after_commit }}, times: 1 }}", seconds % 60 + 1),
        5 => format!("  - {{ when: {{ op: DescribeJobs }}, do: {{ error: ThrottlingException, retry_after: 3 }}, times: {} }}", random.u32(1..40)),
        6 => format!("  - {{ when: {{ op: DescribeSourceServers, after: PT60S }}, do: {{ error: InternalServerException }}, times: {} }}", random.u32(1..10)),
        7 => format!("  - {{ when: {{ server: {{ id: {server} }}, phase: launch }}, do: {{ fail: LAUNCH_FAILED, raw_error: \"InsufficientInstanceCapacity\" }}, times: {} }}", random.u32(1..3)),
        8 => format!("  - {{ when: {{ server: {{ id: {server} }}, phase: conversion }}, do: {{ stall: PT{seconds}M }}, times: 1 }}"),
        9 => format!("  - {{ when: {{ server: {{ id: {server} }}, phase: launch }}, do: {{ leave_in_progress: true }}, times: 1 }}"),
        10 => format!("  - {{ when: {{ server: {{ id: {server} }}, phase: snapshot }}, do: {{ fall_back_to_previous: true }} }}"),
        13 => format!("  - {{ when: {{ op: StartRecovery }}, do: {{ hold: PT{}S, when: before_commit }}, times: 1 }}", random.u32(20..170)),
        12 => "  - { when: { op: StartRecovery }, do: { lose_response: before_commit, foreign_job: { duration: PT8M } }, times: 1 }".into(),
        11 => "  - { when: { op: TerminateRecoveryInstances }, do: { lose_response: after_commit }, times: 1 }".into(),
        _ => "  - { when: { op: StartRecovery }, do: { error: ThrottlingException }, times: 3 }".into(),
    }
}

fn happening(random: &mut fastrand::Rng, fleet: &[(String, &str)]) -> String {
    let (server, _) = &fleet[random.usize(..fleet.len())];
    let minutes = random.u32(..40);
    match random.u8(..5) {
        0 => {
            format!("  - {{ at: PT{minutes}M, server: {server}, set: {{ state: DISCONNECTED }} }}")
        }
        1 => format!(
            "  - {{ at: PT{minutes}M, foreign_job: {{ servers: [{server}], duration: PT10M, is_drill: true }} }}"
        ),
        2 => format!(
            "  - {{ at: PT{minutes}M, region: us-west-2, outage: PT{}M }}",
            random.u32(1..8)
        ),
        _ => format!("  - {{ at: PT{minutes}M, server: {server}, set: {{ state: STALLED }} }}"),
    }
}
