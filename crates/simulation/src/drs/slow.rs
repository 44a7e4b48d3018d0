//! Looks whose answers come late, so that others have gone on meanwhile (F25).

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Most seconds that an answer is late; its caller waits for fewer.
const LATE_MAX: u64 = 35;

/// The dice that say which answer is late.
#[derive(Debug, Clone)]
pub(crate) struct SlowLooks(Arc<Mutex<Dice>>);

#[derive(Debug)]
struct Dice {
    share: f64,
    random: fastrand::Rng,
}

impl SlowLooks {
    /// Every answer comes at once, until a share of them does not.
    pub(crate) fn new(seed: u64) -> Self {
        let random = fastrand::Rng::with_seed(seed);
        let share = 0.0;
        Self(Arc::new(Mutex::new(Dice { share, random })))
    }

    /// From now on this share of answers is late.
    pub(crate) fn set(&self, share: f64) {
        self.lock().share = share;
    }

    /// How late the next answer is, where it is late.
    pub(crate) fn next(&self) -> Option<Duration> {
        let mut dice = self.lock();
        if dice.share <= 0.0 || dice.random.f64() >= dice.share {
            return None;
        }
        Some(Duration::from_secs(dice.random.u64(1..=LATE_MAX)))
    }

    fn lock(&self) -> MutexGuard<'_, Dice> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
