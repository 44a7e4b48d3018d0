//! How long deploying takes: a table, measured on an emulator with 50 ms added to every answer.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use anyhow::{Result, bail};
use deploy_end_to_end::test_environment::{Ended, TestEnvironment, run};

const PORT: u16 = 31_700;
const LATENCY: Duration = Duration::from_millis(50);
/// The middle of three is told.
const TIMES: usize = 3;

fn main() -> Result<()> {
    let environment = TestEnvironment::start(PORT)?;
    let mut rows = vec!["| what | seconds |".to_owned(), "|---|---|".to_owned()];
    environment.proxy.delay(LATENCY);
    let everything = whole(&environment, &["sync"])?;
    rows.push(row(
        "sync of everything (the whole repository, six programs, the console)",
        everything.took,
    ));
    rows.push(row("sync of nothing", middle(&environment, &["sync"])?));
    rows.push(row(
        "first deployment, everything synced",
        whole(&environment, &["deploy"])?.took,
    ));
    rows.push(row(
        "full deployment without changes",
        middle(&environment, &["deploy"])?,
    ));
    rows.push(row(
        "dry run",
        middle(&environment, &["deploy", "--dry-run"])?,
    ));
    rows.push(row("verify", middle(&environment, &["verify"])?));
    environment.checkout.change_program("orchestration")?;
    rows.push(row(
        "fast update of one function",
        whole(&environment, &["deploy", "--code-only"])?.took,
    ));
    environment.proxy.delay(Duration::ZERO);
    rows.push(row(
        "sync of nothing, without latency",
        middle(&environment, &["sync"])?,
    ));
    rows.push(row(
        "dry run, without latency",
        middle(&environment, &["deploy", "--dry-run"])?,
    ));
    writeln!(std::io::stdout(), "{}", rows.join("\n"))?;
    Ok(())
}

/// With the sources of the repository itself.
fn whole(environment: &TestEnvironment, arguments: &[&str]) -> Result<Ended> {
    let tool = environment.checkout.programs.join("drs-deploy");
    let mut command = environment.bare_tool(&tool, arguments);
    let repository: &Path = &environment.places().repository;
    command.arg("--checkout").arg(repository);
    command
        .arg("--target-directory")
        .arg(environment.folder.path().join("target"));
    command
        .arg("--programs")
        .arg(&environment.checkout.programs);
    command.arg("--console").arg(&environment.checkout.console);
    command.args(["--parameter", "AdminEmail=admin@example.com"]);
    let ended = run(&mut command)?;
    if ended.code != Some(0) {
        bail!("{arguments:?}: {}", ended.text);
    }
    Ok(ended)
}

fn middle(environment: &TestEnvironment, arguments: &[&str]) -> Result<Duration> {
    let mut times = Vec::new();
    for _ in 0..TIMES {
        times.push(whole(environment, arguments)?.took);
    }
    times.sort();
    Ok(times[TIMES / 2])
}

fn row(what: &str, took: Duration) -> String {
    format!("| {what} | {:.2} |", took.as_secs_f64())
}
