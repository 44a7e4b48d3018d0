//! What follows from an event.

use crate::execution::model::effect::Effect;
use crate::execution::model::execution::Execution;
use crate::execution::model::ledger::Ledger;
use crate::execution::model::note::Note;
use crate::execution::model::notice::Notice;
use crate::place::Place;

/// What follows from an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The execution as it is from now on.
    pub next: Execution,
    /// What its event log gets.
    pub notes: Vec<Note>,
    /// What is to be done once `next` is saved.
    pub effects: Vec<Effect>,
    /// What somebody is to be told; saved with `next`, and sent after.
    pub notices: Vec<Notice>,
    /// The ledger that is saved with `next`, or not at all.
    pub ledger: Option<LedgerChange>,
}

/// A ledger as it is from now on, where it still stands as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerChange {
    /// Whose ledger.
    pub place: Place,
    /// The version that was read.
    pub read: u64,
    /// The new one.
    pub ledger: Ledger,
}
