//! Claims about disaster recovery: what the words mean, and what an execution does.

#![expect(
    clippy::unwrap_used,
    reason = "in a test, and in what serves tests alone, a panic is the report"
)]

mod access;
mod batch_events;
mod clean_up;
mod clean_up_proof;
mod commands;
mod counted;
mod fake_drs;
mod group;
mod holds;
mod ids;
mod launch_refusal;
mod launchability;
mod laws;
mod ledger;
mod look;
mod name;
mod notice;
mod observe;
mod outcome;
mod patterns;
mod plan;
mod quota;
mod reconcile;
mod region;
mod retry;
mod short;
mod status;
mod take_over;
mod text;
mod time_limit;
mod timeline;
mod walk;
mod world;
