//! The time of the machine, asked in this one place.

use jiff::Timestamp;

/// Now.
#[expect(
    clippy::disallowed_methods,
    reason = "a deployment happens at a time of the machine, and this is where it is asked"
)]
pub fn now() -> Timestamp {
    Timestamp::now()
}
