//! State machines, which keep time for executions, and pollers, which look for them.

use std::fmt::Debug;

use async_trait::async_trait;
use domain::{ExecutionId, Place};

/// State machines.
#[async_trait]
pub trait Machines: Send + Sync + Debug {
    /// Starts the `start`th machine of an execution. One that runs under this name already
    /// counts as started.
    async fn start(&self, execution: &ExecutionId, start: u32) -> Result<Started, MachineError>;

    /// Sends a parked machine on. A token that is used up or timed out is no error.
    async fn wake(&self, token: &str) -> Result<Woken, MachineError>;
}

/// What became of a start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Started {
    /// It runs.
    Running,
    /// A machine of this name ran, and is over: a further one needs a further name.
    OverAlready,
}

/// What became of a wake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Woken {
    /// It goes on.
    Woken,
    /// Nobody waited under that token any more.
    Gone,
}

/// A state machine could not be reached.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the state machine could not be reached: {0}")]
pub struct MachineError(pub String);

/// Pollers: invoked by the finder, one for each account and Region with live jobs.
#[async_trait]
pub trait Pollers: Send + Sync + Debug {
    /// Asks for a poller and does not wait for it.
    async fn invoke(&self, place: &Place) -> Result<(), MachineError>;
}
