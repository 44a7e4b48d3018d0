//! The core of deploying, without any service: plans, whole deployments in memory, archives, causes.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot prepare its world has failed"
)]

mod archive;
mod cause;
mod change_sets;
mod cloud_formation;
mod creations;
mod deploying;
mod destructions;
mod drifts;
mod locking;
mod owners;
mod plans;
mod regions;
mod releases;
mod restorations;
mod retained;
mod rollbacks;
mod rules;
mod signatures;
mod talk;
mod templates;
mod verification;
mod wire;
mod wire_of_change_sets;
mod world;
