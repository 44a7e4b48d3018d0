//! What the tables hold. Each keeps the promises of one port.

pub(in crate::memory) mod executions;
pub(in crate::memory) mod groups;
pub(in crate::memory) mod plans;
