//! What all requests share: the world, its scenario, and the task that keeps its clock.

use crate::call::{Caller, Reply, WireAnswer};
use crate::scenario::{ClockMode, Scenario};
use crate::server::callers::Callers;
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
    pub(super) callers: Callers,
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
            callers: Callers::default(),
            changed: Notify::new(),
        }
    }

    /// Does something with the world as it is now, and publishes what came of it.
    pub(super) async fn with_world<T: Send + 'static>(
        self: &Arc<Self>,
        act: impl FnOnce(&mut World) -> T + Send + 'static,
    ) -> T {
        let shared = Arc::clone(self);
        apart(move || shared.act_now(act)).await
    }

    fn act_now<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
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
    pub(super) async fn restart(self: &Arc<Self>, scenario: Option<Scenario>) {
        let shared = Arc::clone(self);
        apart(move || {
            let mut inner = shared.lock();
            if let Some(scenario) = scenario {
                inner.scenario = with_scale(scenario, shared.time_scale);
            }
            inner.world = new_world(&inner.scenario);
            shared.changed.notify_one();
        })
        .await;
    }

    pub(super) async fn clock(self: &Arc<Self>) -> (ClockMode, u32) {
        let shared = Arc::clone(self);
        let clock = apart(move || shared.lock().scenario.clock).await;
        (clock.mode, clock.divisor())
    }

    /// When a scaled world goes on by itself.
    async fn next_event_at(self: &Arc<Self>) -> Option<Timestamp> {
        let shared = Arc::clone(self);
        apart(move || {
            let inner = shared.lock();
            match inner.scenario.clock.mode {
                ClockMode::Manual => None,
                ClockMode::Scaled => inner.world.next_event_at(),
            }
        })
        .await
    }

    /// A request of a client, delayed as a rule may want it.
    pub(super) async fn call(
        self: &Arc<Self>,
        caller: Caller,
        operation: &str,
        body: Value,
    ) -> Option<WireAnswer> {
        let operation = operation.to_owned();
        let first = {
            let (caller, operation, body) = (caller.clone(), operation.clone(), body.clone());
            self.with_world(move |world| world.call(&caller, &operation, &body))
        };
        match first.await {
            Reply::Answered(answer) => Some(answer),
            Reply::Lost => None,
            Reply::Held { hold, answer } => {
                tokio::time::sleep(hold).await;
                Some(answer)
            }
            Reply::Postponed { hold } => {
                // The request is on its way even when its caller has hung up, so it gets a task.
                let shared = Arc::clone(self);
                let arrival = tokio::spawn(async move {
                    tokio::time::sleep(hold).await;
                    shared
                        .with_world(move |world| world.call_delayed(&caller, &operation, &body))
                        .await
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

/// Computes on a thread of its own: a world may compute for long, and the threads of the runtime
/// are needed for other connections and for the signal that ends the program.
pub(super) async fn apart<T: Send + 'static>(compute: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(compute).await {
        Ok(result) => result,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime is ending, and nobody waits for this any more.
            Err(_) => std::future::pending().await,
        },
    }
}

/// Lets a scaled world happen while nobody asks, so that its launch results are published.
pub(super) async fn follow_the_clock(shared: Arc<Shared>) {
    loop {
        let Some(next) = shared.next_event_at().await else {
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
            shared.with_world(|_| ()).await;
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
