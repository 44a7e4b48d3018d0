//! What an execution is: data and its own invariants. The other floors build on it, and it on none.

pub mod batch;
pub mod batch_state;
pub mod clean_up;
pub mod command;
pub(in crate::execution) mod course;
pub mod decision;
pub mod effect;
pub mod event;
pub(in crate::execution) mod execution;
pub mod ledger;
pub(in crate::execution) mod lock;
pub mod note;
pub mod notice;
pub mod outcome;
mod reduced_event;
pub mod refusal;
pub mod server;
pub mod take_over;
pub(in crate::execution) mod waits;
pub mod wave;
