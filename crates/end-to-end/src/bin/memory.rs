//! Measures the peak of memory of the stack's functions while jobs of a hundred servers each fail
//! with the longest reasons that DRS gives, and holds it to what the template grants.
//!
//! It runs on a stack whose functions were built for release:
//! `DRS_ORCHESTRATION_STACK=... cargo run -p end-to-end --bin memory`.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use end_to_end::processes::{of_function, peak_memory_kib};
use end_to_end::stack::{FUNCTIONS, function_name};
use end_to_end::{Execution, Fleet, Role, Scene, Stack, Wave};
use serde_json::json;

/// The jobs, all at once, and the most servers that one may have.
const JOBS: usize = 4;
const SERVERS_PER_JOB: usize = 100;
/// Letters in one reason: the most that DRS documents for a text of its own.
const LETTERS: usize = 65_536;
/// A process may end between two samples, and its peak is then the one of the last.
const PACE: Duration = Duration::from_millis(100);
/// The finder runs once a minute: it is waited for twice as long.
const ROUNDS_MAX: u32 = 1_200;

#[tokio::main]
async fn main() -> Result<()> {
    let stack = Stack::of_environment()?;
    let mut peaks = BTreeMap::new();
    tokio::select! {
        done = fail_at_length(&stack) => done?,
        failed = sample(&stack, &mut peaks) => failed?,
    }
    let mut rounds = 0;
    while peaks.len() < FUNCTIONS.len() && rounds < ROUNDS_MAX {
        look(&stack, &mut peaks)?;
        tokio::time::sleep(PACE).await;
        rounds += 1;
    }
    print_table(&stack, &peaks).await
}

/// Drills that fail, and everything that the API tells of them.
async fn fail_at_length(stack: &Stack) -> Result<()> {
    let api = stack.api(Role::DrillOperator).await?;
    let count = u64::try_from(JOBS * SERVERS_PER_JOB).context("the number of servers")?;
    let fleet = Fleet::take(stack, count).await?;
    let rule = stack
        .simulator()
        .add_fault(&json!({
            "when": { "phase": "launch" },
            "do": { "fail": "LAUNCH_FAILED", "raw_error": "x".repeat(LETTERS) },
        }))
        .await?;
    let waves: Vec<Wave> = fleet
        .servers
        .chunks(SERVERS_PER_JOB)
        .enumerate()
        .map(|(number, servers)| {
            Wave::new(&format!("wave-{number}"), servers).with("dependsOn", json!([]))
        })
        .collect();
    let scene = Scene::make(&api, &waves).await?;
    let execution = api.start_drill(&scene.plan).await?;
    let view = execution.ends_as("FAILED").await?;
    stack.simulator().remove_fault(&rule).await?;
    let failed = view.servers().filter(|server| server.error.is_some());
    ensure!(
        failed.count() == fleet.servers.len(),
        "not every server failed"
    );
    read_all(&execution).await
}

async fn read_all(execution: &Execution) -> Result<()> {
    execution.events().await?;
    let logs = execution.job_logs().await?;
    let texts = logs.iter().filter_map(|entry| entry["error"].as_str());
    let longest = texts.map(str::len).max().unwrap_or_default();
    ensure!(
        longest > 1_000,
        "the longest reason of the log has {longest} bytes"
    );
    Ok(())
}

/// Looks at the functions' processes, for ever.
async fn sample(stack: &Stack, peaks: &mut BTreeMap<&'static str, u64>) -> Result<()> {
    loop {
        look(stack, peaks)?;
        tokio::time::sleep(PACE).await;
    }
}

fn look(stack: &Stack, peaks: &mut BTreeMap<&'static str, u64>) -> Result<()> {
    let emulator = stack.places.aws_endpoint_url.trim_end_matches('/');
    for function in FUNCTIONS {
        for process in of_function(function, emulator)? {
            let peak = peaks.entry(function).or_default();
            *peak = (*peak).max(peak_memory_kib(process).unwrap_or_default());
        }
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the table is what this program is for")]
async fn print_table(stack: &Stack, peaks: &BTreeMap<&'static str, u64>) -> Result<()> {
    println!("| Function | granted MiB | peak MiB |");
    println!("|---|---|---|");
    let mut over = Vec::new();
    for function in FUNCTIONS {
        let Some(&peak) = peaks.get(function) else {
            println!("| {function} | | did not run |");
            over.push(function);
            continue;
        };
        let configuration = stack
            .emulator()
            .function_configuration(&function_name(function))
            .await?;
        let granted = configuration["MemorySize"]
            .as_u64()
            .with_context(|| format!("{function} has no limit of memory"))?;
        println!("| {function} | {granted} | {} |", peak.div_ceil(1_024));
        if peak > granted * 1_024 {
            over.push(function);
        }
    }
    ensure!(
        over.is_empty(),
        "more than the template grants, or not known: {}",
        over.join(", ")
    );
    Ok(())
}
