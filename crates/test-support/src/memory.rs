//! All tables in memory, for tests and for the simulation in process. It keeps every promise of
//! the stores' ports, conditions included, and on request breaks down the way tables do.

mod executions;
mod faults;
mod groups;
mod index;
mod leases;
mod ledgers;
mod listing;
mod locks;
mod outbox;
mod plans;
mod statistics;
mod tables;
mod tokens;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub use faults::{Faults, Rate};

use engine::ports::StoreError;
use faults::Chance;

/// The three tables in memory.
#[derive(Debug, Default)]
pub struct MemoryStore {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    chance: Chance,
    groups: tables::groups::Groups,
    plans: tables::plans::Plans,
    executions: tables::executions::Executions,
    locks: locks::Locks,
    leases: leases::Leases,
    ledgers: ledgers::Ledgers,
    outbox: outbox::Outbox,
    tokens: tokens::Tokens,
}

impl MemoryStore {
    /// Empty tables that never fail.
    pub fn new() -> Self {
        Self::default()
    }

    /// From now on the tables fail like this. The same seed gives the same faults to the same
    /// calls.
    pub fn inject(&self, faults: Faults, seed: u64) {
        self.state().chance = Chance::new(faults, seed);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic of another thread leaves no half-made change: all checks precede all changes.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read<T>(
        &self,
        look: impl FnOnce(&mut State) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut state = self.state();
        state.chance.may_refuse()?;
        look(&mut state)
    }

    /// A change of one item, or of several in one transaction: all of it or nothing.
    fn write<T>(
        &self,
        change: impl FnOnce(&mut State) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut state = self.state();
        state.chance.may_refuse()?;
        state.chance.may_conflict()?;
        let answer = change(&mut state)?;
        state.chance.may_lose_answer()?;
        Ok(answer)
    }
}
