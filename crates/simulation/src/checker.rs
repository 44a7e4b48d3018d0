//! The laws, asked after every step of the world's own record and of what was saved. The checker
//! shares no rule with the engine: what it knows of DRS is the simulator's record, what it knows
//! of us is what is stored.

mod launches;
mod pairs;
mod saves;
mod starts;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::execution::batch_state::BatchState;
use domain::execution::clean_up::CleanUpStatus;
use domain::execution::queries::status::{Drive, drive};
use domain::execution::queries::waiting::{WaitingFor, waiting_for};
use domain::execution::{Command, Execution, ServerState};
use domain::{ExecutionId, Kind, SourceServerId};
use drs_simulator::wire::job::LaunchStatus;
use drs_simulator::{InstanceRecord, ViolationKind, World};
use engine::ports::execution_store::{LockKey, Stage, StoredEvent, StoredExecution};
use jiff::{SignedDuration, Timestamp};
use test_support::memory::MemoryStore;

use crate::run::is_done;
use crate::store::Entry;
use crate::story::{FaultKind, Story};

pub use pairs::{ALL_COMMANDS, ALL_EVENTS, BATCH_STATES, Pairs, STATUSES, why_never};

/// How long a start may take locks before it counts as nobody's.
const START_MAX: SignedDuration = SignedDuration::from_mins(5);

/// A law that was broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Which law, or which rule of a capability.
    pub law: &'static str,
    /// How.
    pub text: String,
    /// When.
    pub at: Timestamp,
}

/// What has been seen so far, so that change can be judged.
#[derive(Debug)]
pub(crate) struct Checker {
    current: BTreeMap<ExecutionId, Arc<StoredExecution>>,
    begun: Option<Timestamp>,
    now: Timestamp,
    seen_requests: u64,
    /// The attempt that each committed job of ours was started for, by the world's record.
    launched: BTreeMap<String, launches::Launch>,
    /// What each process was told to command.
    said: BTreeMap<u64, Command>,
    /// What was at rest when each process was asked to start something.
    at_rest: BTreeMap<u64, BTreeSet<ExecutionId>>,
    /// Executions of which somebody asked a clean-up: it takes the locks before it is saved.
    clean_ups: BTreeSet<ExecutionId>,
    /// Which processes have saved.
    savers: BTreeSet<u64>,
    /// How long each wave has had something in flight.
    in_flight: BTreeMap<(ExecutionId, usize), (SignedDuration, Option<Timestamp>)>,
    /// Servers that a person named for a further attempt.
    named: BTreeSet<(ExecutionId, SourceServerId)>,
    /// Servers that DRS refuses by the story.
    spoiled: BTreeSet<String>,
    jobs_vanish: bool,
    /// Saves of each execution that the table refused for their size, since its last one that
    /// was not.
    too_large: BTreeMap<ExecutionId, u32>,
    /// How often DRS has refused a server that was asked for alone, with what no job explains.
    conflicts: BTreeMap<String, u32>,
    log: Vec<String>,
    pairs: Pairs,
    /// Saves seen.
    pub(crate) saves: u64,
    /// Launches that DRS accepted.
    pub(crate) launches: u64,
    /// Laws broken, each with a sentence.
    pub(crate) broken: Vec<Broken>,
}

/// Saves in a row that may be refused for their size: the whole, what is left of it, and another
/// process that tries at the same time.
const TOO_LARGE_MAX: u32 = 4;

impl Checker {
    pub(crate) fn new(story: &Story) -> Self {
        let spoiled = |kind| matches!(kind, FaultKind::Spoiled | FaultKind::RefusedForGood);
        Self {
            current: BTreeMap::new(),
            begun: None,
            now: Timestamp::UNIX_EPOCH,
            seen_requests: 0,
            launched: BTreeMap::new(),
            said: BTreeMap::new(),
            at_rest: BTreeMap::new(),
            clean_ups: BTreeSet::new(),
            savers: BTreeSet::new(),
            in_flight: BTreeMap::new(),
            named: BTreeSet::new(),
            spoiled: story
                .faults
                .iter()
                .filter(|fault| spoiled(fault.kind))
                .map(|fault| fault.server.clone())
                .collect(),
            jobs_vanish: story
                .faults
                .iter()
                .any(|fault| fault.kind == FaultKind::VanishedJob),
            too_large: BTreeMap::new(),
            conflicts: BTreeMap::new(),
            log: Vec::new(),
            pairs: Pairs::default(),
            saves: 0,
            launches: 0,
            broken: Vec::new(),
        }
    }

    /// Checks everything that must hold after every step.
    pub(crate) fn after_step(&mut self, world: &World, entries: Vec<Entry>, store: &MemoryStore) {
        self.now = world.now();
        self.begun.get_or_insert(self.now);
        for entry in entries {
            match entry {
                Entry::Saved {
                    process,
                    after,
                    events,
                } => {
                    self.too_large.remove(&after.execution.head.id);
                    self.saved((world, store), process, &after, &events);
                }
                Entry::Freed { owner, keys } => self.freed(world, &owner, &keys),
                Entry::TooLarge(id) => self.too_large(&id),
                Entry::Asked(last) => self.look_at_requests(world, store, last),
                Entry::Told(told) => self.pairs.told(&self.current, &told),
            }
        }
    }

    /// What a person asks for by this process.
    pub(crate) fn said(&mut self, process: u64, execution: &Execution, command: Command) {
        self.pairs.said(execution, &command);
        if matches!(command, Command::TerminateInstances { .. }) {
            self.clean_ups.insert(execution.head.id.clone());
        }
        self.said.insert(process, command);
    }

    /// The command of this process was refused: it has changed nothing (law 8).
    pub(crate) fn refused(&mut self, process: u64) {
        if self.savers.contains(&process) {
            self.breach(
                "law 8",
                "a refused command has changed something".to_owned(),
            );
        }
    }

    /// Executions as they stand.
    pub(crate) fn current(&self) -> impl Iterator<Item = &StoredExecution> {
        self.current.values().map(AsRef::as_ref)
    }

    /// The same, to be kept.
    pub(crate) fn executions(&self) -> Vec<Arc<StoredExecution>> {
        self.current.values().map(Arc::clone).collect()
    }

    /// Whether any execution ever lived.
    pub(crate) fn any(&self) -> bool {
        !self.current.is_empty()
    }

    /// Whether the finder could find anything: an execution that lives, or a start under way.
    pub(crate) fn any_live(&self, now: Timestamp) -> bool {
        let young = self
            .begun
            .is_none_or(|begun| now.duration_since(begun) < START_MAX);
        young || !self.all_done()
    }

    /// Whether no work is left anywhere.
    pub(crate) fn all_done(&self) -> bool {
        self.current().all(|stored| is_done(&stored.execution))
    }

    /// The same, but that a person still has to say whether a lost launch ever was.
    pub(crate) fn all_done_or_undecided(&self) -> bool {
        self.current()
            .all(|stored| stored.execution.has_ended() && drive(&stored.execution) != Drive::Soon)
    }

    /// Lines for the trace.
    pub(crate) fn take_log(&mut self) -> Vec<String> {
        std::mem::take(&mut self.log)
    }

    /// What was covered.
    pub(crate) fn take_pairs(&mut self) -> Pairs {
        std::mem::take(&mut self.pairs)
    }

    /// Checks what must hold when everything is over.
    pub(crate) fn at_end(&mut self, world: &World) {
        self.now = world.now();
        self.take_verdict(world);
        for stored in self.executions() {
            let execution = &stored.execution;
            // A launch that nobody could decide about waits for a person, and says so.
            let waiting = waiting_for(execution, world.now());
            let waits_for_person = execution.has_ended()
                && waiting
                    .iter()
                    .any(|waiting| waiting.kind == WaitingFor::Undecided);
            if !is_done(execution) && !waits_for_person {
                let id = &execution.head.id;
                let text = format!("execution {id} is not over when all faults are: {waiting:?}");
                self.breach("law 11", text);
            }
            self.launched_means_launched(execution, world);
            self.clean_means_clean(execution, world);
        }
    }

    /// Law 5: what is LAUNCHED here is LAUNCHED there, in the job that is named.
    fn launched_means_launched(&mut self, execution: &Execution, world: &World) {
        for server in execution.servers() {
            let Some(job) = &server.job else { continue };
            let Some(record) = world.job_record(job.as_str()) else {
                continue;
            };
            let there = record.status_of(server.id.as_str());
            let wrong = match server.state {
                ServerState::Launched => !matches!(
                    there,
                    Some(LaunchStatus::Launched | LaunchStatus::Terminated)
                ),
                ServerState::Failed => there == Some(LaunchStatus::Launched),
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
                    "{} is {:?} here and {there:?} at DRS",
                    server.id, server.state
                );
                self.breach("law 5", text);
            }
        }
    }

    /// A clean-up that says DONE has left nothing, neither in DRS nor in EC2.
    fn clean_means_clean(&mut self, execution: &Execution, world: &World) {
        if execution.head.clean_up.status != CleanUpStatus::Done {
            return;
        }
        let id = execution.head.id.as_str();
        let is_own = |one: &InstanceRecord<'_>| self.is_of(one.job(), id);
        let listed = world.instance_records().find(is_own);
        let runs = world
            .unlisted_machines()
            .filter(InstanceRecord::is_alive)
            .find(is_own);
        let text = match (listed, runs) {
            (Some(one), _) if one.is_alive() => format!("{} lives", one.id()),
            (Some(one), _) => format!("DRS keeps the record of {}", one.id()),
            (None, Some(one)) => format!("EC2 runs {}, which DRS does not list", one.id()),
            (None, None) => return,
        };
        self.breach("E7", format!("clean-up is DONE and {text}"));
    }

    /// Locks went: nothing of theirs may be in flight, and no clean-up may need them.
    fn freed(&mut self, world: &World, owner: &ExecutionId, keys: &[LockKey]) {
        let Some(stored) = self.current.get(owner).map(Arc::clone) else {
            return;
        };
        if stored.stage == Stage::Acquiring {
            return;
        }
        let execution = &stored.execution;
        for key in keys {
            let LockKey::Server(_, server) = key else {
                if !execution.has_ended() {
                    self.breach("E2", "the lock of a plan went before its end".to_owned());
                }
                continue;
            };
            if execution.head.clean_up.status == CleanUpStatus::Running {
                let text = format!("the lock of {server} went before clean-up ended");
                self.breach("E7", text);
            }
            let asked = execution.batches().any(|(_, batch)| {
                !matches!(batch.state, BatchState::Idle | BatchState::Queued(_))
                    && batch.servers.iter().any(|one| one.id == *server)
            });
            let runs = self.runs(world, owner.as_str(), server.as_str());
            if !execution.has_ended() || asked || runs {
                let text = format!("the lock of {server} went while it was in use");
                self.breach("law 1", text);
            }
        }
    }

    /// Whether a job of this execution really has the server, and can be seen to.
    fn runs(&self, world: &World, owner: &str, server: &str) -> bool {
        world.running_records().any(|job| {
            self.is_of(job.id(), owner)
                && !job.is_forgotten()
                && !self.jobs_vanish
                && job.servers().any(|one| one == server)
        })
    }

    fn is_of(&self, job: &str, execution: &str) -> bool {
        self.launched
            .get(job)
            .is_some_and(|launch| launch.execution == execution)
    }

    fn take_verdict(&mut self, world: &World) {
        for violation in world.verify().violations {
            let job = violation.job_id.as_deref().unwrap_or_default();
            let launch = self.launched.get(job);
            let vouched = launch.is_some_and(|launch| self.is_blind(&launch.execution));
            if !(vouched && violation.kind == ViolationKind::RecoveryInstanceDestroyedByRecovery) {
                self.breach("laws 1 and 7", violation.detail);
            }
        }
    }

    /// Whether somebody has acknowledged that this recovery may launch without a look: what it
    /// could not see is on their word.
    fn is_blind(&self, execution: &str) -> bool {
        let id = execution.parse().ok();
        let stored = id.and_then(|id: ExecutionId| self.current.get(&id));
        stored.is_some_and(|stored| stored.execution.head.consent.unverified.is_some())
    }

    fn is_drill(execution: &Execution) -> bool {
        execution.head.kind == Kind::Drill
    }

    fn note_events(&mut self, events: &[StoredEvent]) {
        for event in events {
            let wave = event
                .note
                .wave
                .map_or_else(String::new, |wave| format!("[{wave}] "));
            self.log
                .push(format!("{} {wave}{}", event.at, event.note.text));
        }
    }

    /// What the table refuses for its size it refuses again: it is kept in part, or a person is
    /// told, and not tried for ever.
    fn too_large(&mut self, id: &ExecutionId) {
        let refused = self.too_large.entry(id.clone()).or_default();
        *refused += 1;
        if *refused > TOO_LARGE_MAX {
            let text = format!("a save of {id} was refused for its size again and again");
            self.breach("no save is tried for ever", text);
        }
    }

    fn breach(&mut self, law: &'static str, text: String) {
        let at = self.now;
        if !self.broken.iter().any(|known| known.text == text) {
            self.broken.push(Broken { law, text, at });
        }
    }
}
