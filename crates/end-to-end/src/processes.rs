//! The functions' processes of one stack, found through `/proc`, and the end of one of them.

use std::path::Path;

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process};

/// The processes of a function of the stack whose emulator has this address.
pub fn of_function(function: &str, emulator: &str) -> Result<Vec<i32>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").context("/proc")? {
        let path = entry.context("/proc")?.path();
        let Some(process) = path
            .file_name()
            .and_then(|name| name.to_str()?.parse().ok())
        else {
            continue;
        };
        if is_bootstrap(&path) && serves(&path, function, emulator) {
            found.push(process);
        }
    }
    Ok(found)
}

/// Ends a process so that it can do nothing more.
pub fn kill(process: i32) -> Result<()> {
    send(process, Signal::KILL)
}

/// Stops a process in its tracks, until it is told to go on.
pub fn pause(process: i32) -> Result<()> {
    send(process, Signal::STOP)
}

/// Lets a paused process go on.
pub fn go_on(process: i32) -> Result<()> {
    send(process, Signal::CONT)
}

/// Tells a stack's supervisor to end the emulator and to start it again.
pub fn restart_emulator(supervisor: u32) -> Result<()> {
    let process = i32::try_from(supervisor).context("a process id")?;
    send(process, Signal::USR1)
}

/// The most memory that a process has had so far, in KiB.
pub fn peak_memory_kib(process: impl std::fmt::Display) -> Result<u64> {
    let file = format!("/proc/{process}/status");
    let status = std::fs::read_to_string(&file).with_context(|| file.clone())?;
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.trim().strip_suffix(" kB")?.parse().ok())
        .with_context(|| format!("{file} names no peak of memory"))
}

fn send(process: i32, signal: Signal) -> Result<()> {
    let id = Pid::from_raw(process).context("a process id")?;
    kill_process(id, signal).with_context(|| format!("process {process}"))
}

/// The emulator's own process, by the port that it serves. Its functions have their own.
pub fn of_emulator(port: &str) -> Result<i32> {
    for entry in std::fs::read_dir("/proc").context("/proc")? {
        let path = entry.context("/proc")?.path();
        let number = path
            .file_name()
            .and_then(|name| name.to_str()?.parse().ok());
        let Ok(line) = std::fs::read(path.join("cmdline")) else {
            continue;
        };
        let words: Vec<&[u8]> = line.split(|byte| *byte == 0).collect();
        let is_launcher = words
            .iter()
            .any(|word| word.ends_with(b"emulator/launcher.py"));
        let serves = words
            .windows(2)
            .any(|pair| pair == [b"--port".as_slice(), port.as_bytes()]);
        if let (Some(process), true, true) = (number, is_launcher, serves) {
            return Ok(process);
        }
    }
    anyhow::bail!("no emulator serves port {port}")
}

fn is_bootstrap(process: &Path) -> bool {
    std::fs::read_link(process.join("exe")).is_ok_and(|program| {
        program
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("bootstrap"))
    })
}

/// Another stack on this machine has another address.
fn serves(process: &Path, function: &str, emulator: &str) -> bool {
    let Ok(environment) = std::fs::read(process.join("environ")) else {
        return false;
    };
    let variables: Vec<&str> = environment
        .split(|byte| *byte == 0)
        .filter_map(|variable| std::str::from_utf8(variable).ok())
        .collect();
    let name = variables
        .iter()
        .find_map(|variable| variable.strip_prefix("AWS_LAMBDA_FUNCTION_NAME="));
    let endpoint = variables
        .iter()
        .find_map(|variable| variable.strip_prefix("AWS_ENDPOINT_URL="));
    name.is_some_and(|name| name.ends_with(function))
        && endpoint.is_some_and(|endpoint| endpoint.trim_end_matches('/') == emulator)
}
