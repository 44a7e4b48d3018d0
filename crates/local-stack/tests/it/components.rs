//! A component that does not start says why.

use local_stack::component::{Component, last_lines};
use local_stack::http::Http;
use tempfile::TempDir;
use tokio::process::Command;

#[tokio::test]
async fn a_program_that_ends_is_quoted_with_the_end_of_its_log() {
    let folder = TempDir::new().unwrap();
    let log = folder.path().join("emulator.log");
    let mut command = Command::new("sh");
    command.args(["-c", "echo starting; echo the cable is missing >&2; exit 3"]);
    let mut component = Component::start("emulator", &mut command, &log).unwrap();
    let problem = component
        .ready(&Http::default(), "http://127.0.0.1:9/")
        .await
        .unwrap_err();
    assert_eq!(
        problem.to_string(),
        format!(
            "the emulator ended by itself (exit status: 3)\nlast lines of {}:\n  starting\n  the cable is missing",
            log.display()
        )
    );
}

#[tokio::test]
async fn a_program_that_is_not_there_is_named() {
    let folder = TempDir::new().unwrap();
    let mut command = Command::new("/nowhere/drs-simulator");
    let log = folder.path().join("simulator.log");
    let problem = Component::start("simulator", &mut command, &log).unwrap_err();
    assert_eq!(problem.to_string(), "the simulator cannot be started");
}

#[test]
fn only_the_end_of_a_long_log_is_quoted() {
    let folder = TempDir::new().unwrap();
    let log = folder.path().join("a.log");
    let lines: Vec<String> = (1..=100).map(|line| line.to_string()).collect();
    std::fs::write(&log, lines.join("\n")).unwrap();
    let quoted = last_lines(&log);
    assert_eq!(quoted.lines().count(), 16);
    assert!(quoted.ends_with("\n  99\n  100"), "{quoted}");
}
