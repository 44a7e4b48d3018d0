//! What was decided, done.
//!
//! Use cases over ports. [`advance`] is the only writer of executions: load, decide, save if
//! nobody else did, do what was decided, and feed what came of it back as events.

pub mod error;
pub mod ports;

pub use error::{About, EngineError, InvalidCode, RefusalCode, Refused};
