//! Process groups end with their supervisor, and strangers are left alone.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

use local_stack::processes::{Groups, lives};
use tempfile::TempDir;

/// A shell with a child of its own, in a group of its own; it says when both run.
fn group() -> (i32, Child) {
    let mut shell = Command::new("sh")
        .args(["-c", "sleep 1000 & echo both; wait"])
        .process_group(0)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    BufReader::new(shell.stdout.take().unwrap())
        .read_line(&mut said)
        .unwrap();
    assert_eq!(said, "both\n");
    (i32::try_from(shell.id()).unwrap(), shell)
}

/// A group has a member until its first process is waited for.
fn collected(mut shell: Child) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        shell.wait().unwrap();
    })
}

fn warden() -> Child {
    Command::new(env!("CARGO_BIN_EXE_local-stack"))
        .arg("watch")
        .stdin(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn a_group_ends_with_the_children_of_its_first_process() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("processes.json");
    let (group, shell) = group();
    Groups::default().add(group, &file).unwrap();
    assert!(lives(group));
    let collecting = collected(shell);
    Groups::read(&file).unwrap().end();
    collecting.join().unwrap();
    assert!(!lives(group));
}

#[test]
fn a_stranger_with_the_same_number_is_left_alone() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("processes.json");
    let (group, mut shell) = group();
    // As if a process of this number had been started at another time.
    std::fs::write(&file, format!("{{\"{group}\":1}}")).unwrap();
    Groups::read(&file).unwrap().end();
    assert!(shell.try_wait().unwrap().is_none());
    let mut known = Groups::default();
    known.add(group, &file).unwrap();
    let collecting = collected(shell);
    known.end();
    collecting.join().unwrap();
}

#[test]
fn the_warden_ends_what_a_killed_supervisor_left() {
    let (group, shell) = group();
    let mut warden = warden();
    let mut pipe = warden.stdin.take().unwrap();
    writeln!(pipe, "{group}").unwrap();
    let collecting = collected(shell);
    // The end of the supervisor closes its end of the pipe.
    drop(pipe);
    assert!(warden.wait().unwrap().success());
    collecting.join().unwrap();
    assert!(!lives(group));
}

#[test]
fn a_warden_that_was_dismissed_ends_nothing() {
    let (group, shell) = group();
    let mut warden = warden();
    let mut pipe = warden.stdin.take().unwrap();
    writeln!(pipe, "{group}\ndone").unwrap();
    drop(pipe);
    assert!(warden.wait().unwrap().success());
    assert!(lives(group));
    let collecting = collected(shell);
    local_stack::processes::end_all(&[group]);
    collecting.join().unwrap();
}
