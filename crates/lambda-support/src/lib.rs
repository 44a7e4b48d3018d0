//! What the functions share: settings that are read once, log lines, and errors that the state
//! machine knows by name.

pub mod environment;
pub mod failure;
#[cfg(feature = "fakes")]
pub mod fakes;
pub mod panic;
pub mod settings;
pub mod telemetry;

pub use environment::{Environment, EnvironmentError};
pub use failure::{Failure, FailureKind};
pub use settings::EngineSettings;
