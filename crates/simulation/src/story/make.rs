//! A story from a seed.

use domain::Kind;
use domain::protection_group::GroupDraft;
use domain::recovery_plan::draft::{PlanDraft, WaveDraft};
use domain::recovery_plan::{Gating, Need, OnFailure};
use drs_simulator::scenario::{OperatingSystemFamily, Profile};

use super::{
    ACCOUNT, ALL_FAULTS, Deed, Fault, FaultKind, Happening, REGIONS, Reasons, Story, StoryPlan,
    StoryServer, TableFaults, Trouble, WorldSettings, abandoned_take_overs, fast_drs,
};

/// Most servers of a group.
const GROUP_MAX: usize = 100;

pub(super) fn story(seed: u64) -> Story {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut fleet = Vec::new();
    let count = if random.u8(..4) == 0 { 2 } else { 1 };
    let plans: Vec<StoryPlan> = (0..count)
        .map(|number| plan(&mut random, number, count, &mut fleet))
        .collect();
    let faults = (0..amount(&mut random, 2, 6))
        .map(|_| fault(&mut random, &fleet))
        .collect();
    let mut happenings: Vec<(u32, Happening)> = (0..amount(&mut random, 1, 4))
        .map(|_| happening(&mut random, &fleet))
        .collect();
    happenings.sort_by_key(|(at, _)| *at);
    let deeds = deeds(&mut random, &plans);
    let mut story = Story {
        seed,
        world: world(&mut random),
        fleet,
        plans,
        faults,
        happenings,
        deeds,
        trouble: trouble(&mut random),
    };
    match random.u8(..64) {
        0 => fast_drs::apply(&mut story, &mut random),
        1..=3 => abandoned_take_overs::apply(&mut story, &mut random),
        _ => {}
    }
    story
}

/// Mostly about `usual`, at most `most`.
fn amount(random: &mut fastrand::Rng, usual: usize, most: usize) -> usize {
    match random.u8(..8) {
        0 => 0,
        1 => random.usize(..=most),
        2 | 3 => usual.saturating_sub(1),
        4 | 5 => usual,
        _ => usual + 1,
    }
}

fn world(random: &mut fastrand::Rng) -> WorldSettings {
    let strict = random.u8(..3) == 0;
    let crowded = random.u8(..5) == 0;
    WorldSettings {
        profile: if strict {
            Profile::StrictModel
        } else {
            Profile::Observed
        },
        page_size: if random.u8(..8) == 0 {
            random.usize(1..=3)
        } else {
            random.usize(4..=60)
        },
        visible_after_ms: if random.bool() {
            random.u32(..60_000)
        } else {
            0
        },
        status_lag_ms: if random.bool() {
            random.u32(..20_000)
        } else {
            0
        },
        concurrent_jobs: if crowded { random.u32(1..=3) } else { 20 },
        servers_in_jobs: if crowded { random.u32(60..=90) } else { 500 },
        servers_per_job: if random.u8(..10) == 0 {
            random.u32(2..=5)
        } else {
            100
        },
        // Now and then DRS is so fast that a job ends while its caller stands still.
        pace: if random.u8(..6) == 0 {
            random.u32(2..10)
        } else {
            random.u32(10..=60)
        },
    }
}

fn trouble(random: &mut fastrand::Rng) -> Trouble {
    if random.u8(..6) == 0 {
        return Trouble::NONE;
    }
    let mut share = |most: f64| {
        if random.bool() {
            random.f64() * most
        } else {
            0.0
        }
    };
    let (loss, mut stall, mut impatience) = (share(0.2), share(0.1), share(0.1));
    let (launch_death, launch_stall, slow_looks) = (share(0.2), share(0.2), share(0.05));
    if random.u8(..12) == 0 {
        // Two orchestrators at once are the rule here, and each stands still in turn.
        (stall, impatience) = (0.4, 0.5);
    }
    let death = random.f64() * 0.12 + 0.02;
    let tables = if random.bool() {
        TableFaults {
            unavailable: random.u32(..10),
            lost_answers: random.u32(..5),
            index_lag: random.usize(..4),
            reasons: if random.u8(..8) == 0 {
                Reasons::TooLarge
            } else {
                Reasons::Kept
            },
        }
    } else {
        TableFaults::default()
    };
    Trouble {
        loss,
        death,
        stall,
        impatience,
        launch_death,
        launch_stall,
        slow_looks,
        skew_ms: if random.bool() {
            random.i64(1..5_000)
        } else {
            0
        },
        tables,
        // Few are spent before anything is cleaned up; many come to the end.
        empty_listings: match random.u8(..6) {
            0 => random.u32(1..=4),
            1 => random.u32(10..=20),
            _ => 0,
        },
        malformed_listings: if random.u8(..4) == 0 {
            random.u32(1..6)
        } else {
            0
        },
    }
}

fn plan(
    random: &mut fastrand::Rng,
    number: usize,
    of: usize,
    fleet: &mut Vec<StoryServer>,
) -> StoryPlan {
    let kind = if random.u8(..3) == 0 {
        Kind::Recovery
    } else {
        Kind::Drill
    };
    let most = if of == 1 { 9 } else { 6 };
    let waves = random.usize(2..=4);
    let mut groups = Vec::new();
    let mut drafts = Vec::new();
    for wave in 0..waves {
        drafts.push(draft(random, wave));
        for (place, region) in REGIONS.iter().enumerate() {
            if place == 1 && random.u8(..3) > 0 {
                continue;
            }
            let servers: Vec<String> = (0..random.usize(1..=most))
                .map(|index| format!("s-{number:01x}{wave:02x}{place:02x}{index:012x}"))
                .collect();
            fleet.extend(servers.iter().map(|id| StoryServer {
                id: id.clone(),
                region,
                os: if random.u8(..6) == 0 {
                    OperatingSystemFamily::Windows
                } else {
                    OperatingSystemFamily::Linux
                },
            }));
            drafts[wave]
                .protection_groups
                .push(groups.len().to_string());
            groups.push(group(
                &format!("{number}-{}", groups.len()),
                region,
                servers,
            ));
        }
    }
    StoryPlan {
        groups,
        draft: PlanDraft {
            name: format!("Plan {number}"),
            description: String::new(),
            waves: drafts,
        },
        kind,
        blind: random.u8(..3) == 0,
    }
}

fn group(name: &str, region: &str, servers: Vec<String>) -> GroupDraft {
    GroupDraft {
        name: format!("Group {name}"),
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
        time_limit_minutes: (random.u8(..4) == 0).then(|| random.u32(5..=60)),
    }
}

fn fault(random: &mut fastrand::Rng, fleet: &[StoryServer]) -> Fault {
    let kind = ALL_FAULTS[random.usize(..ALL_FAULTS.len())];
    let often = [
        FaultKind::ThrottledLooks,
        FaultKind::DeniedLooks,
        FaultKind::StaleLook,
        FaultKind::DeniedEc2,
    ];
    let sometimes = [
        FaultKind::BrokenLooks,
        FaultKind::WrongSignature,
        FaultKind::Protected,
        FaultKind::DeniedLogs,
        FaultKind::ThrottledLogs,
        FaultKind::SpoiltSignature,
    ];
    let times = if often.contains(&kind) && random.u8(..8) == 0 {
        random.u32(30..400)
    } else if often.contains(&kind) {
        random.u32(1..30)
    } else if sometimes.contains(&kind) {
        random.u32(1..8)
    } else {
        random.u32(1..=3)
    };
    Fault {
        kind,
        server: fleet[random.usize(..fleet.len())].id.clone(),
        times,
        seconds: random.u32(5..170),
    }
}

fn happening(random: &mut fastrand::Rng, fleet: &[StoryServer]) -> (u32, Happening) {
    let server = fleet[random.usize(..fleet.len())].id.clone();
    let at = random.u32(1..2_400);
    let happening = match random.u8(..10) {
        0 | 1 => Happening::ForeignJob(server),
        2 => Happening::ForeignRecovery(server),
        3 => Happening::ForeignDrill(server),
        4 => Happening::Stalls(server),
        5 => Happening::Disconnects(server),
        6 => Happening::Recovers(server),
        7 => Happening::Terminated(server),
        8 => {
            let longest = if random.u8(..5) == 0 { 40 } else { 8 };
            Happening::Outage(REGIONS[random.usize(..2)], random.u32(1..longest))
        }
        _ => return (random.u32(2_400..6_000), Happening::ForeignJob(server)),
    };
    (at, happening)
}

fn deeds(random: &mut fastrand::Rng, plans: &[StoryPlan]) -> Vec<(u32, usize, Deed)> {
    let mut deeds = Vec::new();
    for (number, plan) in plans.iter().enumerate() {
        deeds.push((
            random.u32(..60) * u32::from(number > 0),
            number,
            Deed::Start,
        ));
        let waves = plan.draft.waves.len();
        for _ in 0..amount(random, 2, 8) {
            let at = if random.u8(..8) == 0 {
                random.u32(..10)
            } else {
                random.u32(1..3_000)
            };
            let deed = deed(random, waves);
            deeds.push((at, number, deed));
            if deed == Deed::CancelAndGiveUp && random.bool() {
                deeds.push((at + random.u32(1..60), number, Deed::CleanUp));
            }
            if random.u8(..5) == 0 {
                // Two people at the same time, or one who presses twice.
                deeds.push((at, number, deed));
            }
        }
        if random.u8(..12) == 0 {
            // Somebody who cannot wait.
            deeds.extend((1..12).map(|turn| {
                let wave = random.usize(..waves);
                (turn * 25 + random.u32(..25), number, Deed::Retry(wave))
            }));
        }
        if random.u8(..16) == 0 {
            // Two who start it again as soon as they may.
            for turn in 1..20 {
                let at = turn * 200 + random.u32(..200);
                deeds.extend([(at, number, Deed::Start); 2]);
            }
        }
        if random.u8(..3) > 0 {
            deeds.push((random.u32(1_500..4_500), number, Deed::ResumeAll));
        }
        if random.bool() {
            // Long after the end, when others may have launched the servers again.
            deeds.push((random.u32(2_000..8_000), number, Deed::CleanUp));
        }
    }
    deeds.sort_by_key(|(at, ..)| *at);
    deeds
}

fn deed(random: &mut fastrand::Rng, waves: usize) -> Deed {
    match random.u8(..18) {
        0 | 1 => Deed::Pause,
        2 | 3 => Deed::Resume,
        4..=6 => Deed::ResumeAll,
        7 => Deed::Cancel,
        8 => Deed::CancelAndGiveUp,
        9..=11 => Deed::Retry(random.usize(..waves)),
        12 => Deed::RetryNamed(random.usize(..waves)),
        13 => Deed::Skip(random.usize(..waves)),
        14 => Deed::CleanUp,
        15 => Deed::Recover,
        16 => Deed::ResolveNothing,
        _ => Deed::Start,
    }
}

/// A story without trouble: each plan a wave of so many servers in the first Region, started at
/// once.
pub(super) fn plain(kind: Kind, sizes: &[usize]) -> Story {
    let mut fleet = Vec::new();
    let mut plans = Vec::new();
    for (number, size) in sizes.iter().enumerate() {
        let servers: Vec<String> = (0..*size)
            .map(|index| format!("s-{number:01x}0000{index:012x}"))
            .collect();
        fleet.extend(servers.iter().map(|id| StoryServer {
            id: id.clone(),
            region: REGIONS[0],
            os: OperatingSystemFamily::Linux,
        }));
        let wave = WaveDraft {
            key: "wave-0".to_owned(),
            protection_groups: (0..size.div_ceil(GROUP_MAX))
                .map(|at| at.to_string())
                .collect(),
            ..WaveDraft::default()
        };
        let groups = servers.chunks(GROUP_MAX).enumerate();
        plans.push(StoryPlan {
            groups: groups
                .map(|(at, part)| group(&format!("{number}-{at}"), REGIONS[0], part.to_vec()))
                .collect(),
            draft: PlanDraft {
                name: format!("Plan {number}"),
                description: String::new(),
                waves: vec![wave],
            },
            kind,
            blind: false,
        });
    }
    let starts = (0..plans.len()).map(|plan| (0, plan, Deed::Start));
    Story {
        seed: 0,
        world: WorldSettings {
            profile: Profile::Observed,
            page_size: 2,
            visible_after_ms: 0,
            status_lag_ms: 0,
            concurrent_jobs: 20,
            servers_in_jobs: 500,
            servers_per_job: 100,
            pace: 50,
        },
        fleet,
        faults: Vec::new(),
        happenings: Vec::new(),
        deeds: starts.collect(),
        plans,
        trouble: Trouble::NONE,
    }
}
