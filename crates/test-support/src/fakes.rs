//! The engine over tables in memory, a DRS that behaves and a clock that is set: for the tests
//! of the functions.

mod drill;
mod drs;
mod world;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use crate::memory::MemoryStore;
use async_trait::async_trait;
use domain::execution::Waits;
use domain::{ExecutionId, Place};
use engine::ports::execution_store::OutboxEntry;
use engine::ports::machines::{MachineError, Started, Woken};
use engine::ports::notifier::{Notifier, NotifyError};
use engine::ports::replica::{ExportedText, Replica, ReplicaError};
use engine::ports::{Ids, Machines, Pollers, Ports};
use engine::{Engine, Settings};

pub use drs::{FakeDrs, Operation, server, server_id};
pub use world::{ACCOUNT, REGION, SetClock, place};

use world::lock;

/// The engine with handles on all that it is given.
#[derive(Debug, Clone)]
pub struct Bench {
    /// The use cases.
    pub engine: Engine,
    /// The tables.
    pub store: Arc<MemoryStore>,
    /// DRS.
    pub drs: Arc<FakeDrs>,
    /// The state machines and the pollers.
    pub machines: Arc<FakeMachines>,
    /// Whom notices are sent to.
    pub notifier: Arc<FakeNotifier>,
    /// The time.
    pub clock: Arc<SetClock>,
}

impl Bench {
    /// Empty tables, and a DRS without servers.
    pub fn new() -> Self {
        let store = Arc::new(MemoryStore::new());
        let clock = Arc::new(SetClock::default());
        let drs = Arc::new(FakeDrs::new(clock.clone()));
        let machines = Arc::new(FakeMachines::default());
        let ports = Ports {
            store: store.clone(),
            drs: drs.clone(),
            ec2: drs.clone(),
            machines: machines.clone(),
            clock: clock.clone(),
            ids: Arc::new(CountedIds::default()),
        };
        let settings = Settings {
            waits: Waits::DEFAULT,
            deploying_account: place().account,
            owner_expiry_seconds: 120,
        };
        Self {
            engine: Engine::new(ports, settings),
            store,
            drs,
            machines,
            notifier: Arc::default(),
            clock,
        }
    }
}

impl Default for Bench {
    fn default() -> Self {
        Self::new()
    }
}

/// Ids that count.
#[derive(Debug, Default)]
pub struct CountedIds(AtomicU64);

impl Ids for CountedIds {
    fn uuid(&self) -> String {
        let number = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        format!("00000000-0000-4000-8000-{number:012x}")
    }
}

/// State machines and pollers that only note what is asked of them.
#[derive(Debug, Default)]
pub struct FakeMachines {
    started: Mutex<Vec<(ExecutionId, u32)>>,
    woken: Mutex<Vec<String>>,
    polled: Mutex<Vec<Place>>,
    refusing: AtomicBool,
    silent: AtomicBool,
}

impl FakeMachines {
    /// From now on the start of a machine gets no answer.
    pub fn be_silent(&self) {
        self.silent.store(true, Ordering::Relaxed);
    }

    /// From now on no machine can be started.
    pub fn refuse(&self) {
        self.refusing.store(true, Ordering::Relaxed);
    }

    /// The machines that were started.
    pub fn started(&self) -> Vec<(ExecutionId, u32)> {
        lock(&self.started).clone()
    }

    /// The tokens that were answered.
    pub fn woken(&self) -> Vec<String> {
        lock(&self.woken).clone()
    }

    /// The places that a poller was asked for.
    pub fn polled(&self) -> Vec<Place> {
        lock(&self.polled).clone()
    }
}

#[async_trait]
impl Machines for FakeMachines {
    async fn start(&self, execution: &ExecutionId, start: u32) -> Result<Started, MachineError> {
        if self.silent.load(Ordering::Relaxed) {
            return std::future::pending().await;
        }
        if self.refusing.load(Ordering::Relaxed) {
            return Err(MachineError("the service is not available".to_owned()));
        }
        lock(&self.started).push((execution.clone(), start));
        Ok(Started::Running)
    }

    async fn wake(&self, token: &str) -> Result<Woken, MachineError> {
        lock(&self.woken).push(token.to_owned());
        Ok(Woken::Woken)
    }
}

#[async_trait]
impl Pollers for FakeMachines {
    async fn invoke(&self, place: &Place) -> Result<(), MachineError> {
        lock(&self.polled).push(place.clone());
        Ok(())
    }
}

/// A bus that keeps what it is given, and can refuse it.
#[derive(Debug, Default)]
pub struct FakeNotifier {
    sent: Mutex<Vec<OutboxEntry>>,
    refusing: AtomicBool,
}

impl FakeNotifier {
    /// What was sent.
    pub fn sent(&self) -> Vec<OutboxEntry> {
        lock(&self.sent).clone()
    }

    /// Whether it takes notices from now on.
    pub fn set_refusing(&self, answer: Refusing) {
        self.refusing
            .store(answer == Refusing::Yes, Ordering::Relaxed);
    }
}

/// A bucket in another Region that keeps every export, and can refuse them.
#[derive(Debug, Default)]
pub struct FakeReplica {
    written: Mutex<Vec<ExportedText>>,
    refusing: AtomicBool,
}

impl FakeReplica {
    /// Every export that was written, oldest first.
    pub fn written(&self) -> Vec<ExportedText> {
        lock(&self.written).clone()
    }

    /// Whether it can be reached from now on.
    pub fn set_refusing(&self, answer: Refusing) {
        self.refusing
            .store(answer == Refusing::Yes, Ordering::Relaxed);
    }

    fn answer(&self) -> Result<MutexGuard<'_, Vec<ExportedText>>, ReplicaError> {
        if self.refusing.load(Ordering::Relaxed) {
            return Err(ReplicaError("the Region does not answer".to_owned()));
        }
        Ok(lock(&self.written))
    }
}

#[async_trait]
impl Replica for FakeReplica {
    async fn digest(&self) -> Result<Option<String>, ReplicaError> {
        let written = self.answer()?;
        Ok(written.last().map(|export| export.digest.clone()))
    }

    async fn put(&self, export: &ExportedText) -> Result<(), ReplicaError> {
        self.answer()?.push(export.clone());
        Ok(())
    }
}

/// Whether a fake refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusing {
    /// It does.
    Yes,
    /// It takes everything.
    No,
}

#[async_trait]
impl Notifier for FakeNotifier {
    async fn send(&self, entry: &OutboxEntry) -> Result<(), NotifyError> {
        if self.refusing.load(Ordering::Relaxed) {
            return Err(NotifyError("the bus does not answer".to_owned()));
        }
        lock(&self.sent).push(entry.clone());
        Ok(())
    }
}
