//! Where the stack of a test or a measurement is, on the command line.

use clap::Args;

/// How `cargo xtask test` and `bench` run.
#[derive(Args, Clone, Copy, Debug)]
pub struct TestOptions {
    /// First of the ports that the stack uses.
    #[arg(long, default_value_t = 29_600)]
    pub port_base: u16,
}
