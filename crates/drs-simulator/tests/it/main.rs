//! What the simulator promises: the behaviour of DRS as the specification has it, each claim by
//! name, over the world and over HTTP.

mod call_faults;
mod consistency;
mod determinism;
mod events;
mod http;
mod instances;
mod job_life;
mod limits;
mod listing;
mod others;
mod phase_faults;
mod points;
mod scenario_files;
mod settings;
mod start_recovery;
mod support;
mod terminate;
mod verdict;
