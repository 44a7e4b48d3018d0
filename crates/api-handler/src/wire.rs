//! What goes over the wire: requests as lenient as their faults can be told all at once,
//! representations with every member, the same for every verb.

pub(crate) mod command;
pub(crate) mod drs;
pub(crate) mod enumeration;
pub(crate) mod execution;
pub(crate) mod execution_server;
pub(crate) mod form;
pub(crate) mod health;
pub(crate) mod idempotency;
pub(crate) mod logs;
pub(crate) mod page;
pub(crate) mod phases;
pub(crate) mod protection_group;
pub(crate) mod reader;
pub(crate) mod recovery_instance;
pub(crate) mod recovery_plan;
pub(crate) mod shorten;
pub(crate) mod start;
pub(crate) mod statistics;
pub(crate) mod time;
pub(crate) mod user;
pub(crate) mod wave;
