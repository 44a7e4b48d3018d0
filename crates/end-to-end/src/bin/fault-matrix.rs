//! Tries every fault of DRS on a running local stack, one by one, and writes down what came of it.
//!
//! It runs on a stack of its own: `DRS_ORCHESTRATION_STACK=... fault-matrix docs/fault-matrix.md [F2 F14a storms]`.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use end_to_end::fault_matrix::dependency_faults::{SERVICES, spoil};
use end_to_end::fault_matrix::report::{Report, Row};
use end_to_end::fault_matrix::{Case, Scope, cases, run, storms};
use end_to_end::{Pool, Stack};
use futures::StreamExt;
use jiff::Timestamp;

/// Cases that run side by side on one small machine.
const SIDE_BY_SIDE: usize = 8;
/// Regions of the scenario, each for one case at a time that is about a whole Region.
const REGIONS: [(&str, &str); 12] = [
    ("us-east-1", "f0100000000"),
    ("us-east-2", "f0200000000"),
    ("us-west-1", "f0300000000"),
    ("ca-central-1", "f0400000000"),
    ("eu-west-1", "f0500000000"),
    ("eu-west-2", "f0600000000"),
    ("eu-central-1", "f0700000000"),
    ("eu-north-1", "f0800000000"),
    ("ap-southeast-1", "f0900000000"),
    ("ap-northeast-1", "f0a00000000"),
    ("ap-south-1", "f0b00000000"),
    ("sa-east-1", "f0c00000000"),
];
const SERVERS_PER_REGION: u64 = 40;
/// Runs the storms as well; also what they are called on the command line.
const STORMS: &str = "storms";

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::print_stdout, reason = "people watch it")]
#[expect(clippy::disallowed_methods, reason = "the page says when it was tried")]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let page = arguments.next().map(PathBuf::from);
    let page = page.context("say where the page is to be written")?;
    let only: Vec<String> = arguments.collect();
    let stack = Stack::of_environment()?;
    let at = Timestamp::now();
    let wanted = |name: &str| only.is_empty() || only.iter().any(|one| one == name);
    let chosen: Vec<Case> = cases()
        .into_iter()
        .filter(|case| wanted(case.fault))
        .collect();
    let mut rows = all(&stack, chosen).await?;
    rows.sort_by_key(|(place, _)| *place);
    let mut tried = Vec::new();
    if wanted(STORMS) {
        let mut storms = vec![
            storms::kills(&stack).await,
            storms::freezes(&stack).await,
            storms::silence(&stack).await,
        ];
        for services in &SERVICES {
            storms.push(spoil(&stack, services).await);
        }
        storms.push(storms::restart(&stack).await);
        let told = |storm: Result<_>| storm.map_err(|error| format!("{error:#}"));
        tried.extend(storms.into_iter().map(told));
    }
    let report = Report {
        at,
        rows: rows.into_iter().map(|(_, row)| row).collect(),
        storms: tried,
    };
    std::fs::write(&page, report.page()).with_context(|| page.display().to_string())?;
    let (good, all) = report.counts();
    println!("{good} of {all} as expected; see {}", page.display());
    ensure!(good == all, "{} differ from what was expected", all - good);
    Ok(())
}

/// All cases, with their places in the table, in the order in which they end.
#[expect(clippy::print_stdout, reason = "people watch it")]
async fn all(stack: &Stack, cases: Vec<Case>) -> Result<Vec<(usize, Row)>> {
    let mut regions = REGIONS.iter();
    let mut placed = Vec::new();
    for (place, case) in cases.into_iter().enumerate() {
        let (region, beginning) = match case.scope {
            Scope::Servers => REGIONS.first().context("no Region")?,
            Scope::Region => regions.next().context("too few Regions")?,
        };
        let pool = Pool {
            region,
            beginning,
            size: SERVERS_PER_REGION,
        };
        placed.push((place, case, pool));
    }
    let mut running =
        futures::stream::iter(placed.into_iter().map(|(place, case, pool)| async move {
            let seen = run::run(stack, &case, &pool).await;
            (place, case, seen.map_err(|error| format!("{error:#}")))
        }))
        .buffer_unordered(SIDE_BY_SIDE);
    let mut rows = Vec::new();
    while let Some((place, case, seen)) = running.next().await {
        match &seen {
            Ok(found) => println!(
                "{} {} {} s {} {:?}",
                case.fault,
                found.status,
                found.seconds,
                found.execution,
                found.differences(&case.expected)
            ),
            Err(error) => println!("{} {error}", case.fault),
        }
        rows.push((place, (case, seen)));
    }
    Ok(rows)
}
