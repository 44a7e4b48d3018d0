//! The commands that ask, while nothing runs.

use std::process::{Command, Output};

use local_stack::layout::Layout;
use local_stack::ports::Ports;
use tempfile::TempDir;

fn ask(state: &TempDir, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_local-stack"));
    command
        .args(words)
        .arg("--state-dir")
        .arg(state.path())
        .output()
        .unwrap()
}

fn check(words: &[&str], code: i32, answer: &str, problem: &str) {
    let state = TempDir::new().unwrap();
    let output = ask(&state, words);
    assert_eq!(
        String::from_utf8_lossy(&output.stdout).trim_end(),
        answer,
        "{words:?}"
    );
    assert_eq!(
        String::from_utf8_lossy(&output.stderr).trim_end(),
        problem,
        "{words:?}"
    );
    assert_eq!(output.status.code(), Some(code), "{words:?}");
}

#[test]
fn what_does_not_run_is_not_ready() {
    check(&["status", "--json"], 0, "{\n  \"ready\": false\n}", "");
    check(
        &["status"],
        0,
        "not running; `cargo xtask local` starts it",
        "",
    );
}

#[test]
fn a_token_of_what_does_not_run_is_refused_on_standard_error() {
    let problem = "error: the local stack is not ready; `cargo xtask local up --detach` starts it";
    check(&["token"], 1, "", problem);
}

#[test]
fn stopping_what_does_not_run_is_no_mistake() {
    check(&["down"], 0, "nothing was running", "");
    check(
        &["reset"],
        0,
        "nothing was running\nthe state is forgotten",
        "",
    );
}

#[test]
fn a_log_that_there_is_not_is_named() {
    let problem = "error: there is no log kitchen; there are supervisor, emulator, simulator, \
                   api-handler, orchestration, execution-finder, execution-poller, frontend-builder";
    check(&["logs", "kitchen"], 1, "", problem);
    let problem = "error: the logs of functions are in the emulator, and it is not running";
    check(&["logs", "orchestration"], 1, "", problem);
}

#[test]
fn a_folder_that_is_not_there_is_named_and_not_made_by_asking() {
    let state = TempDir::new().unwrap();
    let missing = state.path().join("missing");
    let ask = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_local-stack"));
        command.args(words).arg("--state-dir").arg(&missing);
        command.output().unwrap()
    };
    let problem = format!(
        "error: there is no state folder {}; `cargo xtask local` makes it when it starts\n",
        missing.display()
    );
    for words in [
        &["status"][..],
        &["status", "--json"],
        &["logs"],
        &["logs", "emulator"],
        &["token"],
    ] {
        let output = ask(words);
        assert_eq!(
            String::from_utf8_lossy(&output.stderr),
            problem,
            "{words:?}"
        );
        assert_eq!(output.status.code(), Some(1), "{words:?}");
        assert!(!missing.exists(), "{words:?}");
    }
    // What is wanted of these holds already.
    for words in [["down"], ["reset"]] {
        assert_eq!(ask(&words).status.code(), Some(0), "{words:?}");
        assert!(!missing.exists(), "{words:?}");
    }
}

#[test]
fn a_parameter_that_nobody_can_choose_is_refused_before_anything_starts() {
    let repository = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    for parameter in ["Foo", "ProjectName", "ConsoleArtifactKey"] {
        let state = TempDir::new().unwrap();
        let given = format!("{parameter}=bar");
        let words = ["up", "--detach", "--parameter", given.as_str()];
        let words = [&words[..], &["--repository", repository]].concat();
        let output = ask(&state, &words);
        let problem = String::from_utf8_lossy(&output.stderr).into_owned();
        let begin =
            format!("error: `{parameter}` is no parameter that can be chosen; there are Admin");
        assert!(problem.starts_with(&begin), "{problem}");
        assert!(problem.contains("MfaConfiguration, "), "{problem}");
        assert!(!problem.contains("TemplateKey"), "{problem}");
        assert_eq!(problem.lines().count(), 1, "{problem}");
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(output.stdout, b"");
        assert_eq!(std::fs::read_dir(state.path()).unwrap().count(), 0);
    }
}

#[test]
fn a_mistake_ends_with_one() {
    let state = TempDir::new().unwrap();
    assert_eq!(ask(&state, &["dance"]).status.code(), Some(1));
    assert_eq!(
        ask(&state, &["up", "--time-scale", "fast"]).status.code(),
        Some(1)
    );
}

#[test]
fn a_second_stack_in_the_same_folder_is_refused() {
    let state = TempDir::new().unwrap();
    let layout = Layout::at(state.path()).unwrap();
    let first = layout.lock().unwrap();
    assert!(first.is_some());
    let output = ask(&state, &["up", "--detach"]);
    let problem = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        problem.starts_with("error: a local stack already runs in "),
        "{problem}"
    );
    assert_eq!(output.status.code(), Some(1));
    drop(first);
    assert!(layout.lock().unwrap().is_some());
}

#[test]
fn a_busy_port_is_named_before_anything_starts() {
    let busy = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = busy.local_addr().unwrap().port();
    let problem = Ports {
        edge: port,
        emulator: port,
        simulator: port,
    }
    .check()
    .unwrap_err();
    let expected = format!("port {port} (for the console) on 127.0.0.1 cannot be used: ");
    assert!(problem.to_string().starts_with(&expected), "{problem}");
}
