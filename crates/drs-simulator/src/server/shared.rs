//! What all requests share: the world, its scenario, and the task that keeps its clock.

use crate::call::{Caller, Reply, WireAnswer};
use crate::scenario::{ClockMode, Scenario};
use crate::server::events::Outbox;
use crate::world::World;
use jiff::Timestamp;
use serde_json::Value;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

pub(super) struct Shared {
    inner: Mutex<Inner>,
    /// A scale of the command line; it goes before that of any scenario.
    time_scale: Option<u32>,
    outbox: Option<Outbox>,
    /// Something was done to the world, so that its next event may be another one.
    changed: Notify,
}

struct Inner {
    world: World,
    scenario: Scenario,
}

impl Shared {
    pub(super) fn new(scenario: Scenario, time_scale: Option<u32>, outbox: Option<Outbox>) -> Self {
        let scenario = with_scale(scenario, time_scale);
        let world = new_world(&scenario);
        Self {
            inner: Mutex::new(Inner { world, scenario }),
            time_scale,
            outbox,
            changed: Notify::new(),
        }
    }

    /// Does something with the world as it is now, and publishes what came of it.
    pub(super) fn with_world<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        let mut inner = self.lock();
        let inner = &mut *inner;
        if inner.scenario.clock.mode == ClockMode::Scaled {
            inner.world.advance_to(wall_clock());
        }
        let result = act(&mut inner.world);
        let notices = inner.world.take_notices();
        if let Some(outbox) = &self.outbox {
            outbox.put(notices);
        }
        self.changed.notify_one();
        result
    }

    /// Starts anew: from another scenario, or from the one that is in use.
    pub(super) fn restart(&self, scenario: Option<Scenario>) {
        let mut inner = self.lock();
        if let Some(scenario) = scenario {
            inner.scenario = with_scale(scenario, self.time_scale);
        }
        inner.world = new_world(&inner.scenario);
        self.changed.notify_one();
    }

    pub(super) fn clock(&self) -> (ClockMode, u32) {
        let clock = self.lock().scenario.clock;
        (clock.mode, clock.divisor())
    }

    /// A request of a client, delayed as a rule may want it.
    pub(super) async fn call(
        self: &Arc<Self>,
        caller: Caller,
        operation: &str,
        body: Value,
    ) -> Option<WireAnswer> {
        match self.with_world(|world| world.call(&caller, operation, &body)) {
            Reply::Answered(answer) => Some(answer),
            Reply::Lost => None,
            Reply::Held { hold, answer } => {
                tokio::time::sleep(hold).await;
                Some(answer)
            }
            Reply::Postponed { hold } => {
                // The request is on its way even when its caller has hung up, so it gets a task.
                let (shared, operation) = (Arc::clone(self), operation.to_owned());
                let arrival = tokio::spawn(async move {
                    tokio::time::sleep(hold).await;
                    shared.with_world(|world| world.call_delayed(&caller, &operation, &body))
                });
                match arrival.await {
                    Ok(Reply::Answered(answer) | Reply::Held { answer, .. }) => Some(answer),
                    Ok(Reply::Lost | Reply::Postponed { .. }) | Err(_) => None,
                }
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A panic of another request leaves a world that is still a value; tests want to see it.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets a scaled world happen while nobody asks, so that its launch results are published.
pub(super) async fn follow_the_clock(shared: Arc<Shared>) {
    loop {
        let next = match shared.clock().0 {
            ClockMode::Manual => None,
            ClockMode::Scaled => shared.lock().world.next_event_at(),
        };
        let Some(next) = next else {
            shared.changed.notified().await;
            continue;
        };
        let wait = next.duration_since(wall_clock());
        if wait.is_positive() {
            tokio::select! {
                () = tokio::time::sleep(wait.unsigned_abs()) => {}
                () = shared.changed.notified() => {}
            }
        } else {
            shared.with_world(|_| ());
        }
    }
}

fn new_world(scenario: &Scenario) -> World {
    match scenario.clock.mode {
        ClockMode::Manual => World::new(scenario),
        ClockMode::Scaled => World::starting_at(scenario, wall_clock()),
    }
}

fn with_scale(mut scenario: Scenario, time_scale: Option<u32>) -> Scenario {
    if let Some(scale) = time_scale {
        scenario.clock.mode = ClockMode::Scaled;
        scenario.clock.scale = scale;
    }
    scenario
}

/// The time of the machine, in whole milliseconds as DRS writes them.
#[expect(
    clippy::disallowed_methods,
    reason = "the server is the edge at which wall time enters"
)]
pub(super) fn wall_clock() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}
