//! The ports of one local stack, checked before anything starts.

use std::net::TcpListener;

use anyhow::{Result, bail};

/// The ports on 127.0.0.1, counted from a base.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Ports {
    /// The one origin: console, API, Cognito.
    pub edge: u16,
    /// The AWS emulator.
    pub emulator: u16,
    /// The DRS simulator.
    pub simulator: u16,
}

impl Ports {
    /// The ports from `base` on.
    pub fn from_base(base: u16) -> Self {
        Self {
            edge: base,
            emulator: base + 1,
            simulator: base + 2,
        }
    }

    /// An error that names the port which is taken, and what to do.
    pub fn check(self) -> Result<()> {
        let named = [
            ("console", self.edge),
            ("emulator", self.emulator),
            ("simulator", self.simulator),
        ];
        for (name, port) in named {
            if let Err(error) = TcpListener::bind(("127.0.0.1", port)) {
                bail!(
                    "port {port} (for the {name}) on 127.0.0.1 cannot be used: {error}; \
                     stop what listens there, or choose others with --port-base"
                );
            }
        }
        Ok(())
    }
}
