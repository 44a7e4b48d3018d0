//! The laws, asked of the world's own record and of the store. It shares no code with the
//! engine: what it knows of DRS is the simulator's wire, what it knows of us is what is stored.

use std::collections::{BTreeMap, BTreeSet};

use domain::execution::batch::JobStatus;
use domain::execution::clean_up::CleanUpStatus;
use domain::execution::status::{Drive, WaitingFor, drive, waiting_for};
use domain::execution::{Execution, Outcome, ServerState, WaveState};
use domain::{ExecutionId, Kind, Place, SourceServerId};
use drs_simulator::World;
use engine::ports::execution_store::{LockKey, LockOwner, StoredExecution};
use serde_json::Value;

/// What has been seen so far, so that change can be judged.
#[derive(Debug, Default)]
pub struct Checker {
    endings: BTreeMap<ExecutionId, (Outcome, String)>,
    seen_commits: u64,
    /// The attempt that each job was started for, by the world's own record.
    committed: BTreeMap<String, String>,
    /// Laws broken, each with a sentence.
    pub broken: Vec<String>,
}

/// One committed launch, from the world's journal.
struct Commit {
    job: String,
    execution: String,
    wave: String,
    servers: Vec<String>,
    is_drill: Option<bool>,
}

impl Checker {
    /// Checks everything that must hold after every step.
    pub fn after_step(
        &mut self,
        world: &World,
        executions: &[StoredExecution],
        locks: &BTreeMap<LockKey, LockOwner>,
    ) {
        let verdict = world.verify();
        for violation in &verdict.violations {
            self.breach("laws 1 and 7", &violation.detail);
        }
        let commits = self.new_commits(world);
        for stored in executions {
            self.endings_stay(&stored.execution);
            self.locks_cover_jobs(&stored.execution, locks);
            self.jobs_are_own(&stored.execution, world);
            if waiting_for(&stored.execution, world.now()).is_empty()
                && drive(&stored.execution) != Drive::Done
            {
                self.breach("law 11", "an execution with work left waits for nothing");
            }
            for commit in commits
                .iter()
                .filter(|commit| is_of(commit, &stored.execution))
            {
                self.launch_is_in_order(&stored.execution, commit);
            }
        }
    }

    /// Checks what must hold when everything is over.
    pub fn at_end(&mut self, world: &World, executions: &[StoredExecution]) {
        let jobs = jobs(&world.state());
        for stored in executions {
            let execution = &stored.execution;
            // A launch that nobody could decide about waits for a person, and says so.
            let waits_for_person = execution.has_ended()
                && waiting_for(execution, world.now())
                    .iter()
                    .any(|waiting| waiting.kind == WaitingFor::Undecided);
            if drive(execution) != Drive::Done && !waits_for_person {
                let text = format!(
                    "execution {} is not over when all faults are: {:?}",
                    execution.head.id,
                    waiting_for(execution, world.now())
                );
                self.breach("law 11", &text);
            }
            self.launched_means_launched(execution, &jobs);
            self.clean_means_clean(execution, world);
        }
    }

    /// Law 2.
    fn endings_stay(&mut self, execution: &Execution) {
        let Some(ending) = &execution.head.ending else {
            return;
        };
        let now = (ending.outcome, ending.reason.clone());
        let id = execution.head.id.clone();
        match self.endings.get(&id) {
            Some(before) if *before != now => self.breach("law 2", "an ended execution changed"),
            Some(_) => {}
            None => {
                self.endings.insert(id, now);
                let all = execution
                    .servers()
                    .all(|s| s.state == ServerState::Launched);
                if (ending.outcome == Outcome::Completed) != all
                    && ending.outcome == Outcome::Completed
                {
                    self.breach("law 5", "COMPLETED without every server launched");
                }
            }
        }
    }

    /// While DRS may have a job of an execution, nobody else may have its servers.
    fn locks_cover_jobs(&mut self, execution: &Execution, locks: &BTreeMap<LockKey, LockOwner>) {
        let mut open = Vec::new();
        for (_, batch) in execution.batches() {
            let running = batch
                .jobs
                .iter()
                .any(|job| job.status < JobStatus::Completed && job.ended_at.is_none());
            if running {
                for server in &batch.servers {
                    let key = LockKey::Server(batch.place.clone(), server.id.clone());
                    if locks
                        .get(&key)
                        .is_none_or(|owner| owner.execution != execution.head.id)
                    {
                        open.push(server.id.to_string());
                    }
                }
            }
        }
        if !open.is_empty() {
            self.breach(
                "law 1",
                &format!("servers in a job without a lock: {}", open.join(", ")),
            );
        }
    }

    /// Only jobs that the world knows to be started for this very attempt are followed as its
    /// own.
    fn jobs_are_own(&mut self, execution: &Execution, world: &World) {
        let mut foreign = Vec::new();
        for (at, batch) in execution.batches() {
            for job in &batch.jobs {
                let id = job.id.as_str();
                let attempt = format!(
                    "{}.{}.{}.{}",
                    execution.head.id, at.wave, at.batch, job.attempt
                );
                if !self.committed.contains_key(id) {
                    // An answer that was an error names no job; the world's record does.
                    self.committed = started_for(&world.state());
                }
                if self.committed.get(id) != Some(&attempt) {
                    foreign.push(id.to_owned());
                }
            }
        }
        if !foreign.is_empty() {
            self.breach(
                "law 1",
                &format!("jobs of others are taken for own: {foreign:?}"),
            );
        }
    }

    /// Law 3, at the moment of the launch: everything before the wave has ended.
    fn launch_is_in_order(&mut self, execution: &Execution, commit: &Commit) {
        let Some(wave) = execution
            .waves
            .iter()
            .find(|wave| wave.head.key.as_str() == commit.wave)
        else {
            self.breach("law 3", "a launch of a wave that the plan does not have");
            return;
        };
        for &before in &wave.head.depends_on {
            if !matches!(execution.waves[before].head.state, WaveState::Ended(_)) {
                let text = format!(
                    "wave {} launched before wave {} ended",
                    commit.wave, execution.waves[before].head.key
                );
                self.breach("law 3", &text);
            }
        }
        if commit.is_drill != Some(execution.head.kind == Kind::Drill) {
            self.breach("law 7", "a launch is not marked as what it is");
        }
        let own: BTreeSet<&str> = wave.servers().map(|server| server.id.as_str()).collect();
        if let Some(other) = commit.servers.iter().find(|id| !own.contains(id.as_str())) {
            self.breach(
                "law 3",
                &format!("{other} is not a server of wave {}", commit.wave),
            );
        }
    }

    /// Law 5: what is LAUNCHED here is LAUNCHED there, in the job that is named.
    fn launched_means_launched(
        &mut self,
        execution: &Execution,
        jobs: &BTreeMap<String, BTreeMap<String, String>>,
    ) {
        for server in execution.servers() {
            let Some(job) = &server.job else { continue };
            let Some(servers) = jobs.get(job.as_str()) else {
                continue;
            };
            let there = servers.get(server.id.as_str()).map_or("", String::as_str);
            let wrong = match server.state {
                ServerState::Launched => !matches!(there, "LAUNCHED" | "TERMINATED"),
                ServerState::Failed => there == "LAUNCHED",
                ServerState::Pending
                | ServerState::Queued
                | ServerState::Launching
                | ServerState::Reconciling
                | ServerState::Unknown
                | ServerState::Skipped
                | ServerState::Cancelled
                | ServerState::Terminated => false,
            };
            if wrong {
                let text = format!(
                    "{} is {:?} here and {there} at DRS",
                    server.id, server.state
                );
                self.breach("law 5", &text);
            }
        }
    }

    /// A clean-up that says DONE has left nothing.
    fn clean_means_clean(&mut self, execution: &Execution, world: &World) {
        if execution.head.clean_up.status != CleanUpStatus::Done {
            return;
        }
        let own: BTreeSet<String> = execution
            .batches()
            .flat_map(|(_, batch)| batch.jobs.iter().map(|job| job.id.to_string()))
            .collect();
        for instance in instances(&world.state()) {
            let job = instance["jobID"].as_str().unwrap_or("");
            let state = instance["ec2InstanceState"].as_str().unwrap_or("");
            if own.contains(job) && !matches!(state, "TERMINATED" | "SHUTTING-DOWN" | "NOT_FOUND") {
                let text = format!(
                    "clean-up is DONE and {} lives",
                    instance["recoveryInstanceID"]
                );
                self.breach("E7", &text);
            }
        }
    }

    fn new_commits(&mut self, world: &World) -> Vec<Commit> {
        let mut commits = Vec::new();
        let mut last = self.seen_commits;
        for entry in world.journal().requests() {
            if entry.sequence <= self.seen_commits {
                continue;
            }
            last = last.max(entry.sequence);
            if entry.operation == "StartRecovery" && entry.committed {
                commits.extend(commit(&entry.request, entry.response.as_ref()));
            }
        }
        self.seen_commits = last;
        commits
    }

    fn breach(&mut self, law: &str, text: &str) {
        let sentence = format!("{law}: {text}");
        if !self.broken.contains(&sentence) {
            self.broken.push(sentence);
        }
    }
}

fn is_of(commit: &Commit, execution: &Execution) -> bool {
    commit.execution == execution.head.id.as_str() && !commit.job.is_empty()
}

fn commit(request: &Value, response: Option<&Value>) -> Option<Commit> {
    let tags = request.get("tags")?;
    Some(Commit {
        job: response
            .and_then(|response| response["job"]["jobID"].as_str())
            .unwrap_or("unsaid")
            .to_owned(),
        execution: tags[engine::TAG_EXECUTION].as_str()?.to_owned(),
        wave: tags[engine::TAG_WAVE].as_str()?.to_owned(),
        servers: request["sourceServers"]
            .as_array()?
            .iter()
            .filter_map(|server| server["sourceServerID"].as_str().map(str::to_owned))
            .collect(),
        is_drill: request["isDrill"].as_bool(),
    })
}

/// The attempt that each job of a state was started for, by its tag.
fn started_for(state: &Value) -> BTreeMap<String, String> {
    members(state, "jobs")
        .iter()
        .filter_map(|job| {
            let attempt = job["tags"][engine::TAG_ATTEMPT].as_str()?;
            Some((job["jobID"].as_str()?.to_owned(), attempt.to_owned()))
        })
        .collect()
}

/// Every job of a state, with the launch status of each of its servers.
fn jobs(state: &Value) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    for job in members(state, "jobs") {
        let Some(id) = job["jobID"].as_str() else {
            continue;
        };
        let servers = job["participatingServers"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default()
            .iter()
            .filter_map(|server| {
                Some((
                    server["sourceServerID"].as_str()?.to_owned(),
                    server["launchStatus"].as_str()?.to_owned(),
                ))
            })
            .collect();
        found.insert(id.to_owned(), servers);
    }
    found
}

fn instances(state: &Value) -> Vec<Value> {
    members(state, "recoveryInstances")
}

fn members(state: &Value, member: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let accounts = state["accounts"].as_object();
    for regions in accounts.into_iter().flat_map(|accounts| accounts.values()) {
        for region in regions
            .as_object()
            .into_iter()
            .flat_map(|regions| regions.values())
        {
            found.extend(region[member].as_array().into_iter().flatten().cloned());
        }
    }
    found
}

/// The locks that executions could hold, to be asked of the store.
pub(crate) fn lock_keys(executions: &[StoredExecution]) -> Vec<LockKey> {
    let mut keys: BTreeSet<(Place, SourceServerId)> = BTreeSet::new();
    for stored in executions {
        for (_, batch) in stored.execution.batches() {
            keys.extend(
                batch
                    .servers
                    .iter()
                    .map(|s| (batch.place.clone(), s.id.clone())),
            );
        }
    }
    keys.into_iter()
        .map(|(place, id)| LockKey::Server(place, id))
        .collect()
}
