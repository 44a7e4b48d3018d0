//! What the deploy tool builds.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot prepare its world has failed"
)]

mod reproducible;
mod settings;
mod workspace;
