//! One file a resource. A handler reads the request, asks a use case, and shows the answer.

pub(crate) mod commands;
pub(crate) mod drs;
pub(crate) mod execution_servers;
pub(crate) mod executions;
pub(crate) mod groups;
pub(crate) mod health;
pub(crate) mod phases;
pub(crate) mod plans;
pub(crate) mod statistics;
pub(crate) mod user;
