//! One run: virtual time passes from one due thing to the next; machines, finder, pollers and
//! people do their part; some of them die in the middle of it.

mod people;

use std::sync::{Arc, Mutex, PoisonError};

use domain::execution::Waits;
use domain::execution::status::{Drive, Status, drive, status};
use domain::{ExecutionId, Place, RecoveryPlanId};
use drs_simulator::{Scenario, World};
use engine::drive::{Next, Park, Turn};
use engine::memory::MemoryStore;
use engine::ports::execution_store::{ExecutionFilter, StoredExecution};
use engine::ports::{Clock, PageRequest, Ports, Store};
use engine::{Engine, EngineError, Settings};
use futures::FutureExt;
use jiff::{SignedDuration, Timestamp};

use crate::checker::{Checker, lock_keys};
use crate::drs::SimulatedDrs;
use crate::interruption::Interruption;
use crate::machines::{MachineRoom, MachineState};
use crate::store::InterruptedStore;
use crate::story::{ACCOUNT, Story};
use crate::time::{SeededIds, SharedWorld, WorldClock};

/// Faults of a story end here; from then on everything must come to its end.
const CALM_AFTER: SignedDuration = SignedDuration::from_hours(4);
/// A start that died may come alive, or be undone, within this.
const FIRST_HOUR: SignedDuration = SignedDuration::from_hours(1);
/// Everything must be over by then.
const END: SignedDuration = SignedDuration::from_hours(24);
/// Steps of one run; more is a loop that gets nowhere.
const STEPS_MAX: u32 = 60_000;

/// What came of a run.
#[derive(Debug, Clone)]
pub struct Report {
    /// The story's seed.
    pub seed: u64,
    /// Laws broken.
    pub broken: Vec<String>,
    /// How each execution ended, or stands.
    pub outcomes: Vec<Status>,
    /// Invocations that died.
    pub deaths: u32,
    /// Steps taken.
    pub steps: u32,
    /// Servers of the plan.
    pub servers: usize,
    /// Why the plan could not even be started, where it could not.
    pub refused: Option<String>,
    /// The event logs of all executions, a line an entry.
    pub log: Vec<String>,
}

/// Runs a story.
///
/// # Panics
///
/// Where the story itself is wrong: its scenario or its drafts.
pub fn run(story: &Story) -> Report {
    let scenario = Scenario::parse(&story.scenario).expect("a story's scenario is valid");
    let mut stage = Stage::new(story, &scenario);
    let plan = stage.prepare(story);
    stage.play(story, &plan);
    stage.report(story)
}

struct Stage {
    world: SharedWorld,
    clock: WorldClock,
    engine: Engine,
    store: Arc<dyn Store>,
    room: MachineRoom,
    drs: SimulatedDrs,
    interruption: Interruption,
    random: fastrand::Rng,
    checker: Checker,
    begun: Timestamp,
    next_find: Timestamp,
    next_poll: Vec<(Place, Timestamp)>,
    executions: Vec<ExecutionId>,
    deaths: u32,
    steps: u32,
    tokens: u32,
    refused: Option<String>,
}

impl Stage {
    fn new(story: &Story, scenario: &Scenario) -> Self {
        let world: SharedWorld = Arc::new(Mutex::new(World::new(scenario)));
        let clock = WorldClock(Arc::clone(&world));
        let interruption = Interruption::default();
        let room = MachineRoom::new(
            clock.clone(),
            interruption.clone(),
            story.seed ^ 1,
            story.loss,
        );
        let drs = SimulatedDrs {
            world: Arc::clone(&world),
            interruption: interruption.clone(),
            late: Arc::default(),
        };
        let tables: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let behind = InterruptedStore {
            store: Arc::clone(&tables),
            interruption: interruption.clone(),
        };
        let ports = Ports {
            store: Arc::new(behind),
            drs: Arc::new(drs.clone()),
            machines: Arc::new(room.clone()),
            clock: Arc::new(clock.clone()),
            ids: Arc::new(SeededIds::new(story.seed)),
        };
        let settings = Settings {
            waits: Waits::DEFAULT,
            deploying_account: ACCOUNT.parse().expect("the account of all stories is one"),
            owner_expiry_seconds: 120,
        };
        let begun = clock.now();
        Self {
            world,
            clock,
            engine: Engine::new(ports, settings),
            store: tables,
            room,
            drs,
            interruption,
            random: fastrand::Rng::with_seed(story.seed ^ 2),
            checker: Checker::default(),
            begun,
            next_find: begun + SignedDuration::from_secs(30),
            next_poll: Vec::new(),
            executions: Vec::new(),
            deaths: 0,
            steps: 0,
            tokens: 0,
            refused: None,
        }
    }

    fn play(&mut self, story: &Story, plan: &RecoveryPlanId) {
        self.start(story, plan);
        let mut deeds = story.deeds.iter().copied().peekable();
        let calm = self.begun + CALM_AFTER;
        let mut calmed = false;
        while self.steps < STEPS_MAX {
            self.steps += 1;
            let now = self.clock.now();
            let nothing = self.executions.is_empty() && deeds.peek().is_none();
            if now > self.begun + END || (nothing && now > self.begun + FIRST_HOUR) {
                break;
            }
            if !calmed && now >= calm {
                calmed = true;
                self.calm();
            }
            if let Some((at, deed)) = deeds.peek().copied()
                && now >= self.begun + SignedDuration::from_secs(i64::from(at))
            {
                deeds.next();
                self.deed(story, plan, deed);
            } else {
                self.step(if calmed { 0.0 } else { story.death });
            }
            if calmed {
                self.settle_people();
            }
            self.check();
            if !self.checker.broken.is_empty() || (calmed && self.all_over()) {
                break;
            }
        }
        let executions = self.stored();
        let world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        self.checker.at_end(&world, &executions);
    }

    /// The next due thing.
    fn step(&mut self, death: f64) {
        self.notice();
        let now = self.clock.now();
        self.deliver_late(now);
        let machine = self.due_machine(now);
        if let Some((name, id, start)) = machine {
            self.advance(&name, &id, start, death);
        } else if now >= self.next_find {
            self.next_find = now + SignedDuration::from_secs(60);
            self.invoke(death, |stage| {
                let engine = stage.engine.clone();
                let room = stage.room.clone();
                async move { engine.find(&room).await.map(|_| ()) }
            });
            self.plan_polls(now);
        } else if let Some(place) = self.due_poll(now) {
            self.invoke(death, |stage| {
                let engine = stage.engine.clone();
                let holder = format!("poller-{}", stage.steps);
                async move {
                    engine
                        .poll(&place, &holder, SignedDuration::from_millis(1))
                        .await
                        .map(|_| ())
                }
            });
        } else {
            self.wait(now);
        }
    }

    /// Lets the world go on to the next thing that anybody waits for.
    fn wait(&mut self, now: Timestamp) {
        let mut next = self.next_find;
        for machine in self.room.lock().values() {
            match &machine.state {
                MachineState::Ready(at) | MachineState::Parked { until: at, .. } => {
                    next = next.min(*at);
                }
                MachineState::Over => {}
            }
        }
        for (_, at) in &self.next_poll {
            next = next.min(*at);
        }
        let until = next.max(now + SignedDuration::from_secs(1));
        self.world
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .advance_to(until);
    }

    /// Launch results wake a poller, most of the time.
    fn notice(&mut self) {
        let notices = self
            .world
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take_notices();
        let now = self.clock.now();
        for notice in notices {
            let (Ok(account), Ok(region)) = (notice.account.parse(), notice.region.parse()) else {
                continue;
            };
            if self.random.f64() < 0.8 {
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
        let places = std::mem::take(
            &mut *self
                .room
                .places
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        );
        for place in places {
            self.schedule_poll(place, now);
        }
    }

    fn due_poll(&mut self, now: Timestamp) -> Option<Place> {
        let index = self.next_poll.iter().position(|(_, at)| *at <= now)?;
        Some(self.next_poll.swap_remove(index).0)
    }

    fn due_machine(&self, now: Timestamp) -> Option<(String, ExecutionId, u32)> {
        let machines = self.room.lock();
        machines
            .iter()
            .filter_map(|(name, machine)| match &machine.state {
                MachineState::Ready(at) if *at <= now => Some((*at, name, machine)),
                MachineState::Parked { until, .. } if *until <= now => {
                    Some((*until, name, machine))
                }
                MachineState::Ready(_) | MachineState::Parked { .. } | MachineState::Over => None,
            })
            .min_by_key(|(at, ..)| *at)
            .map(|(_, name, machine)| (name.clone(), machine.execution.clone(), machine.start))
    }

    /// Advance, then Park: two invocations, each of which may die. A dead Advance is tried
    /// again by the machine; sometimes the machine itself is gone.
    fn advance(&mut self, name: &str, id: &ExecutionId, start: u32, death: f64) {
        let engine = self.engine.clone();
        let own = id.clone();
        let turn = Turn {
            start,
            earlier: self.turn_of(name),
        };
        let driven = self.invoke(
            death,
            move |_| async move { engine.drive(&own, turn).await },
        );
        let now = self.clock.now();
        let state = match driven {
            None | Some(Err(_)) if self.random.f64() < death * 0.2 => MachineState::Over,
            None | Some(Err(_)) => MachineState::Ready(now + SignedDuration::from_secs(2)),
            Some(Ok(driven)) => match driven.next {
                Next::Ended | Next::Continue => MachineState::Over,
                Next::Wait => self.park(id, driven.version, Park::Brief, name, death),
                Next::Hold => self.park(id, driven.version, Park::Long, name, death),
            },
        };
        if let Some(machine) = self.room.lock().get_mut(name) {
            machine.state = state;
        }
    }

    /// The turns that a machine has had; it has one more now.
    fn turn_of(&self, name: &str) -> u32 {
        let mut machines = self.room.lock();
        machines.get_mut(name).map_or(0, |machine| {
            machine.turns += 1;
            machine.turns - 1
        })
    }

    fn park(
        &mut self,
        id: &ExecutionId,
        version: u64,
        park: Park,
        name: &str,
        death: f64,
    ) -> MachineState {
        self.tokens += 1;
        let token = format!("token-{}", self.tokens);
        let now = self.clock.now();
        let seconds = match park {
            Park::Brief => 20,
            Park::Long => 900,
        };
        let until = now + SignedDuration::from_secs(seconds);
        if let Some(machine) = self.room.lock().get_mut(name) {
            machine.state = MachineState::Parked {
                token: token.clone(),
                until,
            };
        }
        let engine = self.engine.clone();
        let own = id.clone();
        let sent = token.clone();
        self.invoke(death, move |_| async move {
            engine.park(&own, version, park, &sent).await
        });
        let machines = self.room.lock();
        machines
            .get(name)
            .map_or(MachineState::Over, |machine| machine.state.clone())
    }

    /// One invocation; nothing where it died.
    fn invoke<F, T>(
        &mut self,
        death: f64,
        call: impl FnOnce(&Self) -> F,
    ) -> Option<Result<T, EngineError>>
    where
        F: Future<Output = Result<T, EngineError>>,
    {
        if self.random.f64() < death {
            self.interruption.arm(self.random.u32(..60));
        }
        let answer = call(self).now_or_never();
        self.interruption.disarm();
        if answer.is_none() {
            self.deaths += 1;
        }
        answer
    }

    fn deliver_late(&self, now: Timestamp) {
        let mut late = self.drs.late.lock().unwrap_or_else(PoisonError::into_inner);
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        late.retain(|(at, caller, request)| {
            if *at > now {
                return true;
            }
            // Nobody waits for this answer any more.
            let _unheard = world.request_delayed(caller, request);
            false
        });
    }

    fn know(&mut self, id: &ExecutionId) {
        if !self.executions.contains(id) {
            self.executions.push(id.clone());
        }
    }

    fn calm(&mut self) {
        self.world
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear_rules();
    }

    fn stored(&self) -> Vec<StoredExecution> {
        let filter = ExecutionFilter::default();
        let page = PageRequest {
            limit: 100,
            after: None,
        };
        let listed = self.store.list_executions(&filter, &page).now_or_never();
        let ids = listed
            .and_then(Result::ok)
            .map(|listing| listing.items)
            .unwrap_or_default();
        ids.iter()
            .filter_map(|summary| {
                self.store
                    .execution(&summary.id)
                    .now_or_never()?
                    .ok()
                    .flatten()
            })
            .collect()
    }

    fn check(&mut self) {
        let executions = self.stored();
        for stored in &executions {
            self.know(&stored.execution.head.id);
        }
        let keys = lock_keys(&executions);
        let locks = self
            .store
            .lock_owners(&keys)
            .now_or_never()
            .and_then(Result::ok)
            .unwrap_or_default();
        let world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        self.checker.after_step(&world, &executions, &locks);
    }

    fn all_over(&self) -> bool {
        self.stored()
            .iter()
            .all(|stored| stored.execution.has_ended() && drive(&stored.execution) != Drive::Soon)
    }

    fn report(self, story: &Story) -> Report {
        let log = self.log();
        let outcomes = self
            .stored()
            .iter()
            .map(|stored| status(&stored.execution))
            .collect();
        Report {
            seed: story.seed,
            broken: self.checker.broken,
            outcomes,
            deaths: self.deaths,
            steps: self.steps,
            servers: story.groups.iter().map(|group| group.servers.len()).sum(),
            refused: self.refused,
            log,
        }
    }

    fn log(&self) -> Vec<String> {
        let page = PageRequest {
            limit: 10_000,
            after: None,
        };
        let mut lines = Vec::new();
        for id in &self.executions {
            let events = self
                .store
                .events(id, &page)
                .now_or_never()
                .and_then(Result::ok);
            for event in events.map(|listing| listing.items).unwrap_or_default() {
                let wave = event
                    .note
                    .wave
                    .map_or_else(String::new, |wave| format!("[{wave}]"));
                lines.push(format!("{} {wave} {}", event.at, event.note.text));
            }
        }
        lines
    }
}
