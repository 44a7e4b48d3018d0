//! State machines that keep time, some of whose wakes are lost.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use domain::{ExecutionId, Place};
use engine::ports::execution_store::OutboxEntry;
use engine::ports::machines::{MachineError, Started, Woken};
use engine::ports::notifier::{Notifier, NotifyError};
use engine::ports::{Machines, Pollers};
use jiff::Timestamp;

use crate::crash_points::{Edge, Process};
use crate::time::WorldClock;

/// One state machine.
#[derive(Debug, Clone)]
pub(crate) struct Machine {
    pub(crate) execution: ExecutionId,
    pub(crate) start: u32,
    pub(crate) turns: u32,
    pub(crate) state: MachineState,
}

#[derive(Debug, Clone)]
pub(crate) enum MachineState {
    /// Calls Advance at this time.
    Ready(Timestamp),
    /// Waits for the answer of this invocation, and no longer than until then.
    Invoking { process: u64, until: Timestamp },
    /// Waits under a token until this time.
    Parked { token: String, until: Timestamp },
    /// Over.
    Over,
}

impl MachineState {
    /// Whether it waits for the answer of this process.
    pub(crate) fn waits_for(&self, number: u64) -> bool {
        matches!(self, Self::Invoking { process, .. } if *process == number)
    }
}

/// All machines of a run.
#[derive(Debug, Clone)]
pub(crate) struct MachineRoom {
    machines: Arc<Mutex<BTreeMap<String, Machine>>>,
    clock: WorldClock,
    process: Process,
    random: Arc<Mutex<fastrand::Rng>>,
    loss: Arc<Mutex<f64>>,
    places: Arc<Mutex<Vec<Place>>>,
}

impl MachineRoom {
    pub(crate) fn new(clock: WorldClock, process: Process, seed: u64, loss: f64) -> Self {
        Self {
            machines: Arc::default(),
            clock,
            process,
            random: Arc::new(Mutex::new(fastrand::Rng::with_seed(seed))),
            loss: Arc::new(Mutex::new(loss)),
            places: Arc::default(),
        }
    }

    /// A machine is met at any age, so that some hand over to a fresh one soon.
    fn age(&self) -> u32 {
        self.random
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .u32(..1_010)
    }

    fn is_lost(&self) -> bool {
        self.random
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .f64()
            < *self.loss.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on nothing is lost.
    pub(crate) fn calm(&self) {
        *self.loss.lock().unwrap_or_else(PoisonError::into_inner) = 0.0;
    }

    /// The places that pollers were asked for since this was last asked.
    pub(crate) fn take_places(&self) -> Vec<Place> {
        std::mem::take(&mut *self.places.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Machine>> {
        self.machines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Machines for MachineRoom {
    async fn start(&self, execution: &ExecutionId, start: u32) -> Result<Started, MachineError> {
        self.process
            .crash_point("StartExecution", Edge::Before)
            .await;
        if self.is_lost() {
            return Err(MachineError("the machine room does not answer".to_owned()));
        }
        let (now, turns) = (self.clock.truth(), self.age());
        let started = {
            let mut machines = self.lock();
            let name = format!("{execution}-{start}");
            match machines.get(&name) {
                Some(Machine {
                    state: MachineState::Over,
                    ..
                }) => Started::OverAlready,
                Some(_) => Started::Running,
                None => {
                    let state = MachineState::Ready(now);
                    machines.insert(
                        name,
                        Machine {
                            execution: execution.clone(),
                            start,
                            turns,
                            state,
                        },
                    );
                    Started::Running
                }
            }
        };
        self.process
            .crash_point("StartExecution", Edge::After)
            .await;
        Ok(started)
    }

    async fn wake(&self, token: &str) -> Result<Woken, MachineError> {
        self.process
            .crash_point("SendTaskSuccess", Edge::Before)
            .await;
        let lost = self.is_lost();
        let now = self.clock.truth();
        let woken = {
            let mut machines = self.lock();
            let parked = machines.values_mut().find(|machine| {
                matches!(&machine.state, MachineState::Parked { token: own, .. } if own == token)
            });
            match parked {
                None => Woken::Gone,
                // The wake is said to have worked and has not: the time limit must do.
                Some(_) if lost => Woken::Woken,
                Some(machine) => {
                    machine.state = MachineState::Ready(now);
                    Woken::Woken
                }
            }
        };
        self.process
            .crash_point("SendTaskSuccess", Edge::After)
            .await;
        Ok(woken)
    }
}

#[async_trait]
impl Pollers for MachineRoom {
    async fn invoke(&self, place: &Place) -> Result<(), MachineError> {
        self.process.crash_point("Invoke", Edge::Before).await;
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if !places.contains(place) {
            places.push(place.clone());
        }
        Ok(())
    }
}

/// Whoever is told anything hears it: nothing that the stories are about depends on it.
#[async_trait]
impl Notifier for MachineRoom {
    async fn send(&self, _entry: &OutboxEntry) -> Result<(), NotifyError> {
        self.process.crash_point("PutEvents", Edge::Before).await;
        Ok(())
    }
}
