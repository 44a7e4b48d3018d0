//! What `.ci/prepare` does on a laptop, and what it does with the token of a job.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output};

use tempfile::TempDir;
use xtask::workspace;

const TOKEN: &str = "header.claims.signature";

/// A shell that finds the programs of a small image and no more.
fn prepare(need: &str, variables: &[(&str, &str)]) -> Output {
    let bin = TempDir::new().unwrap();
    for program in ["bash", "cat", "dirname", "env", "mkdir"] {
        let place = ["/bin", "/usr/bin"]
            .map(|folder| format!("{folder}/{program}"))
            .into_iter()
            .find(|place| fs::exists(place).unwrap())
            .unwrap();
        std::os::unix::fs::symlink(place, bin.path().join(program)).unwrap();
    }
    Command::new("/bin/bash")
        .arg(workspace::root().join(".ci/prepare"))
        .arg(need)
        .env_clear()
        .env("PATH", bin.path())
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

fn complaint(output: &Output) -> String {
    assert!(!output.status.success(), "{output:?}");
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn a_laptop_is_told_what_is_missing_and_gets_nothing_installed() {
    for (need, name) in [
        ("python", "Python 3 with its venv module"),
        ("node", "Node.js 22.20.0"),
        ("nextest", "cargo-nextest 0.9.143"),
    ] {
        let said = complaint(&prepare(need, &[]));
        assert_eq!(
            said,
            format!("{name} is missing; install it and try again\n")
        );
    }
}

#[test]
fn a_need_that_nobody_knows_is_refused() {
    let said = complaint(&prepare("java", &[]));
    assert_eq!(said, "prepare: there is no java\n");
}

#[test]
fn the_token_of_a_job_is_readable_by_the_job_alone() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("identity");
    let place = file.display().to_string();
    let variables = [
        ("AWS_ID_TOKEN", TOKEN),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", &place),
    ];
    let output = prepare("identity", &variables);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(fs::read_to_string(&file).unwrap(), TOKEN);
    let mode = fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let said = [output.stdout, output.stderr].concat();
    assert!(!String::from_utf8(said).unwrap().contains(TOKEN));
}

#[test]
fn a_job_without_a_token_stops_before_it_deploys() {
    let said = complaint(&prepare("identity", &[("GITLAB_CI", "true")]));
    assert_eq!(said, "GitLab has given this job no token (id_tokens)\n");
}

#[test]
fn a_laptop_has_keys_of_its_own_and_needs_no_token() {
    assert!(prepare("identity", &[]).status.success());
}
