//! What disaster recovery means here: types, rules, and the state machine of an execution.
//!
//! Everything is a value and every decision a function: no clock, no randomness, no
//! network, no logging. Time arrives as an argument; effects leave as a list.

pub mod access;
pub mod counted;
pub mod ec2_instance;
pub mod execution;
pub mod fault;
pub mod ids;
pub mod kind;
pub mod launchability;
pub mod name;
pub mod place;
pub mod protection_group;
pub mod quota;
pub mod recovery_plan;
pub mod region;
pub mod shared;
pub mod short;
pub mod source_server;
pub mod text;
pub mod usable_region;

pub use fault::{Fault, FaultCode};
pub use ids::{
    AccountId, ExecutionId, HoldId, JobId, ProtectionGroupId, RecoveryInstanceId, RecoveryPlanId,
    Region, SourceServerId, WaveKey,
};
pub use kind::Kind;
pub use name::Name;
pub use place::Place;
