//! What the deploy tool builds.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot prepare its world has failed"
)]

mod bills;
mod reproducible;
mod secrets;
mod settings;
mod workspace;
