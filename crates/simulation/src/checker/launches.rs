//! Launches and terminations that DRS accepted, from the simulator's journal.

use std::collections::BTreeSet;
use std::sync::Arc;

use drs_simulator::wire::job::LaunchStatus;
use drs_simulator::{JournalEntry, World};
use serde_json::Value;

use super::state::{Checker, Launch};
use crate::facts::{CleanUp, Execution, Kind, LockState, LockTable, Place, WaveState};

/// The tags of a launch, as the contract of the product names them.
const TAG_EXECUTION: &str = "drs-orchestration:execution";
const TAG_WAVE: &str = "drs-orchestration:wave";
const TAG_ATTEMPT: &str = "drs-orchestration:attempt";

/// Refusals of one server alone in a whole story. An attempt ends after a few; executions of the
/// same servers, and people who ask for it again, make some more.
const CONFLICTS_MAX: u32 = 30;

impl Checker {
    pub(super) fn look_at_requests(&mut self, world: &World, locks: &dyn LockTable, last: u64) {
        let mut launches = Vec::new();
        let mut ended: Vec<Vec<String>> = Vec::new();
        let mut refused = Vec::new();
        for entry in world.journal().requests() {
            let is_new = entry.sequence > self.seen_requests && entry.sequence <= last;
            if !is_new {
                continue;
            }
            if !entry.committed {
                refused.extend(refused_alone(entry));
                continue;
            }
            match entry.operation.as_str() {
                "StartRecovery" => launches.extend(launch(&entry.request)),
                "TerminateRecoveryInstances" => ended
                    .push(texts(&entry.request["recoveryInstanceIDs"], |value| {
                        value.as_str()
                    })),
                _ => {}
            }
        }
        self.seen_requests = last;
        for server in refused {
            self.count_conflict(&server);
        }
        if launches.is_empty() && ended.is_empty() {
            return;
        }
        self.take_verdict(world);
        for launch in launches {
            self.launches += 1;
            self.judge(world, locks, &launch);
            let job = world
                .job_records()
                .find(|job| {
                    let tag = job.tags().get(TAG_ATTEMPT);
                    tag == Some(&launch.attempt) && !self.launched.contains_key(job.id())
                })
                .map(|job| job.id().to_owned());
            if let Some(job) = job {
                self.launched.insert(job, launch);
            }
        }
        for instances in ended {
            self.judge_termination(world, &instances);
        }
    }

    fn count_conflict(&mut self, server: &str) {
        let times = self.conflicts.entry(server.to_owned()).or_default();
        *times += 1;
        if *times == CONFLICTS_MAX {
            let text = format!("{server} is asked for again and again, and DRS refuses it");
            self.breach("law 11", text);
        }
    }

    /// Whether each launch that DRS accepted was marked as a drill.
    pub(crate) fn drill_flags(&self) -> Vec<Option<bool>> {
        self.launched
            .values()
            .map(|launch| launch.is_drill)
            .collect()
    }

    fn judge(&mut self, world: &World, locks: &dyn LockTable, launch: &Launch) {
        let Some(stored) = self.current.get(&launch.execution).map(Arc::clone) else {
            return self.breach("law 1", "a launch of no execution that lives".to_owned());
        };
        let execution = &stored.execution;
        if self
            .launched
            .values()
            .any(|one| one.attempt == launch.attempt)
        {
            let text = format!("attempt {} was launched twice", launch.attempt);
            self.breach("law 1", text);
        }
        if launch.is_drill != Some(execution.kind == Kind::Drill) {
            self.breach("law 7", "a launch is not marked as what it is".to_owned());
        }
        let mut waves = execution.waves.iter();
        let Some(wave) = waves.find(|one| one.key == launch.wave) else {
            return self.breach(
                "law 3",
                "a launch of a wave that the plan has not".to_owned(),
            );
        };
        if wave.state == WaveState::Pending {
            let text = format!("wave {} launched before it started", launch.wave);
            self.breach("law 3", text);
        }
        let own: BTreeSet<&str> = wave.servers().map(|server| server.id.as_str()).collect();
        for server in &launch.servers {
            if !own.contains(server.as_str()) {
                let text = format!("{server} is not a server of wave {}", launch.wave);
                self.breach("law 3", text);
            }
            self.judge_earlier(world, launch, server);
            self.judge_guard(world, launch, server);
        }
        self.judge_locks(locks, execution, launch);
    }

    /// Law 1: a further attempt exists only when the earlier job is absent, or has ended without
    /// a live instance for that server, or a person named that server.
    fn judge_earlier(&mut self, world: &World, launch: &Launch, server: &str) {
        let key = (launch.execution.clone(), server.to_owned());
        let named = self.named.contains(&key);
        let mut text = None;
        for job in world.job_records() {
            let earlier = self.launched.get(job.id());
            if earlier.is_none_or(|one| one.execution != launch.execution) {
                continue;
            }
            let Some(status) = job.status_of(server) else {
                continue;
            };
            let lives = world
                .instance_records()
                .any(|one| one.job() == job.id() && one.server() == server && one.is_alive());
            if job.is_running() || (status == LaunchStatus::Launched && lives && !named) {
                text = Some(format!(
                    "{server} is launched again while job {} has it, or has brought it up",
                    job.id()
                ));
            }
        }
        if let Some(text) = text {
            self.breach("law 1", text);
        }
    }

    /// Law 7: a drill destroys nothing that was not launched here.
    fn judge_guard(&mut self, world: &World, launch: &Launch, server: &str) {
        let foreign = world
            .instance_records()
            .filter(|one| one.server() == server && one.is_alive())
            .find(|one| !self.launched.contains_key(one.job()))
            .map(|one| (one.id().to_owned(), one.is_drill()));
        let Some((id, drill)) = foreign else { return };
        let destroys = launch.is_drill == Some(true) || !drill;
        if destroys && !self.launches_unverified(&launch.execution) {
            let text = format!("the launch of {server} destroys {id}, which is not ours");
            self.breach("law 7", text);
        }
    }

    fn judge_locks(&mut self, locks: &dyn LockTable, execution: &Execution, launch: &Launch) {
        let is_launched = |id: &str| launch.servers.iter().any(|one| one == id);
        if let Some(open) = without_lock(locks, execution, is_launched) {
            let text = format!("{} launches without {open}", execution.id);
            self.breach("law 1", text);
        }
    }

    /// A clean-up begins with the locks on all servers, so that no launch comes in its way.
    pub(super) fn judge_locks_of_clean_up(
        &mut self,
        locks: &dyn LockTable,
        old: &Execution,
        new: &Execution,
    ) {
        if old.clean_up == new.clean_up || new.clean_up != CleanUp::Running {
            return;
        }
        if let Some(open) = without_lock(locks, new, |_| true) {
            let text = format!("a clean-up began without {open}");
            self.breach("E7", text);
        }
    }

    /// Law 7: only what a drill of ours has launched is terminated, and only by its clean-up.
    fn judge_termination(&mut self, world: &World, instances: &[String]) {
        let mut found = Vec::new();
        for id in instances {
            let Some(record) = world.instance_records().find(|one| one.id() == id) else {
                continue;
            };
            let launch = self.launched.get(record.job());
            let stored = launch.and_then(|launch| self.current.get(&launch.execution));
            let fine = stored.is_some_and(|stored| {
                let execution = &stored.execution;
                execution.kind == Kind::Drill && execution.clean_up == CleanUp::Running
            });
            if !fine {
                found.push(format!(
                    "{id} is terminated, which no drill under clean-up launched"
                ));
            }
        }
        for text in found {
            self.breach("law 7", text);
        }
    }
}

/// A lock on one of these servers that the execution does not hold, in words.
fn without_lock(
    locks: &dyn LockTable,
    execution: &Execution,
    is_meant: impl Fn(&str) -> bool,
) -> Option<String> {
    // What was on its way when a recovery took the locks arrives all the same.
    let passed = execution.servers().any(|server| server.is_passed_on);
    let missing = |place: &Place, server: &str| {
        let who = match locks.on_server(place, server) {
            LockState::Free if passed => return None,
            LockState::Free => "which nobody has".to_owned(),
            LockState::Held { execution: id, .. } if id == execution.id => return None,
            LockState::Held { kind, .. } if passed && kind == Kind::Recovery => return None,
            LockState::Held { execution: id, .. } => format!("which {id} has"),
            LockState::Unreadable(why) => format!("which cannot be read: {why}"),
        };
        Some(format!("the lock on {server}, {who}"))
    };
    execution.batches().find_map(|batch| {
        let mut servers = batch.servers.iter().filter(|one| is_meant(&one.id));
        servers.find_map(|one| missing(&batch.place, &one.id))
    })
}

fn launch(request: &Value) -> Option<Launch> {
    let tags = request.get("tags")?;
    Some(Launch {
        execution: tags[TAG_EXECUTION].as_str()?.to_owned(),
        attempt: tags[TAG_ATTEMPT].as_str()?.to_owned(),
        wave: tags[TAG_WAVE].as_str()?.to_owned(),
        servers: texts(&request["sourceServers"], |server| {
            server["sourceServerID"].as_str()
        }),
        is_drill: request["isDrill"].as_bool(),
    })
}

fn texts<'a>(list: &'a Value, pick: impl Fn(&'a Value) -> Option<&'a str>) -> Vec<String> {
    let values = list.as_array().map(Vec::as_slice).unwrap_or_default();
    values
        .iter()
        .filter_map(|value| pick(value).map(str::to_owned))
        .collect()
}

/// The server that DRS refused to launch although no job has it, where it was asked for alone.
fn refused_alone(entry: &JournalEntry) -> Option<String> {
    if entry.operation != "StartRecovery" || entry.status != Some(409) {
        return None;
    }
    let said = entry.response.as_ref()?["message"].as_str()?;
    let mut servers = texts(&entry.request["sourceServers"], |value| {
        value["sourceServerID"].as_str()
    });
    let is_explained = said.contains("being processed by a Job");
    let is_alone = servers.len() == 1;
    servers.pop().filter(|_| is_alone && !is_explained)
}
