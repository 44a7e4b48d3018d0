//! What was decided, done.
//!
//! Use cases over ports. [`Engine::advance`] is the only writer of executions: load, decide,
//! save if nobody else did, do what was decided, and feed what came of it back as events.

pub mod advance;
mod attempt_search;
mod clean_up_observation;
pub mod commands;
mod deadline;
pub mod drive;
pub mod error;
mod event_log;
pub mod export;
mod group_changes;
pub mod groups;
pub mod idempotency;
mod job_log;
mod job_observation;
mod locks;
mod missing_jobs;
mod notification_delivery;
mod perform;
pub mod phases;
pub mod plans;
pub mod poll;
pub mod ports;
mod pre_launch_check;
pub mod predecessors;
pub mod quotas;
mod resolve;
pub mod source_servers;
pub mod stalled_executions;
pub mod start;
pub mod statistics;
pub mod summary;
mod unusable_place;
mod wake;

use domain::AccountId;
use domain::execution::Waits;
use jiff::{SignedDuration, Timestamp};

pub use error::{About, EngineError, InvalidCode, RefusalCode, Refused};
use ports::Ports;

/// The tag of a job of ours that names its execution.
pub const TAG_EXECUTION: &str = "drs-orchestration:execution";
/// The tag of a job of ours that names its wave.
pub const TAG_WAVE: &str = "drs-orchestration:wave";
/// The tag by which the job of one attempt is known as ours.
pub const TAG_ATTEMPT: &str = "drs-orchestration:attempt";

/// What a deployment decides.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Waits of executions that start now.
    pub waits: Waits,
    /// The account that this product is deployed in.
    pub deploying_account: AccountId,
    /// When somebody who takes locks counts as dead, in seconds.
    pub owner_expiry_seconds: u32,
}

/// The use cases.
#[derive(Debug, Clone)]
pub struct Engine {
    ports: Ports,
    settings: Settings,
}

impl Engine {
    /// The use cases over these ports.
    pub fn new(ports: Ports, settings: Settings) -> Self {
        Self { ports, settings }
    }

    /// What this deployment decides.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    fn now(&self) -> Timestamp {
        self.ports.clock.now()
    }

    fn owner_expiry(&self) -> Timestamp {
        let seconds = i64::from(self.settings.owner_expiry_seconds);
        self.now() + SignedDuration::from_secs(seconds)
    }
}
