//! The executions as they stand, in the product's own types: what people and the scheduler of a run
//! go by. The checker keeps its own record.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::ExecutionId;
use domain::execution::queries::status::{Drive, drive};
use engine::ports::execution_store::{Stage, StoredExecution};
use jiff::{SignedDuration, Timestamp};

use crate::facts::Change;

/// How long a start may take locks before it counts as nobody's.
const START_MAX: SignedDuration = SignedDuration::from_mins(5);

/// The executions as they stand.
#[derive(Debug)]
pub(crate) struct Latest {
    current: BTreeMap<ExecutionId, Arc<StoredExecution>>,
    begun: Timestamp,
}

impl Latest {
    /// None yet.
    pub(crate) fn new(begun: Timestamp) -> Self {
        Self {
            current: BTreeMap::new(),
            begun,
        }
    }

    /// This is saved now, and differs from what stood before, or does not.
    pub(crate) fn saved(&mut self, after: &Arc<StoredExecution>) -> Change {
        if after.stage == Stage::Acquiring {
            return Change::None;
        }
        let id = after.execution.head.id.clone();
        let before = self.current.insert(id, Arc::clone(after));
        if before.is_some_and(|before| before.execution == after.execution) {
            Change::None
        } else {
            Change::Some
        }
    }

    /// Executions as they stand.
    pub(crate) fn current(&self) -> impl Iterator<Item = &StoredExecution> {
        self.current.values().map(AsRef::as_ref)
    }

    /// The same, to be kept.
    pub(crate) fn executions(&self) -> Vec<Arc<StoredExecution>> {
        self.current.values().map(Arc::clone).collect()
    }

    /// Whether any execution ever lived.
    pub(crate) fn any(&self) -> bool {
        !self.current.is_empty()
    }

    /// Whether the finder could find anything: an execution that lives, or a start under way.
    pub(crate) fn any_live(&self, now: Timestamp) -> bool {
        now.duration_since(self.begun) < START_MAX || !self.all_done()
    }

    /// Whether no work is left anywhere, by their own word.
    pub(crate) fn all_done(&self) -> bool {
        self.current()
            .all(|stored| drive(&stored.execution) == Drive::Done)
    }

    /// The same, but that a person still has to say whether a lost launch ever was.
    pub(crate) fn all_done_or_undecided(&self) -> bool {
        self.current()
            .all(|stored| stored.execution.has_ended() && drive(&stored.execution) != Drive::Soon)
    }
}
