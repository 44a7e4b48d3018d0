//! The tool of this repository: what it checks and how, as a library, so that each rule has a test.
//!
//! It stays thin (see `docs/decisions/0005-xtask-is-thin.md`): nothing here needs an AWS SDK or an
//! asynchronous runtime, so that `cargo xtask check` starts at once.

pub mod bench;
pub mod browser;
pub mod build;
pub mod check;
pub mod code_quality;
pub mod console;
pub mod consoles;
pub mod contract;
pub mod deploy;
pub mod deploy_acceptance;
pub mod earlier_release;
pub mod end_to_end;
pub mod fault_matrix;
pub mod gitlab_version;
pub mod journeys;
pub mod judges;
pub mod local;
pub mod npm;
pub mod options;
pub mod parallel_parts;
pub mod pipeline;
pub mod planted;
pub mod programs;
pub mod python;
pub mod releases;
pub mod reproducible_build;
pub mod run;
pub mod simulate;
pub mod stack_options;
pub mod steps;
pub mod supply;
pub mod terminal;
pub mod test;
pub mod tidy;
pub mod workspace;
