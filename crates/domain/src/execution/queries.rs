//! What is said of an execution: derived from it, and kept nowhere.

pub mod allowed_actions;
pub mod clean_up;
pub mod freshness;
pub mod holds;
pub mod left_instances;
pub mod outcome;
pub(in crate::execution) mod pending_effects;
pub mod status;
pub mod take_over;
pub mod timeline;
pub mod waiting;
