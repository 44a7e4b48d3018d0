//! Plays one seed and tells its story: `simulation SEED`.

use std::io::Write as _;
use std::process::ExitCode;

use simulation::{Story, run};

fn main() -> ExitCode {
    let mut out = std::io::stdout().lock();
    let Some(seed) = std::env::args().nth(1).and_then(|text| text.parse().ok()) else {
        let _ = writeln!(out, "usage: simulation SEED (a number)");
        return ExitCode::FAILURE;
    };
    let story = Story::of(seed);
    let report = run(&story);
    let _ = writeln!(
        out,
        "{}\n{:#?}\n{:#?}",
        story.scenario, story.deeds, story.plan
    );
    for line in &report.log {
        let _ = writeln!(out, "{line}");
    }
    let _ = writeln!(
        out,
        "{:?} {:?} steps {}",
        report.outcomes, report.broken, report.steps
    );
    if report.broken.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
