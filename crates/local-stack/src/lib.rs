//! The whole product on one machine, deployed by the code and the templates that AWS gets.
//!
//! A supervisor holds the state folder's lock while it lives. It starts the emulator and the
//! simulator as process groups of their own, serves the one origin itself, deploys, and ends what
//! it started; a process reaper beside it does that when the supervisor dies without doing so.

pub mod commands;
pub mod component;
pub mod crash;
pub mod edge;
pub mod function_logs;
pub mod http;
pub mod layout;
pub mod packing;
pub mod ports;
pub mod process_reaper;
pub mod processes;
pub mod product;
pub mod status;
pub mod supervisor;
pub mod terminal;
pub mod users;
