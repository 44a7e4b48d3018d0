//! The rules of tidy, each proved with a tree that breaks it.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot prepare its world has failed"
)]

mod checker_imports;
mod code_quality;
mod consoles;
mod crate_graph;
mod earlier_release;
mod emulator;
mod gitlab_version;
mod imports;
mod laws;
mod options;
mod pipeline;
mod pipeline_preparation;
mod pipeline_role;
mod planted;
mod steps;
mod supply;
mod templates;
mod tree;
