//! What a supervisor or an emulator that was killed leaves, and what is said of it.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use local_stack::layout::Layout;
use local_stack::processes::{Groups, end_all};
use local_stack::status::Status;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A state folder, and programs that stand for the emulator and the simulator.
struct World {
    folder: TempDir,
    layout: Layout,
    port_base: u16,
}

impl World {
    fn new(emulator: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let layout = Layout::at(&folder.path().join("state")).unwrap();
        program(&folder.path().join("python"), emulator);
        program(&folder.path().join("drs-simulator"), "exec sleep 1000");
        Self {
            folder,
            layout,
            port_base: free_ports(),
        }
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_local-stack"));
        command
            .args(words)
            .arg("--state-dir")
            .arg(self.layout.root())
            .arg("--python")
            .arg(self.folder.path().join("python"))
            .arg("--programs")
            .arg(self.folder.path())
            .stdin(Stdio::null());
        command
    }

    fn up(&self, words: &[&str]) -> Output {
        let base = self.port_base.to_string();
        let mut command = self.command(&[words, &["--port-base", &base]].concat());
        command.output().unwrap()
    }

    /// A supervisor whose components start and never get ready.
    fn supervisor(&self) -> Child {
        let base = self.port_base.to_string();
        let mut command = self.command(&["supervise", "--port-base", &base]);
        command.stdout(Stdio::null()).process_group(0);
        let supervisor = command.spawn().unwrap();
        while self.status()["processId"] != supervisor.id() {
            std::thread::yield_now();
        }
        supervisor
    }

    fn status(&self) -> Value {
        let output = self.command(&["status", "--json"]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// The status of a supervisor that had been ready.
    fn leave_status_of(&self, process_id: u32) {
        let status = Status {
            ready: true,
            process_id: Some(process_id),
            places: None,
        };
        status.write(&self.layout).unwrap();
    }
}

fn program(file: &Path, script: &str) -> PathBuf {
    std::fs::write(file, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755)).unwrap();
    file.to_path_buf()
}

/// Three ports in a row that nobody uses now.
fn free_ports() -> u16 {
    let free = |port: u16| std::net::TcpListener::bind(("127.0.0.1", port));
    loop {
        let first = free(0).unwrap();
        let base = first.local_addr().unwrap().port();
        if base < 65_000 && free(base + 1).is_ok() && free(base + 2).is_ok() {
            return base;
        }
    }
}

fn kill(mut supervisor: Child) -> u32 {
    let id = supervisor.id();
    supervisor.kill().unwrap();
    supervisor.wait().unwrap();
    id
}

#[test]
fn what_a_killed_supervisor_wrote_is_not_believed() {
    let world = World::new("exec sleep 1000");
    let killed = kill(world.supervisor());
    world.leave_status_of(killed);
    assert_eq!(world.status(), json!({ "ready": false }));
    let mut next = world.supervisor();
    assert_eq!(world.status()["ready"], false);
    // As it would be read before the new one has written.
    world.leave_status_of(killed);
    assert_eq!(
        world.status(),
        json!({ "ready": false, "processId": next.id() })
    );
    world.leave_status_of(next.id());
    assert_eq!(world.status()["ready"], true);
    let mut down = world.command(&["down"]).spawn().unwrap();
    // It may be told before it listens, and end by the signal itself.
    next.wait().unwrap();
    assert!(down.wait().unwrap().success());
}

#[test]
fn up_in_the_background_waits_for_its_own_supervisor_to_be_ready() {
    let world = World::new("echo the cable is missing; exit 3");
    // A component of the killed supervisor takes its time to end, and the new one waits for it.
    let mut shell = Command::new("sh");
    let script = "trap 'sleep 0.5; exit' TERM; echo up; while :; do sleep 0.05; done";
    shell.args(["-c", script]).process_group(0);
    let mut shell = shell.stdout(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    let mut reader = BufReader::new(shell.stdout.take().unwrap());
    reader.read_line(&mut said).unwrap();
    let group = i32::try_from(shell.id()).unwrap();
    let processes = world.layout.processes();
    Groups::default().add(group, &processes).unwrap();
    let collecting = std::thread::spawn(move || shell.wait().unwrap());
    world.leave_status_of(u32::MAX >> 2);
    let output = world.up(&["up", "--detach"]);
    end_all(&[group]);
    collecting.join().unwrap();
    let problem = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(
        problem.starts_with("error: the local stack did not start"),
        "{problem}"
    );
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("the cable is missing"), "{said}");
}

#[test]
fn what_a_killed_emulator_lost_is_said_before_the_next_one_starts() {
    let world = World::new("exit 3");
    let emulator = world.layout.emulator();
    std::fs::create_dir(&emulator).unwrap();
    let clean = world.up(&["up"]);
    let said = String::from_utf8_lossy(&clean.stdout).into_owned();
    assert!(!said.contains("was killed"), "{said}");
    std::fs::write(emulator.join("running"), "").unwrap();
    let empty = world.up(&["up"]);
    let said = String::from_utf8_lossy(&empty.stdout).into_owned();
    let loss = "the emulator was killed in the last run, before its state was copied: groups, \
                plans and executions of that run are lost, and it begins empty\n";
    assert!(said.starts_with(loss), "{said}");
    std::fs::write(emulator.join("snapshot.json"), "{}").unwrap();
    let copied = world.up(&["up"]);
    let said = String::from_utf8_lossy(&copied.stdout).into_owned();
    let loss = "the emulator was killed in the last run: it begins from the copy of its state \
                that was made ";
    assert!(said.starts_with(loss), "{said}");
}
