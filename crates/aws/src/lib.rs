//! The ports of the engine over the AWS SDK, and the only library that names a type of it.
//!
//! [`connect()`] gives the functions all ports at once.

pub mod error_code;
mod failure;

pub mod clock;
pub mod connect;
pub mod drs;
pub mod dynamodb;
pub mod ids;
pub mod machines;
mod notifier;
#[cfg(feature = "replica")]
mod replica;

pub use clock::SystemClock;
pub use connect::{Connection, Settings, connect};
pub use drs::DrsClient;
pub use dynamodb::{DynamoStore, TableNames};
pub use ids::RandomIds;
pub use machines::{PollerInvoker, StateMachines};
pub use notifier::EventBus;
#[cfg(feature = "replica")]
pub use replica::{ReplicaBucket, ReplicaPlace};
