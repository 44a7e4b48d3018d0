//! The local stack's parts, each without the others.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot prepare its world has failed"
)]

mod commands;
mod components;
mod crashes;
mod edge;
mod function_logs;
mod packing;
mod processes;
