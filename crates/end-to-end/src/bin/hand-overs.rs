//! Measures hand-overs: from the last server LAUNCHED at DRS to the `StartRecovery` of the next
//! wave, once with DRS events and once with all of them dropped, while nobody polls the API.
//!
//! It runs on a stack of its own: `DRS_ORCHESTRATION_STACK=... cargo run -p end-to-end --bin hand-overs`.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use end_to_end::emulator::{RuleState, text};
use end_to_end::fleet::REGION;
use end_to_end::simulator::Request;
use end_to_end::statistics::quantile;
use end_to_end::wait::{Look, until_at_pace};
use end_to_end::{Fleet, Role, Scene, Stack, Wave};
use jiff::Timestamp;
use serde_json::json;

/// Five plans of seven waves that run side by side are thirty hand-overs.
const PLANS: usize = 5;
const WAVES: usize = 7;
const SERVERS_PER_WAVE: usize = 2;
/// A wave takes ten seconds at scale 60, and without events up to half a minute to be noticed.
const PATIENCE: Duration = Duration::from_mins(15);
const PACE: Duration = Duration::from_secs(5);

/// What one run has measured.
#[derive(Debug)]
struct Measured {
    seconds: Vec<f64>,
    describe_jobs_per_minute: f64,
    minutes: f64,
}

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::print_stdout, reason = "the table is what this program is for")]
async fn main() -> Result<()> {
    let stack = Stack::of_environment()?;
    println!(
        "| DRS events | hand-overs | median s | p95 s | largest s | DescribeJobs/min | minutes |"
    );
    println!("|---|---|---|---|---|---|---|");
    let with = measure(&stack).await?;
    print_row("arrive", &with)?;
    // The simulator's and the real source both name DRS.
    let rules = stack
        .emulator()
        .switch_rules("drs", RuleState::Disabled)
        .await?;
    ensure!(
        !rules.is_empty(),
        "no rule brings DRS events, so none can be dropped"
    );
    let without = measure(&stack).await;
    stack
        .emulator()
        .switch_rules("drs", RuleState::Enabled)
        .await?;
    print_row("dropped", &without?)
}

#[expect(clippy::print_stdout, reason = "the table is what this program is for")]
fn print_row(events: &str, measured: &Measured) -> Result<()> {
    let of = |share| quantile(&measured.seconds, share).context("nothing was measured");
    println!(
        "| {events} | {} | {:.1} | {:.1} | {:.1} | {:.1} | {:.1} |",
        measured.seconds.len(),
        of(0.5)?,
        of(0.95)?,
        of(1.0)?,
        measured.describe_jobs_per_minute,
        measured.minutes,
    );
    Ok(())
}

async fn measure(stack: &Stack) -> Result<Measured> {
    let api = stack.api(Role::DrillOperator).await?;
    let mut scenes = Vec::new();
    for _ in 0..PLANS {
        let count = u64::try_from(WAVES * SERVERS_PER_WAVE).context("the number of servers")?;
        let fleet = Fleet::take(stack, count).await?;
        let waves: Vec<Wave> = fleet
            .servers
            .chunks(SERVERS_PER_WAVE)
            .enumerate()
            .map(|(number, servers)| Wave::new(&format!("wave-{number}"), servers))
            .collect();
        scenes.push(Scene::make(&api, &waves).await?);
    }
    for scene in &scenes {
        api.started(&json!({ "recoveryPlanId": scene.plan, "kind": "DRILL" }))
            .await?;
    }
    let first = first_launch(stack, &scenes).await?;
    let (began, mut looks) = (Instant::now(), BTreeSet::new());
    let last = loop {
        looks.extend(looks_since(stack, first).await?);
        if let Some(last) = end_of_all(stack, &scenes).await? {
            break last;
        }
        ensure!(
            began.elapsed() < PATIENCE,
            "the plans have not ended: {scenes:?}"
        );
        tokio::time::sleep(PACE).await;
    };
    let mut seconds = Vec::new();
    for scene in &scenes {
        seconds.extend(hand_overs(stack, scene).await?);
    }
    let minutes = last.duration_since(first).as_secs_f64() / 60.0;
    let looks = u32::try_from(looks.len()).context("the number of looks")?;
    Ok(Measured {
        seconds,
        describe_jobs_per_minute: f64::from(looks) / minutes,
        minutes,
    })
}

/// The numbers of the `DescribeJobs` requests since then that the journal still has. It forgets
/// the oldest reads, so this is asked often.
async fn looks_since(stack: &Stack, since: Timestamp) -> Result<Vec<u64>> {
    let journal = stack.simulator().journal().await?;
    let looks = journal
        .iter()
        .filter(|request| request.operation == "DescribeJobs" && request.at >= since);
    Ok(looks.map(|request| request.sequence).collect())
}

/// When the last job of the last wave ended, once all plans have come that far.
async fn end_of_all(stack: &Stack, scenes: &[Scene]) -> Result<Option<Timestamp>> {
    let state = stack.simulator().state().await?;
    let mut last = None;
    for scene in scenes {
        let jobs = state.jobs(&scene.servers[(WAVES - 1) * SERVERS_PER_WAVE..])?;
        match jobs.iter().find_map(|job| job.ended_at) {
            Some(ended) => last = last.max(Some(ended)),
            None => return Ok(None),
        }
    }
    Ok(last)
}

async fn first_launch(stack: &Stack, scenes: &[Scene]) -> Result<Timestamp> {
    let servers: Vec<String> = scenes
        .iter()
        .flat_map(|scene| scene.servers.clone())
        .collect();
    until_at_pace("the first launch", PATIENCE, PACE, || async {
        let launches = stack.simulator().launches(&servers).await?;
        Ok(Look::of(launches.first().map(|launch| launch.at), "none"))
    })
    .await
}

async fn hand_overs(stack: &Stack, scene: &Scene) -> Result<Vec<f64>> {
    let launches: Vec<Request> = stack.simulator().launches(&scene.servers).await?;
    ensure!(launches.len() == WAVES, "{} launches", launches.len());
    let mut seconds = Vec::new();
    for pair in launches.windows(2) {
        let [before, after] = pair else { continue };
        let log = stack
            .simulator()
            .job_log(&stack.places.account_id, REGION, &before.job())
            .await?;
        let mut ends = Vec::new();
        for entry in log
            .iter()
            .filter(|entry| text(entry, "event") == "LAUNCH_END")
        {
            let at: Timestamp = text(entry, "logDateTime").parse().context("logDateTime")?;
            ends.push(at);
        }
        let last = ends.into_iter().max().context("a job without LAUNCH_END")?;
        seconds.push(after.at.duration_since(last).as_secs_f64());
    }
    Ok(seconds)
}
