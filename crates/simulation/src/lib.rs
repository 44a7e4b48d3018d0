//! The engine over the simulator's world, in one process and on virtual time.
//!
//! A seed is a story: a fleet, a plan, faults, commands, and the moments at which processes
//! die. After every step a checker that shares no code with the engine asks the world's own
//! record whether a law was broken. Only the seed is random: the same seed is the same history.

pub mod checker;
mod drs;
mod interruption;
mod machines;
pub mod run;
mod store;
pub mod story;
mod time;

pub use run::{Report, run};
pub use story::Story;
