//! An execution: one run of a plan, as a value, and the one function that decides about it.
//!
//! Three floors: the *model* is what it is, the *queries* say what follows from that, and the
//! *transition* says what it becomes. Each imports those before it, and none imports upward.

pub mod creation;
mod model;
pub mod queries;
mod transition;

pub use model::{
    batch, batch_state, clean_up, command, decision, effect, event, ledger, note, notice, outcome,
    refusal, server, take_over, wave,
};

pub use model::batch::{Batch, BatchReference, Fence};
pub use model::batch_state::BatchState;
pub use model::clean_up::CleanUp;
pub use model::command::Command;
pub use model::course::{Course, StopCause};
pub use model::decision::Decision;
pub use model::effect::Effect;
pub use model::event::Event;
pub use model::execution::{Ending, Execution, Head, Observation, PlanReference};
pub use model::lock::Lock;
pub use model::note::{Note, NoteCode};
pub use model::outcome::{Outcome, WaveOutcome};
pub use model::refusal::Refusal;
pub use model::server::{Server, ServerState};
pub use model::waits::Waits;
pub use model::wave::{Gate, Wave, WaveState};
pub use queries::status::Status;
pub use transition::decide;
