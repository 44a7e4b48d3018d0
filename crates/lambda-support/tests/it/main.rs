//! Settings, log lines and failures of the functions.

mod environment;
mod failure;
mod log_lines;
#[cfg(feature = "replica")]
mod replica;
