//! The core of deploying, without any service: plans, archives, causes.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot prepare its world has failed"
)]

mod archive;
mod cause;
mod plans;
