//! What each save changed of an execution and its waves, and whether it may.

use std::sync::Arc;

use drs_simulator::World;
use jiff::SignedDuration;

use super::state::Checker;
use crate::facts::{
    Batch, Change, CleanUp, Command, Execution, Gate, Kind, LockTable, LoggedEvent, OnFailure,
    Release, Save, Stage, Stored, Wave, WaveEnd, WaveOutcome, WaveState,
};

/// A process may read its clock, which is seconds wrong, and stand still before it saves for as
/// long as a function may take.
const SLACK: SignedDuration = SignedDuration::from_secs(135);

impl Checker {
    pub(super) fn saved(&mut self, (world, locks): (&World, &dyn LockTable), save: Save) {
        self.saves += 1;
        if save.stage == Stage::Acquiring {
            return;
        }
        let events = save.events.iter();
        self.log.extend(events.map(|event| event.line.clone()));
        let after = Arc::new(save.stored);
        let id = after.execution.id.clone();
        let before = self.current.insert(id.clone(), Arc::clone(&after));
        if save.change == Change::Some {
            self.savers.insert(save.process);
        }
        let command = self.asked.get(&save.process).cloned();
        if let Some(Command::Retry { servers, .. }) = &command {
            let named = servers.iter().map(|server| (id.clone(), server.clone()));
            self.named.extend(named);
        }
        self.chain_holds(before.as_deref(), &after, &save.events);
        self.count_time(&after.execution);
        self.judge_waiting(&after.execution);
        let Some(before) = before else { return };
        let (old, new) = (&before.execution, &after.execution);
        self.endings_stay(old, new);
        for (index, (was, is)) in old.waves.iter().zip(&new.waves).enumerate() {
            self.judge_wave((old, new), index, command.as_ref());
            self.judge_jobs((was, is), &id, index);
            self.judge_servers(world, was, is);
            self.judge_vanished(world, was, is);
        }
        self.judge_holds(old, new, command.as_ref());
        self.judge_clean_up(world, old, new);
        self.judge_locks_of_clean_up(locks, old, new);
    }

    /// The event log has no hole and no second beginning.
    fn chain_holds(&mut self, before: Option<&Stored>, after: &Stored, events: &[LoggedEvent]) {
        let (mut number, mut hash) =
            before.map_or((0, ""), |stored| (stored.events, stored.last_hash.as_str()));
        for event in events {
            if event.number != number + 1 || event.previous_hash != hash {
                self.breach("E12", "the event log is not one chain".to_owned());
            }
            number = event.number;
            hash = &event.hash;
        }
        if after.events != number || after.last_hash != hash {
            self.breach("E12", "the event log does not end where it says".to_owned());
        }
    }

    /// How long each wave has had something in flight, by the world's clock.
    fn count_time(&mut self, execution: &Execution) {
        let now = self.now;
        for (index, wave) in execution.waves.iter().enumerate() {
            let flying = wave.batches.iter().any(Batch::is_in_flight);
            let key = (execution.id.clone(), index);
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
        if let Some(ending) = &old.ending {
            let mut waves = old.waves.iter().zip(&new.waves);
            let same_waves = waves.all(|(was, is)| was.state == is.state);
            if new.ending.as_ref() != Some(ending) || !same_waves {
                self.breach("law 2", "an ended execution changed".to_owned());
            }
        } else if new.has_ended() {
            let open = new.servers().find(|server| !server.state.has_ended());
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
        (old, new): (&Execution, &Execution),
        index: usize,
        command: Option<&Command>,
    ) {
        let (was, is) = (&old.waves[index], &new.waves[index]);
        if was.state == is.state {
            return;
        }
        if was.state == WaveState::Pending && begins(&is.state) {
            self.judge_begin(new, is, command);
        }
        if let WaveState::Ended(end) = &is.state
            && was.end().map(|end| end.outcome) != Some(end.outcome)
        {
            self.judge_end(&new.id, is, index, end);
        }
        if is.is_released() && !was.is_released() {
            self.judge_release(is, command);
        }
    }

    /// A wave begins when all that it depends on is released, and its gate is open.
    fn judge_begin(&mut self, new: &Execution, wave: &Wave, command: Option<&Command>) {
        let key = &wave.key;
        let mut depends_on = wave.depends_on.iter().map(|&other| &new.waves[other]);
        // The first that is not released, unless it was released by its end, and a person began it
        // again at once.
        let blocked = depends_on
            .find(|other| !other.is_released())
            .filter(|other| !is_retried(other, command));
        if let Some(other) = blocked {
            let text = format!(
                "wave {key} started while {} is {:?}",
                other.key, other.state
            );
            self.breach("law 3", text);
        }
        if wave.gate != Gate::Open {
            self.breach("law 3", format!("wave {key} started through a closed gate"));
        }
    }

    fn judge_end(&mut self, id: &str, wave: &Wave, index: usize, end: &WaveEnd) {
        let key = &wave.key;
        let launched = wave.launched();
        let servers = wave.servers().count();
        if end.outcome == WaveOutcome::Completed && launched < servers {
            let text = format!("wave {key} is COMPLETED with {launched} of {servers} up");
            self.breach("law 5", text);
        }
        if end.outcome == WaveOutcome::Partial && launched < wave.needed() {
            let text = format!("wave {key} is PARTIAL with {launched} of {servers} up");
            self.breach("law 5", text);
        }
        let open = wave.servers().find(|server| !server.state.has_ended());
        if let Some(server) = open {
            let text = format!("wave {key} ended while {} is {:?}", server.id, server.state);
            self.breach("law 3", text);
        }
        if end.outcome == WaveOutcome::TimedOut {
            let spent = self.in_flight.get(&(id.to_owned(), index));
            let spent = spent.map(|(spent, _)| *spent).unwrap_or_default();
            let limit = SignedDuration::from_mins(i64::from(wave.time_limit_minutes));
            if spent + SLACK < limit {
                let text = format!("wave {key} timed out after {spent:?} of work");
                self.breach("P5", text);
            }
        }
    }

    /// A wave is released by its policy or by a person.
    fn judge_release(&mut self, wave: &Wave, command: Option<&Command>) {
        let met = wave.launched() >= wave.needed();
        let by_person = matches!(command, Some(Command::Resume(_) | Command::Skip));
        if !met && wave.on_failure != OnFailure::Continue && !by_person {
            let text = format!("wave {} was released against its policy", wave.key);
            self.breach("law 3", text);
        }
    }

    /// A hold goes only by a person who named it, or with what it held.
    fn judge_holds(&mut self, old: &Execution, new: &Execution, command: Option<&Command>) {
        let waves = old.waves.iter().zip(&new.waves);
        for hold in waves.filter_map(|(was, is)| released_hold(was, is)) {
            let named = match command {
                Some(Command::Resume(holds)) => {
                    holds.contains(hold) || (holds.is_empty() && old.open_holds() == 1)
                }
                Some(Command::Skip) => true,
                Some(Command::Retry { .. } | Command::TerminateInstances | Command::Other)
                | None => false,
            };
            if !named {
                self.breach("law 3", format!("hold {hold} was opened by nobody"));
            }
        }
    }

    fn judge_clean_up(&mut self, world: &World, old: &Execution, new: &Execution) {
        if old.clean_up == new.clean_up {
            return;
        }
        let is_ended_drill = new.kind == Kind::Drill && new.has_ended();
        if new.clean_up == CleanUp::Running && !is_ended_drill {
            let text = "the clean-up of what is no ended drill began".to_owned();
            self.breach("law 7", text);
        }
        self.clean_means_clean(new, world);
    }
}

/// Whether a wave that comes into this state has begun, and was not only left out.
fn begins(state: &WaveState) -> bool {
    match state {
        WaveState::Pending => false,
        WaveState::Started => true,
        WaveState::Ended(end) => match end.outcome {
            WaveOutcome::Skipped | WaveOutcome::Cancelled => false,
            WaveOutcome::Completed
            | WaveOutcome::Partial
            | WaveOutcome::Failed
            | WaveOutcome::TimedOut => true,
        },
    }
}

fn is_retried(wave: &Wave, command: Option<&Command>) -> bool {
    matches!(command, Some(Command::Retry { wave: named, .. }) if *named == wave.key)
}

/// The hold that kept a wave, or those after it, and keeps it no more.
fn released_hold<'a>(was: &'a Wave, is: &Wave) -> Option<&'a String> {
    if let (Gate::Closed(hold), Gate::Open) = (&was.gate, &is.gate) {
        return Some(hold);
    }
    match (&was.end()?.release, &is.end()?.release) {
        (Release::Held(hold), Release::Released) => Some(hold),
        (Release::Held(_) | Release::Released | Release::Stopped, _) => None,
    }
}
