//! The world's clock, and ids that a seed repeats.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use drs_simulator::World;
use engine::ports::{Clock, Ids};
use jiff::{SignedDuration, Timestamp};

/// The world, shared by everything in a run.
pub(crate) type SharedWorld = Arc<Mutex<World>>;

/// The time of a world. Whoever sleeps lets the world go on.
#[derive(Clone)]
pub(crate) struct WorldClock(pub(crate) SharedWorld);

impl std::fmt::Debug for WorldClock {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("WorldClock")
    }
}

#[async_trait]
impl Clock for WorldClock {
    fn now(&self) -> Timestamp {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).now()
    }

    async fn sleep(&self, duration: SignedDuration) {
        let mut world = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let until = world.now() + duration;
        world.advance_to(until);
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
