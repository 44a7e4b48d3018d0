//! What another execution takes of this one.

use crate::ids::{ExecutionId, SourceServerId};
use crate::place::Place;

/// What is taken, by whom, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakeOver {
    /// The recovery that takes it.
    pub to: ExecutionId,
    /// Who starts that.
    pub by: String,
    /// Why, in their words.
    pub reason: String,
    /// The servers whose locks it takes.
    pub servers: Vec<(Place, SourceServerId)>,
    /// How far it is.
    pub progress: TakeOverProgress,
}

/// How far a take-over is. Of several recoveries that begin at once one gets the locks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakeOverProgress {
    /// The recovery is about to take the locks: nothing more starts here.
    Announced,
    /// The recovery has the locks.
    Done,
}
