//! What was expected and what was seen, as a page of Markdown.

use std::fmt::Write as _;

use jiff::Timestamp;

use super::run::Seen;
use super::storms::Storm;
use super::{Act, Case, Expected};

/// One row: a case, and what was seen of it, or why nothing was.
pub type Row = (Case, Result<Seen, String>);

/// Everything that was tried.
#[derive(Clone, Debug)]
pub struct Report {
    /// When it began.
    pub at: Timestamp,
    /// The cases.
    pub rows: Vec<Row>,
    /// The storms.
    pub storms: Vec<Result<Storm, String>>,
}

impl Report {
    /// How many were as expected, of how many.
    pub fn counts(&self) -> (usize, usize) {
        let cases = self.rows.iter().filter(|row| differences(row).is_empty());
        let calm = |storm: &&Result<Storm, String>| {
            storm
                .as_ref()
                .is_ok_and(|storm| storm.differences.is_empty())
        };
        let storms = self.storms.iter().filter(calm);
        (
            cases.count() + storms.count(),
            self.rows.len() + self.storms.len(),
        )
    }

    /// The page.
    pub fn page(&self) -> String {
        let (good, all) = self.counts();
        let date = self.at.strftime("%Y-%m-%d %H:%M UTC");
        let mut page = format!("{HEAD}\n{date}: **{good} of {all} as expected.**\n\n");
        page.push_str("| Fault | How it is made | Expected | Seen | Verdict |\n");
        page.push_str("|---|---|---|---|---|\n");
        for row in &self.rows {
            page.push_str(&line(row));
        }
        page.push_str("\n## Storms\n\nFour drills of two waves run in each.\n\n");
        page.push_str("| Fault | How it is made | Expected | Seen | Verdict |\n");
        page.push_str("|---|---|---|---|---|\n");
        for storm in &self.storms {
            page.push_str(&storm_line(storm));
        }
        page
    }
}

const HEAD: &str = "# Fault matrix

Written by `cargo xtask fault-matrix`, which starts a local stack of its own, runs one execution of two
waves (a: a1, a2; b: b1, b2) for each fault that the simulator can make, and compares what comes of
it with what was written down before (`crates/end-to-end/src/fault_matrix/`). Time passes sixty times as
fast as at AWS. After each: no attempt has two jobs, each server was launched as often as expected,
and the simulator's own judge reports nothing about these servers.
";

fn differences((case, seen): &Row) -> Vec<String> {
    match seen {
        Ok(seen) => seen.differences(&case.expected),
        Err(error) => vec![error.clone()],
    }
}

fn line(row: &Row) -> String {
    let (case, seen) = row;
    let mut line = format!("| {} {} | ", case.fault, case.what);
    let _ = write!(line, "{} | ", made(case));
    let _ = write!(line, "{}: {} | ", case.must, expected(&case.expected));
    let _ = write!(
        line,
        "{} | ",
        seen.as_ref()
            .map_or_else(Clone::clone, told)
            .replace('|', "/")
    );
    let _ = writeln!(line, "{} |", verdict(&differences(row)));
    line
}

fn made(case: &Case) -> String {
    let mut parts: Vec<String> = case
        .servers
        .iter()
        .map(|(server, change)| format!("`PATCH {server} {change}`"))
        .collect();
    parts.extend(case.rules.iter().map(|rule| format!("`{rule}`")));
    match case.act {
        Act::Watch | Act::Refused(_) | Act::GoOnWithout | Act::Retry => {}
        Act::Meanwhile => parts.push("once a job runs".to_owned()),
        Act::Outage(seconds) => parts.push(format!("once a job runs, for {seconds} s")),
        Act::CleanUp => parts.push("during the clean-up".to_owned()),
        Act::EndInstance => parts.push("`PATCH /_sim/instances`, then the clean-up".to_owned()),
        Act::CleanUpWith(_) => parts.push("from the start, then the clean-up".to_owned()),
        Act::Kill => parts.push("SIGKILL while the answer is held".to_owned()),
    }
    parts.join("; ").replace('|', "\\|")
}

fn expected(expected: &Expected) -> String {
    let mut text = summary(
        expected.status,
        &expected.servers.map(str::to_owned),
        &expected.launches,
    );
    if !expected.shows.is_empty() {
        let _ = write!(text, "; shows {}", expected.shows.replace('|', " or "));
    }
    text
}

fn told(seen: &Seen) -> String {
    let text = summary(&seen.status, &seen.servers, &seen.launches);
    format!("{text}; {} s", seen.seconds)
}

fn summary(status: &str, servers: &[String], launches: &[usize]) -> String {
    let named = servers.iter().all(|server| !server.is_empty()) && !servers.is_empty();
    let servers = match servers.first() {
        Some(first) if named && servers.iter().all(|server| server == first) => {
            format!(", all {first}")
        }
        Some(_) if named => format!(", {}", servers.join(" ")),
        Some(_) | None => String::new(),
    };
    let launches: Vec<String> = launches.iter().map(ToString::to_string).collect();
    format!("**{status}**{servers}; launches {}", launches.join(" "))
}

fn verdict(differences: &[String]) -> String {
    if differences.is_empty() {
        return "as expected".to_owned();
    }
    let text = differences.join("; ").replace('|', "/").replace('\n', " ");
    format!("**DIFFERS**: {text}")
}

fn storm_line(storm: &Result<Storm, String>) -> String {
    let must = "all four **COMPLETED**, each server launched once";
    match storm {
        Ok(storm) => {
            let ended: Vec<String> = storm
                .ended
                .iter()
                .map(|(status, count)| format!("{count} {status}"))
                .collect();
            format!(
                "| {} | {} | {must} | {}; {} s | {} |\n",
                storm.what,
                storm.made,
                ended.join(", "),
                storm.seconds,
                verdict(&storm.differences)
            )
        }
        Err(error) => format!(
            "| | | {must} | | {} |\n",
            verdict(std::slice::from_ref(error))
        ),
    }
}
