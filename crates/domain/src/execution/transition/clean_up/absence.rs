//! What it proves that a look does not show an instance.

use jiff::Timestamp;

use crate::execution::model::clean_up::{CLEAN_UP_LOOK_EVERY, KnownLaunches};
use crate::execution::model::execution::Execution;

/// What it means that a look does not show an instance.
#[derive(Clone, Copy)]
pub(super) enum Absence {
    Counts,
    /// Two looks at nearly the same moment prove no more than one.
    IsNoNews,
    /// The look may be older than the instance.
    ProvesNothing,
}

pub(super) fn absence(execution: &Execution, known: KnownLaunches, now: Timestamp) -> Absence {
    if known != KnownLaunches::of(execution) {
        return Absence::ProvesNothing;
    }
    match execution.head.clean_up.looked_at {
        Some(at) if now.duration_since(at) < CLEAN_UP_LOOK_EVERY => Absence::IsNoNews,
        Some(_) | None => Absence::Counts,
    }
}
