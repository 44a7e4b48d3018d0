//! The adapters against real engines and servers on this machine: one suite over both stores,
//! a real DynamoDB engine in process, and the DRS simulator over HTTP.

#![expect(
    clippy::unwrap_used,
    reason = "in a test, and in what serves tests alone, a panic is the report"
)]

mod canned;
mod drs;
mod drs_answers;
mod dynamodb;
mod machines;
mod memory;
#[cfg(feature = "replica")]
mod replica;
mod samples;
mod sizes;
mod statistics;
mod suite;
mod table;
