//! The processes of a run and who of them goes on: a small scheduler over futures, whose order
//! is the seed's.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use engine::EngineError;
use engine::drive::Driven;
use jiff::{SignedDuration, Timestamp};

use crate::crash_points::{Fate, Process, Wish};

/// How long one invocation may take.
pub(super) const FUNCTION_TIMEOUT: SignedDuration = SignedDuration::from_secs(120);

/// What came of an invocation.
pub(super) enum End {
    /// Of `ADVANCE`.
    Driven(Result<Driven, EngineError>),
    /// Of a start.
    Started(Result<(), EngineError>),
    /// Of a command.
    Commanded(Result<(), EngineError>),
    /// Of anything else.
    Other,
}

/// Whose invocation it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Role {
    /// The machine of this name asks orchestration to drive.
    Advance(String),
    /// The same parks.
    Park,
    /// A poller.
    Poll,
    /// The finder.
    Find,
    /// Somebody starts a plan.
    Start,
    /// Somebody commands.
    Command,
}

/// What became of a process.
pub(super) enum Fallen {
    /// It has ended.
    Ended(End),
    /// It died.
    Died,
}

type Future = Pin<Box<dyn std::future::Future<Output = End> + Send>>;

struct Scheduled {
    number: u64,
    role: Role,
    future: Future,
    fate: Fate,
    resumes: Timestamp,
    killed: Timestamp,
}

/// All processes that live.
#[derive(Default)]
pub(super) struct Scheduler {
    processes: Vec<Scheduled>,
    made: u64,
    /// How often more than one process could have gone on.
    pub(super) crowds: u64,
}

impl Scheduler {
    pub(super) fn enter(&mut self, role: Role, now: Timestamp, fate: Fate, future: Future) -> u64 {
        self.made += 1;
        self.processes.push(Scheduled {
            number: self.made,
            role,
            future,
            fate,
            resumes: now,
            killed: now + FUNCTION_TIMEOUT,
        });
        self.made
    }

    /// When the next process goes on or is killed, if one lives.
    pub(super) fn next(&self) -> Option<Timestamp> {
        self.processes
            .iter()
            .map(|scheduled| scheduled.resumes.min(scheduled.killed))
            .min()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.processes.is_empty()
    }

    /// Lets one of those that can go on do so, up to its next pause.
    pub(super) fn step(
        &mut self,
        now: Timestamp,
        process: &Process,
        random: &mut fastrand::Rng,
    ) -> Step {
        if let Some(index) = self
            .processes
            .iter()
            .position(|scheduled| scheduled.killed <= now)
        {
            let scheduled = self.processes.swap_remove(index);
            process.note(|| format!("is killed at its time-out: #{}", scheduled.number));
            return Step::Fell(scheduled.number, scheduled.role, Fallen::Died);
        }
        let ready = self
            .processes
            .iter()
            .filter(|one| one.resumes <= now)
            .count();
        if ready == 0 {
            return Step::Nobody;
        }
        if ready > 1 {
            self.crowds += 1;
        }
        let chosen = if ready == 1 { 0 } else { random.usize(..ready) };
        let mut can = self
            .processes
            .iter()
            .enumerate()
            .filter(|(_, one)| one.resumes <= now);
        let Some(index) = can.nth(chosen).map(|(index, _)| index) else {
            return Step::Nobody;
        };
        let scheduled = &mut self.processes[index];
        process.enter(scheduled.number, scheduled.fate, now, ready > 1);
        let mut context = Context::from_waker(Waker::noop());
        let polled = scheduled.future.as_mut().poll(&mut context);
        let (fate, wish) = process.leave();
        let number = scheduled.number;
        let fallen = match (polled, wish) {
            (Poll::Ready(end), _) => Fallen::Ended(end),
            (Poll::Pending, Wish::Death) => Fallen::Died,
            (Poll::Pending, Wish::Turn) => {
                scheduled.fate = fate;
                return Step::Paused;
            }
            (Poll::Pending, Wish::Until(at)) => {
                scheduled.fate = fate;
                scheduled.resumes = at;
                return Step::Paused;
            }
        };
        let scheduled = self.processes.swap_remove(index);
        Step::Fell(number, scheduled.role, fallen)
    }
}

/// What one step was.
pub(super) enum Step {
    /// Nobody can go on before time does.
    Nobody,
    /// A process went on and paused.
    Paused,
    /// A process is no more.
    Fell(u64, Role, Fallen),
}
