//! Whether a lock is held.

use serde::{Deserialize, Serialize};

/// Whether a lock of this execution is held in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lock {
    /// Held; it must be freed once.
    Held,
    /// Freed, or never taken.
    Free,
}
