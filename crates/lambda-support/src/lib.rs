//! What the functions share: settings that are read once, log lines, and errors that the state
//! machine knows by name.

#[cfg(feature = "ports")]
pub mod connected;
pub mod environment;
pub mod failure;
pub mod panic;
#[cfg(feature = "replica")]
pub mod replica;
pub mod settings;
pub mod telemetry;

#[cfg(feature = "ports")]
pub use connected::Connected;
pub use environment::{Environment, EnvironmentError};
pub use failure::{Failure, FailureKind};
pub use settings::EngineSettings;

/// The first thing of every function: its log, what is logged of a panic, and its environment.
pub fn begin() -> Environment {
    let mut environment = Environment::of_process();
    let level: Option<String> = environment.optional("LOG_LEVEL");
    telemetry::start(level.as_deref());
    panic::log_place_only();
    environment
}
