//! The world's clock as each process reads it, and ids that a seed repeats.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use drs_simulator::World;
use engine::ports::{Clock, Ids};
use jiff::{SignedDuration, Timestamp};

use crate::crash_points::Process;

/// The world, shared by everything in a run.
pub(crate) type SharedWorld = Arc<Mutex<World>>;

/// The time of a world, wrong by the skew of the process that reads it.
#[derive(Clone)]
pub(crate) struct WorldClock {
    pub(crate) world: SharedWorld,
    pub(crate) process: Process,
}

impl WorldClock {
    /// The true time.
    pub(crate) fn truth(&self) -> Timestamp {
        self.world
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .now()
    }
}

impl std::fmt::Debug for WorldClock {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("WorldClock")
    }
}

#[async_trait]
impl Clock for WorldClock {
    fn now(&self) -> Timestamp {
        self.truth() + self.process.skew()
    }

    async fn sleep(&self, duration: SignedDuration) {
        let until = self.truth() + duration;
        self.process.sleep_until(until).await;
    }
}

/// Ids from the seed.
#[derive(Debug)]
pub(crate) struct SeededIds(Mutex<fastrand::Rng>);

impl SeededIds {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Mutex::new(fastrand::Rng::with_seed(seed)))
    }
}

impl Ids for SeededIds {
    fn uuid(&self) -> String {
        let value = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .u128(..);
        let digits = format!("{value:032x}");
        format!(
            "{}-{}-{}-{}-{}",
            &digits[..8],
            &digits[8..12],
            &digits[12..16],
            &digits[16..20],
            &digits[20..]
        )
    }
}
