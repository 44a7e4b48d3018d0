//! One place that breaks one rule.

use std::fmt;

/// One place that breaks one rule.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fault {
    /// A path from the root, or the name of a crate.
    pub place: String,
    /// What is wrong and what to do.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.place, self.message)
    }
}
