//! A simulator of AWS Elastic Disaster Recovery: a deterministic world with a clock of its own,
//! and (feature `server`) an HTTP server that speaks the wire of DRS over it.
//!
//! The world is a value: time is given to it, randomness comes from a seed, and equal calls give
//! equal histories. It shares no code with what it judges.

mod call;
mod error;
mod journal;
mod scenario_files;
mod validation;
mod world;

pub mod scenario;
#[cfg(feature = "server")]
pub mod server;
pub mod wire;

pub use call::{Caller, OPERATIONS, Operation, OperationKind, Reply, WireAnswer};
pub use error::{ApiError, ErrorDetails, ErrorName, InvalidField, ValidationReason};
pub use journal::{Journal, JournalEntry};
pub use scenario::{Scenario, ScenarioError};
pub use scenario_files::DEMO_SCENARIO;
#[cfg(feature = "planted-defects")]
pub use world::Defect;
pub use world::{
    ControlError, ForcedOutcome, InstanceRecord, JobRecord, LaunchNotice, LaunchResult, Until,
    Verdict, Violation, ViolationKind, World,
};
