//! How clean-up looks at the world.

use jiff::SignedDuration;

/// Looks are at least this far apart.
pub(in crate::execution) const CLEAN_UP_LOOK_EVERY: SignedDuration = SignedDuration::from_secs(5);

/// Looks in a row that must show nothing before nothing is believed: a listing can be stale.
pub(in crate::execution) const CLEAN_LOOKS_MIN: u32 = 2;
