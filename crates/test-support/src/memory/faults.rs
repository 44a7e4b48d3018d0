//! How the tables in memory fail: by chance, and repeatably.

use engine::ports::StoreError;

/// How often something happens, of a thousand times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rate(pub u16);

/// What goes wrong with the tables, and how often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Faults {
    /// A call fails with [`StoreError::Unavailable`], and nothing was done.
    pub unavailable: Rate,
    /// A write fails with [`StoreError::Unavailable`] because a transaction was in its way for
    /// too long; nothing was done.
    pub conflict: Rate,
    /// A write fails with [`StoreError::Unavailable`], and all of it was done.
    pub lost_answer: Rate,
    /// A read of the plans of a group fails, as it does for whoever has no right to their table.
    pub plans_of_group_denied: Rate,
    /// Reads of an index miss up to this many of the latest writes. What was seen stays seen.
    pub index_lag: usize,
}

/// The dice. The generator is its own, so that nobody else's draws change what it gives.
#[derive(Debug, Default)]
pub(super) struct Chance {
    faults: Faults,
    state: u64,
}

impl Chance {
    pub(super) fn new(faults: Faults, seed: u64) -> Self {
        Self {
            faults,
            state: seed,
        }
    }

    pub(super) fn may_refuse(&mut self) -> Result<(), StoreError> {
        self.may_fail(self.faults.unavailable, "injected: it cannot be reached")
    }

    pub(super) fn may_deny_plans_of_group(&mut self) -> Result<(), StoreError> {
        self.may_fail(
            self.faults.plans_of_group_denied,
            "injected: no right to the table of plans",
        )
    }

    pub(super) fn may_conflict(&mut self) -> Result<(), StoreError> {
        self.may_fail(
            self.faults.conflict,
            "injected: a transaction is in the way",
        )
    }

    pub(super) fn may_lose_answer(&mut self) -> Result<(), StoreError> {
        self.may_fail(
            self.faults.lost_answer,
            "injected: done, but the answer was lost",
        )
    }

    /// How many writes the next read of an index misses.
    pub(super) fn lag(&mut self) -> usize {
        match self.faults.index_lag {
            0 => 0,
            most => usize::try_from(self.draw() % (most as u64 + 1)).unwrap_or(most),
        }
    }

    fn may_fail(&mut self, rate: Rate, text: &str) -> Result<(), StoreError> {
        if rate.0 > 0 && self.draw() % 1_000 < u64::from(rate.0) {
            return Err(StoreError::Unavailable(text.to_owned()));
        }
        Ok(())
    }

    /// `SplitMix64`.
    fn draw(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
