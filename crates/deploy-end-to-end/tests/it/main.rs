//! What the deploy tool must show: each claim on an emulator of its own, by the tool as a program.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot prepare its world has failed"
)]

mod destroying;
mod executions;
mod failing;
mod faults;
mod interrupted;
mod life;
mod parts;
mod regions;
mod replica;
mod rules;
mod sources;
mod switches;
