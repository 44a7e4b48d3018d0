//! What the simulator promises: the behaviour of DRS as the specification has it, each claim by
//! name, over the world and over HTTP.
#![expect(
    clippy::unwrap_used,
    reason = "a helper that cannot go on fails its test"
)]

mod call_faults;
mod clock_end;
mod command_line;
mod consistency;
mod control;
mod determinism;
mod events;
mod faults;
mod http;
mod instances;
mod job_life;
mod limits;
mod listing;
mod machines;
mod others;
mod phase_faults;
#[cfg(feature = "planted-defects")]
mod planted;
mod points;
mod readme;
mod replication;
mod scenario_files;
mod scenario_runs;
mod settings;
mod start_recovery;
mod support;
mod switches;
mod terminate;
mod verdict;
