//! Many seeds on all cores, what they covered, and the first failure made small.

mod coverage;
mod summary;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::checker::{Broken, Pairs};
use crate::crash_points::CrashPoint;
use crate::run::{Report, run};
use crate::story::{FaultKind, Story};

/// Runs that shrinking may take.
const SHRINK_RUNS_MAX: u32 = 400;

/// How often a long sweep says how far it is.
const TELL_EVERY: Duration = Duration::from_secs(10);

/// Which seeds.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// The first.
    pub from: u64,
    /// How many.
    pub seeds: u64,
    /// How many at a time.
    pub threads: usize,
    /// No further seed begins after so long.
    pub budget: Option<Duration>,
    /// Told now and then how many are played, and in what time.
    pub tell: fn(u64, Duration),
}

/// What many runs came to.
#[derive(Debug, Clone, Default)]
pub struct Sweep {
    /// Runs.
    pub runs: u64,
    /// How long they took.
    pub took: Duration,
    /// On how many threads.
    pub threads: usize,
    /// Those that broke a law, the lowest seed first.
    pub failures: BTreeMap<u64, Vec<Broken>>,
    /// Numbers of each run, to be put in order: servers, waves, crashes, faults, commands.
    pub sizes: [Vec<u32>; 5],
    /// How executions ended.
    pub outcomes: BTreeMap<String, u64>,
    /// Executions that were started.
    pub executions: u64,
    /// Steps, saves, launches, crowded steps, refused commands, failed table calls.
    pub steps: u64,
    /// Saves of executions.
    pub saves: u64,
    /// Launches that DRS accepted.
    pub launches: u64,
    /// Steps at which more than one process could go on.
    pub crowds: u64,
    /// Commands that were refused.
    pub refused: u64,
    /// Calls of tables that failed.
    pub table_faults: u64,
    /// Where processes died.
    pub crashes: BTreeMap<CrashPoint, u64>,
    /// How often each fault met somebody.
    pub faults: BTreeMap<FaultKind, u64>,
    /// What others did.
    pub happenings: BTreeMap<&'static str, u64>,
    /// Listings of jobs with values that nobody knows, or without members (F26).
    pub malformed_listings: u64,
    /// What executions were told, in which state.
    pub pairs: Pairs,
}

impl Sweep {
    /// Plays seeds until all are played, the time is up, or one breaks a law.
    pub fn of(plan: Plan) -> Self {
        let next = AtomicU64::new(plan.from);
        let stop = AtomicBool::new(false);
        let whole = Mutex::new(Self::default());
        let begun = Instant::now();
        let told = AtomicU64::new(0);
        let tell = |played: u64| {
            let due = begun.elapsed().as_secs() / TELL_EVERY.as_secs();
            if told.fetch_max(due, Ordering::Relaxed) < due {
                (plan.tell)(played, begun.elapsed());
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..plan.threads.max(1) {
                scope.spawn(|| {
                    let mut own = Self::default();
                    while !stop.load(Ordering::Relaxed)
                        && plan.budget.is_none_or(|budget| begun.elapsed() < budget)
                    {
                        let seed = next.fetch_add(1, Ordering::Relaxed);
                        if seed >= plan.from + plan.seeds {
                            break;
                        }
                        let report = run(&Story::of(seed));
                        if !report.broken.is_empty() {
                            stop.store(true, Ordering::Relaxed);
                        }
                        own.add(&report);
                        tell(seed - plan.from);
                    }
                    whole
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .merge(own);
                });
            }
        });
        let mut whole = whole.into_inner().unwrap_or_else(PoisonError::into_inner);
        whole.took = begun.elapsed();
        whole.threads = plan.threads.max(1);
        whole
    }

    fn add(&mut self, report: &Report) {
        self.runs += 1;
        if !report.broken.is_empty() {
            self.failures.insert(report.seed, report.broken.clone());
        }
        let seen = &report.seen;
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let numbers = [
            count(report.size.0),
            count(report.size.1),
            seen.deaths,
            count(seen.faults.values().filter(|times| **times > 0).count())
                + seen.happenings.values().sum::<u32>(),
            seen.commands,
        ];
        for (list, number) in self.sizes.iter_mut().zip(numbers) {
            list.push(number);
        }
        for outcome in &report.outcomes {
            self.executions += 1;
            *self.outcomes.entry(format!("{outcome:?}")).or_default() += 1;
        }
        self.steps += u64::from(report.steps);
        self.saves += report.saves;
        self.launches += report.launches;
        self.crowds += seen.crowds;
        self.refused += u64::from(seen.refused);
        self.table_faults += u64::from(seen.table_faults);
        total(&mut self.crashes, &report.crashes);
        total(&mut self.faults, &seen.faults);
        total(&mut self.happenings, &seen.happenings);
        self.malformed_listings += u64::from(seen.malformed_listings);
        self.pairs.add(&report.pairs);
    }

    fn merge(&mut self, other: Self) {
        self.runs += other.runs;
        self.failures.extend(other.failures);
        for (list, more) in self.sizes.iter_mut().zip(other.sizes) {
            list.extend(more);
        }
        self.executions += other.executions;
        self.steps += other.steps;
        self.saves += other.saves;
        self.launches += other.launches;
        self.crowds += other.crowds;
        self.refused += other.refused;
        self.table_faults += other.table_faults;
        total(&mut self.outcomes, &other.outcomes);
        total(&mut self.crashes, &other.crashes);
        total(&mut self.faults, &other.faults);
        total(&mut self.happenings, &other.happenings);
        self.malformed_listings += other.malformed_listings;
        self.pairs.add(&other.pairs);
    }
}

fn total<K: Ord + Clone, N: Copy + Into<u64>>(sum: &mut BTreeMap<K, u64>, more: &BTreeMap<K, N>) {
    for (key, number) in more {
        *sum.entry(key.clone()).or_default() += (*number).into();
    }
}

/// The simplest story that breaks the same law, and how many runs it took to find it.
pub fn shrink(story: &Story, law: &str) -> (Story, u32) {
    let mut best = story.clone();
    let mut runs = 0;
    'again: loop {
        for simpler in best.simpler() {
            if runs >= SHRINK_RUNS_MAX {
                return (best, runs);
            }
            runs += 1;
            if breaks(&simpler, law) {
                best = simpler;
                continue 'again;
            }
        }
        return (best, runs);
    }
}

fn breaks(story: &Story, law: &str) -> bool {
    run(story).broken.iter().any(|broken| broken.law == law)
}
