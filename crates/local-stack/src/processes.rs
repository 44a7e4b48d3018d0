//! Process groups that were started: how they are ended, and how they are told from strangers that
//! got the same number later.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rustix::io::Errno;
use rustix::process::{
    Pid, Signal, kill_process_group, test_kill_process, test_kill_process_group,
};
use serde::{Deserialize, Serialize};

use crate::status::replace;

/// Time to write state and go, before a group is killed.
pub const GRACE: Duration = Duration::from_secs(20);
const PACE: Duration = Duration::from_millis(50);

/// The groups that one supervisor started, by the id of their first process.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Groups(BTreeMap<i32, Option<u64>>);

impl Groups {
    /// What was written down; nothing when there is no such file.
    pub fn read(file: &Path) -> Result<Self> {
        match std::fs::read_to_string(file) {
            Ok(text) => serde_json::from_str(&text)
                .with_context(|| format!("{} is damaged", file.display())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error).with_context(|| file.display().to_string()),
        }
    }

    /// Adds a group and writes the list down.
    pub fn add(&mut self, group: i32, file: &Path) -> Result<()> {
        self.0.insert(group, started_at(group));
        replace(
            file,
            &serde_json::to_string(self).context("process groups as JSON")?,
        )
    }

    /// Ends every group that still is the one which was started.
    pub fn end(&self) {
        let ours = self.0.iter().filter(|(group, since)| {
            // Without a first process the number can still be the group's, as long as it has members.
            let now = started_at(**group);
            now.is_none() || now == **since
        });
        end_all(&ours.map(|(group, _)| *group).collect::<Vec<_>>());
    }
}

/// Asks the groups to end, waits, and kills what has not gone.
pub fn end_all(groups: &[i32]) {
    signal(groups, Signal::TERM);
    let asked = Instant::now();
    while asked.elapsed() < GRACE {
        if !groups.iter().any(|group| lives(*group)) {
            return;
        }
        std::thread::sleep(PACE);
    }
    signal(groups, Signal::KILL);
}

/// Whether there is a process of this number.
pub fn exists(process: u32) -> bool {
    let process = i32::try_from(process).ok().and_then(Pid::from_raw);
    process.is_some_and(|process| match test_kill_process(process) {
        Ok(()) | Err(Errno::PERM) => true,
        Err(_) => false,
    })
}

/// Whether the group has a member.
pub fn lives(group: i32) -> bool {
    Pid::from_raw(group).is_some_and(|group| test_kill_process_group(group).is_ok())
}

fn signal(groups: &[i32], signal: Signal) {
    for group in groups.iter().copied().filter_map(Pid::from_raw) {
        // A group that has gone already is what is wanted.
        let _ = kill_process_group(group, signal);
    }
}

/// When a process was started, in the system's own ticks; `None` where the system does not tell.
fn started_at(process: i32) -> Option<u64> {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The second field is the program's name in parentheses, and may itself contain blanks.
    let behind_name = text.rsplit_once(')')?.1;
    behind_name.split_whitespace().nth(19)?.parse().ok()
}
