//! `cargo xtask bench consoles`: what open consoles ask of the API, beside what the firewall lets
//! one address ask.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use serde_json::json;

use crate::end_to_end::{StackFixture, VARIABLE, on_stack};
use crate::options::ConsoleOptions;
use crate::{build, console, journeys, terminal, workspace};

/// Servers whose launches take longer than anybody counts.
const FIXTURE: StackFixture = StackFixture {
    folder: "consoles",
    scenario: "frontend/journeys/traffic/scenario.yaml",
    parameters: &[],
};
/// Says to the consoles' script how much of what there is.
const CHOSEN: &str = "TRAFFIC";
/// The header by which the firewall knows one viewer from another.
const BY_VIEWER: &str = "x-viewer-address";
/// A console asks every three seconds at most. Where answers take as long it asks less than it would.
const SLOW_MILLISECONDS: u64 = 3_000;

/// What the script has counted.
#[derive(Clone, Debug, Deserialize)]
pub struct Traffic {
    /// For so long.
    pub seconds: f64,
    /// DRS jobs under way all the time.
    pub jobs: u64,
    /// Each console by itself.
    pub consoles: Vec<Asked>,
    /// Somebody else, meanwhile.
    pub stranger: Option<Stranger>,
}

/// What one console has asked.
#[derive(Clone, Debug, Deserialize)]
pub struct Asked {
    /// Requests by their path, ids left out.
    pub asked: BTreeMap<String, u64>,
    /// Requests without an answer, or with one of 400 and more.
    pub refused: u64,
    /// How long each answer took.
    pub milliseconds: Vec<u64>,
}

/// What came of a stranger's requests.
#[derive(Clone, Debug, Deserialize)]
pub struct Stranger {
    /// How many were sent.
    pub sent: u64,
    /// By status, or by what went wrong.
    pub answers: BTreeMap<String, u64>,
}

/// How much one viewer may ask.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limit {
    /// So many requests.
    pub requests: u64,
    /// Within so long.
    pub seconds: u64,
}

/// Opens consoles on a stack of their own, prints what they ask, and fails where that is more than
/// half of the limit, or where it cannot be known.
pub fn run(root: &Path, options: ConsoleOptions) -> Result<()> {
    let template = root.join("cfn/security-stack.yaml");
    let text = std::fs::read_to_string(&template).context("the firewall's template")?;
    let limit = limit(&text)?;
    build::programs(root)?;
    console::build(root)?;
    let report = workspace::target_directory(root)?.join("traffic.json");
    let chosen = json!({
        "consoles": options.consoles,
        "minutes": options.minutes,
        "jobs": options.jobs,
        "stranger": options.stranger,
        "report": report,
    })
    .to_string();
    on_stack(root, options.stack, FIXTURE, |status| {
        terminal::line("opening consoles, one after another, and counting what they ask");
        let status = status.display().to_string();
        let variables = [(VARIABLE, status.as_str()), (CHOSEN, chosen.as_str())];
        journeys::script(root, &["run", "traffic"], &variables)
    })?;
    let told = std::fs::read_to_string(&report).context("what was counted")?;
    let traffic: Traffic = serde_json::from_str(&told).context("what was counted")?;
    terminal::line(&table(&traffic, limit));
    judge(&traffic, limit)
}

/// The rule of the template that counts each viewer by himself.
pub fn limit(template: &str) -> Result<Limit> {
    let template: serde_yaml_ng::Value =
        serde_yaml_ng::from_str(template).context("the firewall's template")?;
    let rules = template["Resources"]["WebAcl"]["Properties"]["Rules"]
        .as_sequence()
        .context("the firewall has no rules")?;
    let rates = rules
        .iter()
        .map(|rule| &rule["Statement"]["RateBasedStatement"]);
    let mut found = rates.filter(|rate| rate["CustomKeys"][0]["Header"]["Name"] == BY_VIEWER);
    let (Some(rate), None) = (found.next(), found.next()) else {
        bail!("not one rule of the firewall counts by {BY_VIEWER}");
    };
    let number = |member: &str| rate[member].as_u64().with_context(|| member.to_owned());
    Ok(Limit {
        requests: number("Limit")?,
        seconds: number("EvaluationWindowSec")?,
    })
}

/// Refuses more than half of the limit, a console that was refused something, and a count that the
/// machine was too slow for.
pub fn judge(traffic: &Traffic, limit: Limit) -> Result<()> {
    ensure!(!traffic.consoles.is_empty(), "no console was open");
    let refused: u64 = traffic.consoles.iter().map(|console| console.refused).sum();
    ensure!(refused == 0, "{refused} requests of consoles were refused");
    let slow = answered_within(traffic, 95);
    // ParallelParts a stranger it is only asked whether somebody is refused.
    ensure!(
        traffic.stranger.is_some() || slow < SLOW_MILLISECONDS,
        "answers took up to {slow} ms, so the consoles asked less than they would elsewhere; count fewer"
    );
    let asked = in_one_window(traffic, limit, most_of_one(traffic)) * count(traffic);
    ensure!(
        asked * 2 <= limit.requests,
        "{} consoles behind one address may ask {asked} requests in {} s: more than half of {}",
        count(traffic),
        limit.seconds,
        limit.requests
    );
    Ok(())
}

fn table(traffic: &Traffic, limit: Limit) -> String {
    let (all, most) = (of_all(traffic), most_of_one(traffic));
    let in_window = in_one_window(traffic, limit, all);
    let mut lines = vec![
        "| consoles | jobs | seconds | asked | of one, average | of one, most | in one window | limit | share | 95 % answered within |".to_owned(),
        "|---|---|---|---|---|---|---|---|---|---|".to_owned(),
        format!(
            "| {} | {} | {:.0} | {all} | {} | {most} | {in_window} | {} in {} s | {} % | {} ms |",
            count(traffic),
            traffic.jobs,
            traffic.seconds,
            all / count(traffic).max(1),
            limit.requests,
            limit.seconds,
            in_window * 100 / limit.requests,
            answered_within(traffic, 95),
        ),
        String::new(),
        "| asked for | by all |".to_owned(),
        "|---|---|".to_owned(),
    ];
    let mut places: BTreeMap<&str, u64> = BTreeMap::new();
    for (place, asked) in traffic.consoles.iter().flat_map(|console| &console.asked) {
        *places.entry(place).or_default() += asked;
    }
    lines.extend(
        places
            .iter()
            .map(|(place, asked)| format!("| `{place}` | {asked} |")),
    );
    if let Some(stranger) = &traffic.stranger {
        let refused: u64 = traffic.consoles.iter().map(|console| console.refused).sum();
        lines.push(format!(
            "\na stranger sent {} requests with forged headers, answered with {:?}; {refused} requests of consoles were refused meanwhile",
            stranger.sent, stranger.answers
        ));
    }
    lines.join("\n")
}

fn count(traffic: &Traffic) -> u64 {
    u64::try_from(traffic.consoles.len()).unwrap_or(u64::MAX)
}

fn of_one(console: &Asked) -> u64 {
    console.asked.values().sum()
}

fn of_all(traffic: &Traffic) -> u64 {
    traffic.consoles.iter().map(of_one).sum()
}

fn most_of_one(traffic: &Traffic) -> u64 {
    traffic
        .consoles
        .iter()
        .map(of_one)
        .max()
        .unwrap_or_default()
}

/// So many requests of the whole time, in the time that the firewall counts.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a few thousand requests of a few minutes"
)]
fn in_one_window(traffic: &Traffic, limit: Limit, requests: u64) -> u64 {
    (requests as f64 * limit.seconds as f64 / traffic.seconds).ceil() as u64
}

/// The milliseconds within which so many of a hundred answers came.
fn answered_within(traffic: &Traffic, percent: usize) -> u64 {
    let answers = traffic.consoles.iter().flat_map(|one| &one.milliseconds);
    let mut all: Vec<u64> = answers.copied().collect();
    all.sort_unstable();
    let place = (all.len() * percent).div_ceil(100).max(1) - 1;
    all.get(place).copied().unwrap_or(u64::MAX)
}
