//! What the emulator's launcher does with the state on disk; it needs no emulator for that.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;
use xtask::workspace;

/// Runs some Python beside the launcher, with the state folder as its argument.
fn python(state: &Path, script: &str) -> String {
    let output = Command::new("python3")
        .args(["-B", "-c"])
        .arg(format!(
            "import sys\nfrom pathlib import Path\nimport launcher, snapshots\n\
             state = Path(sys.argv[1])\n{script}"
        ))
        .arg(state)
        .current_dir(workspace::root().join("xtask/emulator"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

const PREPARE: &str = "launcher.prepare_state_directory(state, state / 'running')";

fn read(file: &Path) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

#[test]
fn a_killed_emulator_begins_from_its_last_copy() {
    let folder = TempDir::new().unwrap();
    let state = folder.path();
    python(state, PREPARE);
    let services = state.join("services");
    std::fs::write(state.join("running"), "").unwrap();
    std::fs::write(state.join("objects/kept"), "an object").unwrap();
    python(
        state,
        "snapshots.replace(snapshots.place(state), {'dynamodb': '{\"tables\":[1]}', 's3': '{}'})",
    );
    // It was killed while it wrote its state.
    std::fs::write(services.join("dynamodb.json"), "{\"tab").unwrap();
    std::fs::write(services.join("states.json"), "{}").unwrap();
    python(state, PREPARE);
    assert_eq!(
        read(&services.join("dynamodb.json")),
        serde_json::json!({ "tables": [1] })
    );
    assert!(services.join("s3.json").exists());
    assert!(!services.join("states.json").exists());
    assert!(state.join("objects/kept").exists());
    assert!(!state.join("running").exists());
}

#[test]
fn an_emulator_that_was_killed_before_its_first_copy_begins_from_what_it_had_read() {
    let folder = TempDir::new().unwrap();
    let state = folder.path();
    python(state, PREPARE);
    std::fs::write(state.join("services/dynamodb.json"), "{\"tables\":[2]}").unwrap();
    python(state, PREPARE);
    std::fs::write(state.join("running"), "").unwrap();
    std::fs::write(state.join("services/dynamodb.json"), "").unwrap();
    python(state, PREPARE);
    assert_eq!(
        read(&state.join("services/dynamodb.json")),
        serde_json::json!({ "tables": [2] })
    );
}

#[test]
fn an_emulator_that_was_killed_without_a_copy_begins_empty() {
    let folder = TempDir::new().unwrap();
    let state = folder.path();
    python(state, PREPARE);
    std::fs::write(state.join("running"), "").unwrap();
    std::fs::write(state.join("objects/left"), "an object").unwrap();
    std::fs::write(state.join("services/key.pem"), "a key").unwrap();
    python(state, PREPARE);
    assert!(!state.join("objects/left").exists());
    assert!(!state.join("services/key.pem").exists());
    assert!(!state.join("snapshot.json").exists());
}

#[test]
fn the_emulator_refuses_what_aws_refuses() {
    let output = Command::new("python3")
        .args(["-B", "-m", "unittest"])
        .args(["test_limits", "test_recording", "test_function_environment"])
        .current_dir(workspace::root().join("xtask/emulator"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}
