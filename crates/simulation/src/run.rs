//! One run: processes of all functions take turns as the seed says, people and others do their
//! part, and virtual time moves when nobody can go on.

mod event_recorder;
mod machine;
mod others;
mod people;
mod report;
mod reporting;
mod scheduler;

use std::sync::{Arc, Mutex, PoisonError};

use domain::execution::Waits;
use domain::quota::Limits;
use domain::{Place, RecoveryPlanId};
use drs_simulator::World;
use engine::ports::{Ports, Store};
use engine::{Engine, Settings};
use jiff::{SignedDuration, Timestamp};
use test_support::memory::{Faults, MemoryStore};

use crate::checker::Checker;
use crate::crash_points::{AfterLaunch, Fate, Process};
use crate::drs::{EmptyListings, MalformedListings, SimulatedDrs, SlowLooks};
use crate::latest::Latest;
use crate::machines::{MachineRoom, MachineState};
use crate::store::{Record, TableDice, TableFaults, WatchedStore};
use crate::story::{ACCOUNT, Story, Trouble};
use crate::time::{SeededIds, SharedWorld, WorldClock};
use crate::translation::{self, StoredLocks};
use scheduler::{End, Role, Scheduler, Step};

pub use report::{Report, Seen};

/// Faults of a story end here; from then on everything must come to its end.
const CALM_AFTER: SignedDuration = SignedDuration::from_hours(3);
/// A start that died may come alive, or be undone, within this.
const FIRST_HOUR: SignedDuration = SignedDuration::from_hours(1);
/// Everything must be over by then.
const END: SignedDuration = SignedDuration::from_hours(24);
/// Steps of one run; more is a loop that gets nowhere.
const STEPS_MAX: u32 = 400_000;

/// Runs a story.
///
/// # Panics
///
/// Where the story itself is wrong: its drafts.
pub fn run(story: &Story) -> Report {
    Stage::new(story, 0).play()
}

/// Runs a story and keeps all that happened in the report.
pub fn run_with_trace(story: &Story) -> Report {
    let stage = Stage::new(story, 100_000);
    stage.process.keep_trace();
    stage.play()
}

struct Stage<'a> {
    story: &'a Story,
    world: SharedWorld,
    clock: WorldClock,
    engine: Arc<Engine>,
    store: Arc<MemoryStore>,
    watched: WatchedStore,
    room: MachineRoom,
    drs: SimulatedDrs,
    process: Process,
    scheduler: Scheduler,
    random: fastrand::Rng,
    checker: Checker,
    latest: Latest,
    record: Record,
    plans: Vec<RecoveryPlanId>,
    begun: Timestamp,
    next_find: Timestamp,
    next_poll: Vec<(Place, Timestamp)>,
    next_deed: usize,
    next_happening: usize,
    settles_at: Timestamp,
    is_calm: bool,
    seen: Seen,
    steps: u32,
}

impl<'a> Stage<'a> {
    fn new(story: &'a Story, reads: usize) -> Self {
        let process = Process::new();
        let world: SharedWorld = Arc::new(Mutex::new(World::new(&story.scenario(reads))));
        let clock = WorldClock {
            world: Arc::clone(&world),
            process: process.clone(),
        };
        let trouble = story.trouble;
        let room = MachineRoom::new(clock.clone(), process.clone(), story.seed ^ 1, trouble.loss);
        let record = Record::default();
        let drs = drs(story, &world, &record, &process);
        let memory = Arc::new(MemoryStore::new());
        let tables = tables(story, &memory, &record, &process);
        let ports = Ports {
            store: Arc::new(tables.clone()),
            drs: Arc::new(drs.clone()),
            ec2: Arc::new(drs.clone()),
            machines: Arc::new(room.clone()),
            clock: Arc::new(clock.clone()),
            ids: Arc::new(SeededIds::new(story.seed)),
        };
        let settings = Settings {
            waits: Waits::DEFAULT,
            deploying_account: ACCOUNT.parse().expect("the account of all stories is one"),
            owner_expiry_seconds: 120,
        };
        let begun = clock.truth();
        Self {
            story,
            world,
            clock,
            engine: Arc::new(Engine::new(ports, settings)),
            store: memory,
            watched: tables,
            room,
            drs,
            process,
            scheduler: Scheduler::default(),
            random: fastrand::Rng::with_seed(story.seed ^ 2),
            checker: Checker::new(translation::story(story)),
            latest: Latest::new(begun),
            record,
            plans: Vec::new(),
            begun,
            next_find: begun + SignedDuration::from_secs(30),
            next_poll: Vec::new(),
            next_deed: 0,
            next_happening: 0,
            settles_at: begun,
            is_calm: false,
            seen: Seen::default(),
            steps: 0,
        }
    }

    fn play(mut self) -> Report {
        let recorder = event_recorder::record_events(&self.record);
        self.prepare();
        self.begin_trouble();
        while self.steps < STEPS_MAX && self.goes_on() {
            self.steps += 1;
            let now = self.clock.truth();
            self.due(now);
            match self.scheduler.step(now, &self.process, &mut self.random) {
                Step::Nobody => self.wait(now),
                Step::Paused => self.check(),
                Step::Fell(number, role, fallen) => {
                    self.check();
                    self.fell(number, &role, fallen, now);
                }
            }
            if !self.checker.broken.is_empty() {
                break;
            }
        }
        drop(recorder);
        self.check();
        if self.checker.broken.is_empty() {
            let world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
            self.checker.at_end(&world);
        }
        self.report()
    }

    fn begin_trouble(&mut self) {
        let faults = self.story.trouble.tables;
        self.watched.dice().faults = faults;
        self.drs.slow.set(self.story.trouble.slow_looks);
        self.store.inject(
            Faults {
                index_lag: faults.index_lag,
                ..Faults::default()
            },
            self.story.seed ^ 4,
        );
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        for rule in self.story.rules() {
            world.add_rule(rule);
        }
    }

    /// Until nothing is left to happen.
    fn goes_on(&self) -> bool {
        if !self.scheduler.is_empty() {
            return true;
        }
        let now = self.clock.truth();
        let quiet = self.next_deed >= self.story.deeds.len()
            && self.latest.all_done()
            && (self.latest.any() || now > self.begun + FIRST_HOUR);
        let held = self.is_calm && self.latest.all_done_or_undecided();
        !quiet && !held && now <= self.begun + END
    }

    /// Everything that is due now enters the stage.
    fn due(&mut self, now: Timestamp) {
        if !self.is_calm && now >= self.begun + CALM_AFTER {
            self.calm();
        }
        self.drs.deliver_late(now);
        // What has arrived is judged by the tables as they are now.
        self.check();
        self.notice(now);
        self.others(now);
        self.people(now);
        for (name, id, start) in self.due_machines(now) {
            self.advance(&name, id, start, now);
        }
        if now >= self.next_find && self.latest.any_live(now) {
            self.next_find = now + SignedDuration::from_secs(60);
            let (engine, room) = (Arc::clone(&self.engine), self.room.clone());
            self.enter(Role::Find, now, async move {
                let _found = engine.finder_round(&room, &room).await;
                End::Other
            });
        }
        self.plan_polls(now);
        while let Some(place) = self.due_poll(now) {
            self.poll(place, now);
        }
    }

    fn poll(&mut self, place: Place, now: Timestamp) {
        let engine = Arc::clone(&self.engine);
        let holder = format!("poller-{}", self.steps);
        // A few pollers stay for their minute, as they all do in AWS; the others look once.
        let window = if self.random.u8(..20) == 0 {
            SignedDuration::from_secs(55)
        } else {
            SignedDuration::from_millis(1)
        };
        self.enter(Role::Poll, now, async move {
            let _polled = engine.poll(&place, &holder, window).await;
            End::Other
        });
    }

    /// An invocation begins, with the fate that the seed gives it.
    fn enter(
        &mut self,
        role: Role,
        now: Timestamp,
        future: impl Future<Output = End> + Send + 'static,
    ) -> u64 {
        let trouble = self.story.trouble;
        let mut fate = Fate::default();
        if !self.is_calm {
            let random = &mut self.random;
            if trouble.death > 0.0 && random.f64() < trouble.death {
                fate.dies_in = Some(random.u32(..60));
            }
            if trouble.stall > 0.0 && random.f64() < trouble.stall {
                let seconds = random.i64(1..119);
                fate.stalls = Some((random.u32(..40), SignedDuration::from_secs(seconds)));
            }
            fate.after_launch = after_launch(random, trouble);
            if trouble.skew_ms > 0 {
                let skew = random.i64(-trouble.skew_ms..=trouble.skew_ms);
                fate.skew = SignedDuration::from_millis(skew);
            }
        }
        self.process.note(|| format!("starts {role:?}"));
        self.scheduler.enter(role, now, fate, Box::pin(future))
    }

    /// Time goes on to the next thing that anybody waits for.
    fn wait(&mut self, now: Timestamp) {
        let mut next = self.begun + END + SignedDuration::from_secs(1);
        if self.latest.any_live(now) {
            next = next.min(self.next_find);
        }
        let mut sooner = |at: Option<Timestamp>| next = at.map_or(next, |at| next.min(at));
        sooner(self.scheduler.next());
        sooner(self.drs.next_late());
        sooner(self.next_of_people());
        sooner(self.next_of_others());
        if !self.is_calm {
            sooner(Some(self.begun + CALM_AFTER));
        }
        for machine in self.room.lock().values() {
            match &machine.state {
                MachineState::Ready(at)
                | MachineState::Parked { until: at, .. }
                | MachineState::Invoking { until: at, .. } => sooner(Some(*at)),
                MachineState::Over => {}
            }
        }
        for (_, at) in &self.next_poll {
            sooner(Some(*at));
        }
        // What is due by itself in the world can make somebody else due.
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        let until = match world.next_event_at() {
            Some(at) if at > now => next.min(at),
            Some(_) | None => next,
        };
        world.advance_to(until.max(now + SignedDuration::from_millis(1)));
    }

    /// Launch results wake a poller, most of the time.
    fn notice(&mut self, now: Timestamp) {
        let notices = self
            .world
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take_notices();
        for notice in notices {
            let (Ok(account), Ok(region)) = (notice.account.parse(), notice.region.parse()) else {
                continue;
            };
            if self.random.u8(..5) > 0 {
                self.schedule_poll(Place { account, region }, now);
            }
        }
    }

    fn schedule_poll(&mut self, place: Place, at: Timestamp) {
        match self.next_poll.iter_mut().find(|(other, _)| *other == place) {
            Some((_, due)) => *due = (*due).min(at),
            None => self.next_poll.push((place, at)),
        }
    }

    fn plan_polls(&mut self, now: Timestamp) {
        for place in self.room.take_places() {
            self.schedule_poll(place, now);
        }
    }

    fn due_poll(&mut self, now: Timestamp) -> Option<Place> {
        let index = self.next_poll.iter().position(|(_, at)| *at <= now)?;
        Some(self.next_poll.swap_remove(index).0)
    }

    /// The faults are over.
    fn calm(&mut self) {
        self.is_calm = true;
        self.note_rules();
        self.world
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear_rules();
        self.watched.dice().faults = TableFaults::default();
        self.store.inject(Faults::default(), 0);
        self.room.calm();
        self.drs.malformed.calm();
        self.drs.slow.set(0.0);
        *self
            .drs
            .empty_listings
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = EmptyListings::of(0, 0);
    }

    fn note_rules(&mut self) {
        let world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        for (id, applied, _) in world.rules() {
            if let Some(fault) = id
                .parse()
                .ok()
                .and_then(|at: usize| self.story.faults.get(at))
            {
                *self.seen.faults.entry(fault.kind).or_default() += applied;
            }
        }
    }

    fn check(&mut self) {
        let entries =
            std::mem::take(&mut *self.record.lock().unwrap_or_else(PoisonError::into_inner));
        let world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        let (latest, now) = (&mut self.latest, world.now());
        let entries = entries.into_iter();
        let facts = entries.map(|entry| translation::fact(entry, latest, now));
        self.checker
            .after_step(&world, facts, &StoredLocks(&self.store));
    }
}

/// What befalls an invocation when DRS has answered its launch.
fn after_launch(random: &mut fastrand::Rng, trouble: Trouble) -> Option<AfterLaunch> {
    if trouble.launch_death > 0.0 && random.f64() < trouble.launch_death {
        return Some(AfterLaunch::Dies);
    }
    (trouble.launch_stall > 0.0 && random.f64() < trouble.launch_stall).then(|| {
        let seconds = random.i64(1..119);
        AfterLaunch::Stalls(SignedDuration::from_secs(seconds))
    })
}

fn drs(story: &Story, world: &SharedWorld, record: &Record, process: &Process) -> SimulatedDrs {
    SimulatedDrs {
        world: Arc::clone(world),
        record: Arc::clone(record),
        process: process.clone(),
        late: Arc::default(),
        limits: Limits {
            concurrent_jobs: story.world.concurrent_jobs,
            servers_in_all_jobs: story.world.servers_in_jobs,
            ..Limits::DEFAULT
        },
        empty_listings: Arc::new(Mutex::new(EmptyListings::of(
            story.trouble.empty_listings,
            story.seed,
        ))),
        malformed: MalformedListings::new(story.trouble.malformed_listings, story.seed ^ 5),
        slow: SlowLooks::new(story.seed ^ 6),
    }
}

fn tables(
    story: &Story,
    memory: &Arc<MemoryStore>,
    record: &Record,
    process: &Process,
) -> WatchedStore {
    WatchedStore {
        store: Arc::clone(memory) as Arc<dyn Store>,
        process: process.clone(),
        record: Arc::clone(record),
        dice: Arc::new(Mutex::new(TableDice {
            faults: TableFaults::default(),
            random: fastrand::Rng::with_seed(story.seed ^ 3),
            thrown: 0,
        })),
    }
}
