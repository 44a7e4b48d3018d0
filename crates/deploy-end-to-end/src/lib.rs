//! An emulator of AWS with something between it and the tool: what counts requests, delays them,
//! spoils them, or holds them until the tool has been killed.

pub mod checkout;
pub mod emulator;
pub mod releases;
pub mod simulator;
pub mod test_environment;
