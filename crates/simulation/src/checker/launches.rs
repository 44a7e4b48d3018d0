//! Launches and terminations that DRS accepted, from the simulator's journal.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::execution::clean_up::CleanUpStatus;
use domain::execution::{Execution, WaveState};
use domain::{ExecutionId, Kind, SourceServerId};
use drs_simulator::{JournalEntry, World};

use drs_simulator::wire::job::LaunchStatus;
use engine::ports::ExecutionStore;
use engine::ports::execution_store::{LockKey, StoredExecution};
use futures::FutureExt;
use serde_json::Value;
use test_support::memory::MemoryStore;

use super::Checker;

/// Refusals of one server alone in a whole story. An attempt ends after a few; executions of the
/// same servers, and people who ask for it again, make some more.
const CONFLICTS_MAX: u32 = 30;

/// One launch that DRS accepted for us.
#[derive(Debug, Clone)]
pub(super) struct Launch {
    pub(super) execution: String,
    pub(super) attempt: String,
    wave: String,
    servers: Vec<String>,
    is_drill: Option<bool>,
}

impl Checker {
    pub(super) fn look_at_requests(&mut self, world: &World, store: &MemoryStore, last: u64) {
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
            self.judge(world, store, &launch);
            let job = world
                .job_records()
                .find(|job| {
                    let tag = job.tags().get(engine::TAG_ATTEMPT);
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

    fn judge(&mut self, world: &World, store: &MemoryStore, launch: &Launch) {
        let found = launch
            .execution
            .parse()
            .ok()
            .and_then(|id: ExecutionId| self.current.get(&id).map(Arc::clone));
        let Some(stored) = found else {
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
        if launch.is_drill != Some(Self::is_drill(execution)) {
            self.breach("law 7", "a launch is not marked as what it is".to_owned());
        }
        let waves = &execution.waves;
        let Some(wave) = waves
            .iter()
            .find(|one| one.head.key.as_str() == launch.wave)
        else {
            return self.breach(
                "law 3",
                "a launch of a wave that the plan has not".to_owned(),
            );
        };
        if wave.head.state == WaveState::Pending {
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
        self.judge_locks(store, &stored, launch);
    }

    /// Law 1: a further attempt exists only when the earlier job is absent, or has ended without
    /// a live instance for that server, or a person named that server.
    fn judge_earlier(&mut self, world: &World, launch: &Launch, server: &str) {
        let id = (launch.execution.parse(), server.parse());
        let named = match id {
            (Ok(execution), Ok(server)) => {
                let server: SourceServerId = server;
                self.named.contains(&(execution, server))
            }
            _ => false,
        };
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
        if destroys && !self.is_blind(&launch.execution) {
            let text = format!("the launch of {server} destroys {id}, which is not ours");
            self.breach("law 7", text);
        }
    }

    fn judge_locks(&mut self, store: &MemoryStore, stored: &StoredExecution, launch: &Launch) {
        let launched = |id: &SourceServerId| launch.servers.iter().any(|one| one == id.as_str());
        if let Some(open) = Self::without_lock(store, &stored.execution, launched) {
            let text = format!(
                "{} launches without the lock {open}",
                stored.execution.head.id
            );
            self.breach("law 1", text);
        }
    }

    /// A clean-up begins with the locks on all servers, so that no launch comes in its way.
    pub(super) fn judge_locks_of_clean_up(
        &mut self,
        store: &MemoryStore,
        old: &Execution,
        new: &Execution,
    ) {
        let (was, is) = (old.head.clean_up.status, new.head.clean_up.status);
        if was == is || is != CleanUpStatus::Running {
            return;
        }
        if let Some(open) = Self::without_lock(store, new, |_| true) {
            let text = format!("a clean-up began without the lock {open}");
            self.breach("E7", text);
        }
    }

    /// A lock on one of these servers that the execution does not hold.
    fn without_lock(
        store: &MemoryStore,
        execution: &Execution,
        meant: impl Fn(&SourceServerId) -> bool,
    ) -> Option<String> {
        let batches = execution.batches();
        let keys: Vec<LockKey> = batches
            .flat_map(|(_, batch)| {
                let servers = batch.servers.iter().filter(|server| meant(&server.id));
                servers.map(|server| LockKey::Server(batch.place.clone(), server.id.clone()))
            })
            .collect();
        let owners = store.lock_owners(&keys).now_or_never();
        let Some(Ok(owners)) = owners else {
            return None;
        };
        let id = &execution.head.id;
        // What was on its way when a recovery took the locks arrives all the same.
        let passed = execution.servers().any(|server| server.passed_to.is_some());
        let open = keys.iter().find(|key| {
            owners.get(key).map_or(!passed, |owner| {
                owner.execution != *id && !(passed && owner.kind == Kind::Recovery)
            })
        });
        open.map(|key| match owners.get(key) {
            Some(owner) => format!("{key:?}, which {} has", owner.execution),
            None => format!("{key:?}, which nobody has"),
        })
    }

    /// Law 7: only what a drill of ours has launched is terminated, and only by its clean-up.
    fn judge_termination(&mut self, world: &World, instances: &[String]) {
        let mut found = Vec::new();
        for id in instances {
            let Some(record) = world.instance_records().find(|one| one.id() == id) else {
                continue;
            };
            let launch = self.launched.get(record.job());
            let execution = launch
                .and_then(|launch| launch.execution.parse::<ExecutionId>().ok())
                .and_then(|id| self.current.get(&id));
            let fine = execution.is_some_and(|stored| {
                Self::is_drill(&stored.execution)
                    && stored.execution.head.clean_up.status == CleanUpStatus::Running
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

fn launch(request: &Value) -> Option<Launch> {
    let tags = request.get("tags")?;
    Some(Launch {
        execution: tags[engine::TAG_EXECUTION].as_str()?.to_owned(),
        attempt: tags[engine::TAG_ATTEMPT].as_str()?.to_owned(),
        wave: tags[engine::TAG_WAVE].as_str()?.to_owned(),
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
