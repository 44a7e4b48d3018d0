//! Answers that show an execution.

use engine::ports::execution_store::StoredExecution;

use crate::answer::Answer;
use crate::call::Call;
use crate::wire::execution::{ExecutionView, Seen, entity_tag_of};

/// The execution as the caller sees it now.
pub(crate) fn shown(call: &Call, seen: &Seen) -> Answer {
    let now = call.now();
    let view = ExecutionView::of(seen, &call.caller, now);
    Answer::ok(&view)
        .tagged(entity_tag_of(seen, &call.caller, now))
        .showing(&seen.stored.execution.head.id)
}

/// The execution as the caller's command has left it. What others know of it is left to the next
/// look, so that a command that was done cannot fail for it.
pub(crate) fn commanded(call: &Call, stored: StoredExecution) -> Answer {
    let seen = Seen {
        stored,
        continued_by: None,
        unsent: Vec::new(),
    };
    shown(call, &seen)
}
