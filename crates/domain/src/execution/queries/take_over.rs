//! Whether another execution may take the locks of this one, and whom that sets free.

use std::collections::BTreeSet;

use crate::execution::model::batch::{Batch, BatchReference};
use crate::execution::model::execution::Execution;
use crate::execution::model::refusal::Refusal;
use crate::ids::ExecutionId;
use crate::kind::Kind;

/// Whether the locks of an execution may be taken: those of a drill, and of what has ended.
pub fn may_be_taken_over(execution: &Execution) -> Result<(), Refusal> {
    if execution.head.kind == Kind::Recovery && !execution.has_ended() {
        return Err(Refusal::now(
            "This recovery has not ended. Only a drill gives way, and only an ended recovery is continued.",
        ));
    }
    Ok(())
}

/// Whether another recovery can carry on with what this one has launched. Whether one does so
/// already is known to the store alone.
pub fn may_be_continued(execution: &Execution) -> Result<(), Refusal> {
    if execution.head.kind == Kind::Drill {
        return Err(Refusal::now(
            "Only a recovery is continued, and this is a drill.",
        ));
    }
    may_be_taken_over(execution)
}

/// Those who may launch servers of this execution since `before`: they have the locks, and what
/// was asked of DRS for those servers has ended.
pub fn set_free(before: &Execution, after: &Execution) -> BTreeSet<ExecutionId> {
    let was_in_flight = |reference: BatchReference| {
        let batch = before.batch(reference);
        batch.is_some_and(Batch::is_in_flight)
    };
    after
        .batches()
        .filter(|(reference, batch)| !batch.is_in_flight() && was_in_flight(*reference))
        .flat_map(|(_, batch)| &batch.servers)
        .filter_map(|server| server.passed_to.clone())
        .collect()
}
