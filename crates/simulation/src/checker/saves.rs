//! What each save changed, and whether it may.

use std::sync::Arc;

use domain::JobId;
use domain::execution::batch::JobStatus;
use domain::execution::batch_state::BatchState;
use domain::execution::clean_up::CleanUpStatus;
use domain::execution::queries::holds::open_holds;
use domain::execution::queries::waiting::waiting_for;
use domain::execution::wave::{Release, WaveEnd};
use domain::execution::{
    Command, Execution, Gate, Server, ServerState, Wave, WaveOutcome, WaveState,
};
use domain::recovery_plan::OnFailure;
use drs_simulator::World;
use drs_simulator::wire::job::LaunchStatus;
use engine::ports::execution_store::{Stage, StoredEvent, StoredExecution};
use jiff::SignedDuration;
use test_support::memory::MemoryStore;

use super::Checker;
use crate::run::is_done;

/// A process may read its clock, which is seconds wrong, and stand still before it saves for as
/// long as a function may take.
const SLACK: SignedDuration = SignedDuration::from_secs(135);

impl Checker {
    pub(super) fn saved(
        &mut self,
        (world, store): (&World, &MemoryStore),
        process: u64,
        after: &Arc<StoredExecution>,
        events: &[StoredEvent],
    ) {
        self.saves += 1;
        if after.stage == Stage::Acquiring {
            return;
        }
        self.note_events(events);
        let id = after.execution.head.id.clone();
        let before = self.current.insert(id, Arc::clone(after));
        let changed = before.as_ref().map(|before| &before.execution) != Some(&after.execution);
        if changed {
            self.savers.insert(process);
        }
        let command = self.said.get(&process).cloned();
        if let Some(Command::Retry {
            servers: Some(named),
            ..
        }) = &command
        {
            let id = &after.execution.head.id;
            self.named
                .extend(named.iter().map(|server| (id.clone(), server.clone())));
        }
        self.chain_holds(before.as_deref(), after, events);
        self.count_time(&after.execution);
        if !is_done(&after.execution) && waiting_for(&after.execution, self.now).is_empty() {
            let text = "an execution with work left waits for nothing";
            self.breach("law 11", text.to_owned());
        }
        let Some(before) = before else { return };
        let (old, new) = (&before.execution, &after.execution);
        self.endings_stay(old, new);
        for (index, (was, is)) in old.waves.iter().zip(&new.waves).enumerate() {
            self.judge_wave(old, new, index, command.as_ref());
            self.judge_jobs(was, is, after, index);
            self.judge_servers(world, was, is);
            self.judge_vanished(world, was, is);
        }
        self.judge_holds(old, new, command.as_ref());
        self.judge_clean_up(world, old, new);
        self.judge_locks_of_clean_up(store, old, new);
    }

    /// The event log has no hole and no second beginning.
    fn chain_holds(
        &mut self,
        before: Option<&StoredExecution>,
        after: &StoredExecution,
        events: &[StoredEvent],
    ) {
        let (mut number, mut hash) = before.map_or((0, String::new()), |stored| {
            (stored.events, stored.last_hash.clone())
        });
        for event in events {
            if event.number != number + 1 || event.previous_hash != hash {
                self.breach("E12", "the event log is not one chain".to_owned());
            }
            number = event.number;
            hash.clone_from(&event.hash);
        }
        if after.events != number || after.last_hash != hash {
            self.breach("E12", "the event log does not end where it says".to_owned());
        }
    }

    /// How long each wave has had something in flight, by the world's clock.
    fn count_time(&mut self, execution: &Execution) {
        let now = self.now;
        for (index, wave) in execution.waves.iter().enumerate() {
            let flying = wave
                .batches
                .iter()
                .any(|batch| !matches!(batch.state, BatchState::Idle | BatchState::Queued(_)));
            let key = (execution.head.id.clone(), index);
            let (spent, since) = self
                .in_flight
                .entry(key)
                .or_insert((SignedDuration::ZERO, None));
            if let Some(since) = since.take() {
                *spent += now.duration_since(since);
            }
            *since = flying.then_some(now);
        }
    }

    /// Law 2.
    fn endings_stay(&mut self, old: &Execution, new: &Execution) {
        if let Some(ending) = &old.head.ending {
            let same_waves = old
                .waves
                .iter()
                .zip(&new.waves)
                .all(|(was, is)| was.head.state == is.head.state);
            if new.head.ending.as_ref() != Some(ending) || !same_waves {
                self.breach("law 2", "an ended execution changed".to_owned());
            }
        } else if new.head.ending.is_some() {
            let open = new.servers().find(|server| !has_ended(server.state));
            if let Some(server) = open {
                let text = format!("it ended while {} is {:?}", server.id, server.state);
                self.breach("E3", text);
            }
            if new.waves.iter().any(|wave| wave.end().is_none()) {
                self.breach("E3", "it ended while a wave has not".to_owned());
            }
        }
    }

    /// Law 3, and law 5 for waves.
    fn judge_wave(
        &mut self,
        old: &Execution,
        new: &Execution,
        index: usize,
        command: Option<&Command>,
    ) {
        let (was, is) = (&old.waves[index], &new.waves[index]);
        if was.head.state == is.head.state {
            return;
        }
        let key = &is.head.key;
        if was.head.state == WaveState::Pending && is.head.state != WaveState::Pending {
            let begins = match &is.head.state {
                WaveState::Started => true,
                WaveState::Pending => false,
                WaveState::Ended(end) => {
                    !matches!(end.outcome, WaveOutcome::Skipped | WaveOutcome::Cancelled)
                }
            };
            let blocked = is
                .head
                .depends_on
                .iter()
                .find(|&&other| !new.waves[other].is_released())
                // It ended and was released by the time, and a person began it again, at once.
                .filter(|&&other| !is_retried(&new.waves[other], command));
            if begins && let Some(&other) = blocked {
                let (other, state) = (&new.waves[other].head.key, &new.waves[other].head.state);
                let text = format!("wave {key} started while {other} is {state:?}");
                self.breach("law 3", text);
            }
            if begins && !matches!(is.head.gate, Gate::None | Gate::Open { .. }) {
                self.breach("law 3", format!("wave {key} started through a closed gate"));
            }
        }
        if let WaveState::Ended(end) = &is.head.state
            && was.end().map(|end| end.outcome) != Some(end.outcome)
        {
            self.judge_end(new, is, index, end);
        }
        if is.is_released() && !was.is_released() {
            self.judge_release(is, command);
        }
    }

    fn judge_end(&mut self, new: &Execution, wave: &Wave, index: usize, end: &WaveEnd) {
        let key = &wave.head.key;
        let launched = up(wave);
        let servers = wave.servers().count();
        if end.outcome == WaveOutcome::Completed && launched < servers {
            let text = format!("wave {key} is COMPLETED with {launched} of {servers} up");
            self.breach("law 5", text);
        }
        if end.outcome == WaveOutcome::Partial && launched < wave.head.need.of(servers).min(servers)
        {
            let text = format!("wave {key} is PARTIAL with {launched} of {servers} up");
            self.breach("law 5", text);
        }
        let open = wave.servers().find(|server| !has_ended(server.state));
        if let Some(server) = open {
            let text = format!("wave {key} ended while {} is {:?}", server.id, server.state);
            self.breach("law 3", text);
        }
        if end.outcome == WaveOutcome::TimedOut {
            let id = new.head.id.clone();
            let spent = self.in_flight.get(&(id, index)).map(|(spent, _)| *spent);
            let limit = SignedDuration::from_mins(i64::from(wave.head.time_limit_minutes));
            if spent.unwrap_or_default() + SLACK < limit {
                let text = format!("wave {key} timed out after {spent:?} of work");
                self.breach("P5", text);
            }
        }
    }

    /// A wave is released by its policy or by a person.
    fn judge_release(&mut self, wave: &Wave, command: Option<&Command>) {
        let servers = wave.servers().count();
        let met = up(wave) >= wave.head.need.of(servers).min(servers);
        let by_person = matches!(command, Some(Command::Resume { .. } | Command::Skip { .. }));
        if !met && wave.head.on_failure != OnFailure::Continue && !by_person {
            let text = format!("wave {} was released against its policy", wave.head.key);
            self.breach("law 3", text);
        }
    }

    /// Only jobs that the world knows to be started for this very attempt are followed.
    fn judge_jobs(&mut self, was: &Wave, is: &Wave, stored: &StoredExecution, wave: usize) {
        for (index, batch) in is.batches.iter().enumerate() {
            let known = was.batches.get(index).map_or(0, |batch| batch.jobs.len());
            for job in batch.jobs.iter().skip(known) {
                let id = &stored.execution.head.id;
                let attempt = format!("{id}.{wave}.{index}.{}", job.attempt);
                let launch = self.launched.get(job.id.as_str());
                if launch.is_none_or(|launch| launch.attempt != attempt) {
                    let text = format!("job {} of others is taken for its own", job.id);
                    self.breach("law 1", text);
                }
                let twice = batch.jobs.iter().filter(|one| one.id == job.id).count();
                if twice > 1 {
                    self.breach("law 1", format!("job {} is counted twice", job.id));
                }
            }
        }
    }

    /// A job that DRS shows is not taken for gone.
    fn judge_vanished(&mut self, world: &World, was: &Wave, is: &Wave) {
        let gone = |wave: &Wave, id: &JobId| {
            let mut jobs = wave.batches.iter().flat_map(|batch| &batch.jobs);
            jobs.any(|job| job.id == *id && job.status == JobStatus::Vanished)
        };
        for job in is.batches.iter().flat_map(|batch| &batch.jobs) {
            if !gone(is, &job.id) || gone(was, &job.id) {
                continue;
            }
            let record = world.job_record(job.id.as_str());
            if record.is_some_and(|record| record.is_running() && !record.is_forgotten()) {
                let text = format!("job {} counts as gone, and DRS shows it", job.id);
                self.breach("law 4", text);
            }
        }
    }

    /// Law 5 for servers, and a merge that only goes forward.
    fn judge_servers(&mut self, world: &World, was: &Wave, is: &Wave) {
        for server in is.servers() {
            let Some(old) = was.servers().find(|old| old.id == server.id) else {
                continue;
            };
            let state = (old.state, server.state);
            let is_told_late = state == (ServerState::Launched, ServerState::Terminated)
                && known_ec2_state(old).is_none()
                && is_known_as_ended(server);
            if old.job == server.job && old.job.is_some() && goes_back(state) && !is_told_late {
                let text = format!("{} went from {:?} to {:?}", server.id, state.0, state.1);
                self.breach("law 5", text);
            }
            if old.state != server.state {
                self.judge_server(world, server);
            }
        }
    }

    fn judge_server(&mut self, world: &World, server: &Server) {
        let id = server.id.as_str();
        let record = server
            .job
            .as_ref()
            .and_then(|job| world.job_record(job.as_str()));
        let there = record.and_then(|job| job.status_of(id));
        match server.state {
            ServerState::Launched => {
                if !matches!(
                    there,
                    Some(LaunchStatus::Launched | LaunchStatus::Terminated)
                ) && !self.is_carried_over(world, server)
                {
                    let text = format!("{id} counts as launched and is {there:?} at DRS");
                    self.breach("law 5", text);
                }
                if is_known_as_ended(server) && server.warnings.is_empty() {
                    let text = format!("{id} counts as launched, and is known to be terminated");
                    self.breach("law 5", text);
                }
            }
            ServerState::Failed => {
                let lives = matches!(
                    there,
                    Some(LaunchStatus::Launched | LaunchStatus::InProgress | LaunchStatus::Pending)
                );
                if lives {
                    let text = format!("{id} counts as failed and is {there:?} at DRS");
                    self.breach("law 4", text);
                }
                let refused = server
                    .error
                    .as_ref()
                    .is_some_and(|text| text.starts_with("DRS refused it"));
                if refused && !self.spoiled.contains(id) {
                    let text = format!("{id} was given up for what DRS says of another");
                    self.breach("E16", text);
                }
            }
            ServerState::Pending
            | ServerState::Queued
            | ServerState::Launching
            | ServerState::Reconciling
            | ServerState::Unknown
            | ServerState::Skipped
            | ServerState::Cancelled
            | ServerState::Terminated => {}
        }
    }

    /// Whether a server is up without a job of this execution, because a recovery that this one
    /// continues has brought it up.
    fn is_carried_over(&self, world: &World, server: &Server) -> bool {
        let (None, Some(instance)) = (&server.job, &server.instance) else {
            return false;
        };
        world.instance_records().any(|one| {
            one.id() == instance.id.as_str()
                && one.server() == server.id.as_str()
                && !one.is_drill()
                && self.launched.contains_key(one.job())
        })
    }

    /// A hold goes only by a person who named it, or with what it held.
    fn judge_holds(&mut self, old: &Execution, new: &Execution, command: Option<&Command>) {
        let opened = |was: &Wave, is: &Wave| match (&was.head.gate, &is.head.gate) {
            (Gate::Closed { hold, .. }, Gate::Open { .. }) => Some(hold.clone()),
            _ => match (
                was.end().map(|end| &end.release),
                is.end().map(|end| &end.release),
            ) {
                (Some(Release::Held { hold, .. }), Some(Release::Released)) => Some(hold.clone()),
                _ => None,
            },
        };
        let gone: Vec<_> = old
            .waves
            .iter()
            .zip(&new.waves)
            .filter_map(|(was, is)| opened(was, is))
            .collect();
        for hold in gone {
            let named = match command {
                Some(Command::Resume { holds, .. }) => {
                    holds.contains(&hold) || (holds.is_empty() && open_holds(old).len() == 1)
                }
                Some(Command::Skip { .. }) => true,
                Some(
                    Command::Pause
                    | Command::Retry { .. }
                    | Command::Cancel { .. }
                    | Command::Resolve { .. }
                    | Command::TerminateInstances { .. },
                )
                | None => false,
            };
            if !named {
                self.breach("law 3", format!("hold {hold} was opened by nobody"));
            }
        }
    }

    fn judge_clean_up(&mut self, world: &World, old: &Execution, new: &Execution) {
        let (was, is) = (old.head.clean_up.status, new.head.clean_up.status);
        if was == is {
            return;
        }
        if is == CleanUpStatus::Running && (!Self::is_drill(new) || !new.has_ended()) {
            let text = "the clean-up of what is no ended drill began".to_owned();
            self.breach("law 7", text);
        }
        self.clean_means_clean(new, world);
    }
}

fn is_retried(wave: &Wave, command: Option<&Command>) -> bool {
    matches!(command, Some(Command::Retry { wave: named, .. }) if *named == wave.head.key)
}

fn up(wave: &Wave) -> usize {
    let servers = wave.servers();
    servers
        .filter(|server| server.state == ServerState::Launched)
        .count()
}

fn has_ended(state: ServerState) -> bool {
    !matches!(
        state,
        ServerState::Pending
            | ServerState::Queued
            | ServerState::Launching
            | ServerState::Reconciling
    )
}

/// Whether the execution itself knows that EC2 has ended what was launched.
fn is_known_as_ended(server: &Server) -> bool {
    matches!(
        known_ec2_state(server),
        Some("TERMINATED" | "SHUTTING-DOWN")
    )
}

fn known_ec2_state(server: &Server) -> Option<&str> {
    server.instance.as_ref()?.ec2_state.as_deref()
}

/// What can not be, while the job is the same.
fn goes_back((was, is): (ServerState, ServerState)) -> bool {
    let over = matches!(
        was,
        ServerState::Launched | ServerState::Failed | ServerState::Terminated
    );
    over && was != is
}
