//! The engine over the simulator's world, in one process and on virtual time.
//!
//! A seed makes a story, which is one scenario: a fleet, plans, faults, commands, and what befalls
//! processes. Any number of invocations run at the same time and take turns at every call of a port,
//! as the seed says. After every step a checker that shares no code with the engine asks the world's
//! own record whether a law was broken. Only the seed is random: the same seed is the same history.

pub mod checker;
mod crash_points;
mod drs;
mod facts;
mod latest;
mod machines;
pub mod run;
mod store;
pub mod story;
pub mod sweep;
mod time;
mod translation;

pub use crash_points::{CrashPoint, Edge};
pub use run::{Report, run, run_with_trace};
pub use story::Story;
