//! Crash points: before and after every call to the world a process may give way to the others, be
//! slow, or die.
//!
//! A process is one invocation of a function: a future that the scheduler polls. Nothing in the
//! engine truly waits in process, so the only pauses are those that are asked for here.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use jiff::{SignedDuration, Timestamp};

/// On which side of a call a crash point is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Edge {
    /// Nothing has happened yet.
    Before,
    /// It has happened, and the caller does not know yet.
    After,
}

/// A call of a port by its name, and the side of it.
pub type CrashPoint = (&'static str, Edge);

/// DRS has answered a launch.
pub(crate) const LAUNCHED: CrashPoint = ("StartRecovery", Edge::After);

/// What befalls a process when DRS has answered its launch, and nothing of that is saved yet.
#[derive(Debug, Clone, Copy)]
pub(crate) enum AfterLaunch {
    /// It dies (F30).
    Dies,
    /// It stands still for so long.
    Stalls(SignedDuration),
}

/// What the seed has in store for one process.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Fate {
    /// It dies at this crash point, counted from now.
    pub(crate) dies_in: Option<u32>,
    /// It stands still at this crash point, for so long.
    pub(crate) stalls: Option<(u32, SignedDuration)>,
    /// What befalls it after its first launch.
    pub(crate) after_launch: Option<AfterLaunch>,
    /// How far its clock is from the true one.
    pub(crate) skew: SignedDuration,
}

/// What a process asked for when it paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    /// Let others go on first.
    Turn,
    /// Go on at this time.
    Until(Timestamp),
    /// Nothing more: it is dead.
    Death,
}

/// The process that runs now.
#[derive(Debug)]
struct Running {
    number: u64,
    fate: Fate,
    wish: Wish,
    crowded: bool,
    now: Timestamp,
    crashes: BTreeMap<CrashPoint, u32>,
    trace: Option<Vec<String>>,
}

/// The process that runs now, as all ports see it.
#[derive(Debug, Clone)]
pub(crate) struct Process(Arc<Mutex<Running>>);

impl Process {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(Running {
            number: 0,
            fate: Fate::default(),
            wish: Wish::Turn,
            crowded: false,
            now: Timestamp::UNIX_EPOCH,
            crashes: BTreeMap::new(),
            trace: None,
        })))
    }

    fn lock(&self) -> MutexGuard<'_, Running> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From here on every call is written down.
    pub(crate) fn keep_trace(&self) {
        self.lock().trace = Some(Vec::new());
    }

    /// A process goes on; `crowded` says whether others could go on as well.
    pub(crate) fn enter(&self, number: u64, fate: Fate, now: Timestamp, crowded: bool) {
        let mut running = self.lock();
        running.number = number;
        running.fate = fate;
        running.now = now;
        running.crowded = crowded;
        running.wish = Wish::Turn;
    }

    /// It has paused: what is left of its fate, and why it paused.
    pub(crate) fn leave(&self) -> (Fate, Wish) {
        let running = self.lock();
        (running.fate, running.wish)
    }

    /// The number of the process that runs now.
    pub(crate) fn number(&self) -> u64 {
        self.lock().number
    }

    /// How far the clock of the process that runs now is from the true one.
    pub(crate) fn skew(&self) -> SignedDuration {
        self.lock().fate.skew
    }

    /// Where processes have died so far, and how often.
    pub(crate) fn crashes(&self) -> BTreeMap<CrashPoint, u32> {
        self.lock().crashes.clone()
    }

    /// What was written down so far.
    pub(crate) fn take_trace(&self) -> Vec<String> {
        self.lock().trace.take().unwrap_or_default()
    }

    /// Writes something down, where a trace is kept.
    pub(crate) fn note(&self, text: impl FnOnce() -> String) {
        let mut running = self.lock();
        let (now, number) = (running.now, running.number);
        if let Some(trace) = &mut running.trace {
            trace.push(format!("{now} #{number} {}", text()));
        }
    }

    /// A crash point of the process that runs now.
    pub(crate) async fn crash_point(&self, call: &'static str, edge: Edge) {
        let wish = self.reach((call, edge));
        if let Some(wish) = wish {
            self.pause(wish).await;
            if let Wish::Death = wish {
                std::future::pending::<()>().await;
            }
        }
    }

    /// Stands still until then.
    pub(crate) async fn sleep_until(&self, at: Timestamp) {
        self.pause(Wish::Until(at)).await;
    }

    async fn pause(&self, wish: Wish) {
        self.lock().wish = wish;
        Pause(false).await;
    }

    fn reach(&self, point: CrashPoint) -> Option<Wish> {
        let mut running = self.lock();
        let (now, number) = (running.now, running.number);
        if let Some(trace) = &mut running.trace
            && point.1 == Edge::Before
        {
            trace.push(format!("{now} #{number} {}", point.0));
        }
        if point == LAUNCHED
            && let Some(fate) = running.fate.after_launch.take()
        {
            return Some(match fate {
                AfterLaunch::Dies => running.dies(point),
                AfterLaunch::Stalls(pause) => running.stalls(pause),
            });
        }
        if let Some(left) = running.fate.dies_in.as_mut() {
            if *left == 0 {
                return Some(running.dies(point));
            }
            *left -= 1;
        }
        match running.fate.stalls.as_mut() {
            Some((0, pause)) => {
                let pause = *pause;
                running.fate.stalls = None;
                return Some(running.stalls(pause));
            }
            Some((left, _)) => *left -= 1,
            None => {}
        }
        running.crowded.then_some(Wish::Turn)
    }
}

impl Running {
    fn dies(&mut self, point: CrashPoint) -> Wish {
        *self.crashes.entry(point).or_default() += 1;
        let (now, number) = (self.now, self.number);
        if let Some(trace) = &mut self.trace {
            trace.push(format!("{now} #{number} dies {:?} {}", point.1, point.0));
        }
        Wish::Death
    }

    fn stalls(&mut self, pause: SignedDuration) -> Wish {
        let (now, number) = (self.now, self.number);
        let until = now + pause;
        if let Some(trace) = &mut self.trace {
            trace.push(format!("{now} #{number} stalls until {until}"));
        }
        Wish::Until(until)
    }
}

/// Pending once.
struct Pause(bool);

impl Future for Pause {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<()> {
        if self.0 {
            return Poll::Ready(());
        }
        self.0 = true;
        Poll::Pending
    }
}
