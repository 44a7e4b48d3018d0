//! Where and when the fakes are.

use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use domain::Place;
use engine::ports::Clock;
use jiff::{SignedDuration, Timestamp};

/// The account that the bench is deployed in.
pub const ACCOUNT: &str = "111122223333";

/// A Region where DRS is initialised.
pub const REGION: &str = "us-west-2";

/// The account and Region of the bench.
///
/// # Panics
///
/// Never: both texts have the form that is asked for.
pub fn place() -> Place {
    Place {
        account: ACCOUNT.parse().expect("twelve digits"),
        region: REGION.parse().expect("a Region"),
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A clock that moves when it is told to, and when somebody sleeps by it.
#[derive(Debug)]
pub struct SetClock(Mutex<Timestamp>);

impl SetClock {
    /// Moves on.
    pub fn advance(&self, duration: SignedDuration) {
        let mut now = lock(&self.0);
        *now += duration;
    }
}

impl Default for SetClock {
    /// 23 November 2026, 09:00 UTC.
    fn default() -> Self {
        let second = 1_795_424_400;
        Self(Mutex::new(
            Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH),
        ))
    }
}

#[async_trait]
impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        *lock(&self.0)
    }

    async fn sleep(&self, duration: SignedDuration) {
        self.advance(duration);
    }
}
