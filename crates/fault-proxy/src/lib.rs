//! Stands between a client and an emulator of AWS: it knows every request, and counts, delays,
//! spoils or holds it.

mod faults;
mod proxy;

pub use faults::{Fault, Schedule};
pub use proxy::Proxy;
