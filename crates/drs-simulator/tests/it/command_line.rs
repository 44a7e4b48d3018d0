//! The binary: bad input is a sentence and exit code 1; good input is a server on the loopback.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_drs-simulator"));
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Where the server listens, as its log says.
fn address_of(child: &mut Child) -> String {
    let mut log = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    log.read_line(&mut line).unwrap();
    let started: serde_json::Value = serde_json::from_str(&line).unwrap();
    let url = started["simulator.url"].as_str().unwrap();
    url.strip_prefix("http://").unwrap().to_owned()
}

/// Tells it to end, and waits until it has.
fn end(child: &mut Child) {
    let id = child.id().to_string();
    let told = Command::new("kill").args(["-TERM", &id]).status().unwrap();
    assert!(told.success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

fn refused(arguments: &[&str]) -> String {
    let Output { status, stderr, .. } = command().args(arguments).output().unwrap();
    assert_eq!(status.code(), Some(1), "{arguments:?}");
    String::from_utf8(stderr).unwrap()
}

#[test]
fn arguments_that_do_not_fit_are_refused_with_a_sentence() {
    for arguments in [
        &["--time-scale", "0"][..],
        &["--time-scale", "fast"],
        &["--port", "70000"],
        &["--speed", "60"],
    ] {
        let sentence = refused(arguments);
        assert!(sentence.contains(arguments[0]), "{sentence}");
    }
}

#[test]
fn a_scenario_that_cannot_be_used_is_refused_with_its_name_and_line() {
    let folder = std::env::temp_dir().join(format!("drs-simulator-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("broken.yaml");
    std::fs::write(&file, "version: 1\nspeed: 60\n").unwrap();
    let sentence = refused(&["--scenario", file.to_str().unwrap()]);
    assert!(
        sentence.contains("broken.yaml") && sentence.contains("line 2"),
        "{sentence}"
    );
    let sentence = refused(&["--scenario", folder.join("missing.yaml").to_str().unwrap()]);
    assert!(sentence.contains("missing.yaml"), "{sentence}");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_port_that_is_taken_is_refused() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let sentence = refused(&["--port", &port]);
    assert!(sentence.contains(&port), "{sentence}");
}

/// Every entry of its timeline is compared with forty thousand servers.
fn a_scenario_that_is_read_for_long() -> String {
    let entries = "  - { at: PT0S, server: h-40000, set: {} }\n".repeat(20_000);
    format!(
        "servers:\n  - expand: {{ count: 40000, hostname: \"h-{{n}}\", id: \"s-{{n:017x}}\" }}\n\
         timeline:\n{entries}"
    )
}

#[test]
fn it_ends_when_it_is_told_to_even_while_it_computes() {
    // One worker only, as on the smallest machine.
    let mut child = command()
        .args(["--port", "0"])
        .env("TOKIO_WORKER_THREADS", "1")
        .spawn()
        .unwrap();
    let address = address_of(&mut child);
    let mut stream = TcpStream::connect(&address).unwrap();
    let body = a_scenario_that_is_read_for_long();
    let length = body.len();
    write!(
        stream,
        "PUT /_sim/scenario HTTP/1.1\r\nhost: {address}\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let moment = Duration::from_millis(300);
    stream.set_read_timeout(Some(moment)).unwrap();
    assert!(stream.read(&mut [0]).is_err(), "it computes");
    end(&mut child);
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    assert!(answer.is_empty(), "it computed to the end ({read:?})");
}

#[test]
fn it_says_where_it_listens_answers_there_and_ends_when_it_is_told_to() {
    let mut child = command()
        .args(["--port", "0", "--time-scale", "600"])
        .spawn()
        .unwrap();
    let address = address_of(&mut child);
    assert!(address.starts_with("127.0.0.1:"), "{address}");
    let mut stream = TcpStream::connect(&address).unwrap();
    write!(
        stream,
        "GET /_sim/clock HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.contains("\"scale\":600"), "{answer}");
    end(&mut child);
}
