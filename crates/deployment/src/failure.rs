//! The first cause of a failed stack operation, found in the stack where it happened.

use crate::talk::repeated;

/// One event of a stack, of the master or of a nested one.
#[derive(Clone, Debug)]
pub struct StackEvent {
    /// Identity of the event.
    pub id: String,
    /// Milliseconds since 1970.
    pub at: i64,
    /// Name of the stack that it belongs to.
    pub stack: String,
    /// The resource's name in that stack's template.
    pub resource: String,
    /// The resource's id in AWS; for a nested stack, the stack's.
    pub physical_id: String,
    /// Type of the resource.
    pub resource_type: String,
    /// Its status.
    pub status: String,
    /// What the service says about it.
    pub reason: String,
}

/// The type of a nested stack.
pub const NESTED_STACK: &str = "AWS::CloudFormation::Stack";

impl StackEvent {
    /// Whether this event says that something failed by itself: neither because a sibling did, nor
    /// because something inside of it did.
    pub fn is_a_cause(&self) -> bool {
        let cancelled = self.reason.to_lowercase().contains("cancelled");
        self.status.ends_with("_FAILED") && !cancelled && !self.passes_on()
    }

    fn passes_on(&self) -> bool {
        let says_so = ["Embedded stack", "The following resource(s) failed"];
        let of_a_stack = self.resource_type == NESTED_STACK;
        self.reason.is_empty()
            || (of_a_stack && says_so.iter().any(|says| self.reason.contains(says)))
    }
}

/// Whether a nested stack only repeats, in the master, what happened inside of it: the service may
/// write both down in the same moment, and in the same words.
fn is_told_inside(event: &StackEvent, events: &[StackEvent]) -> bool {
    event.resource_type == NESTED_STACK
        && events.iter().any(|other| {
            let id = format!(":stack/{}/", other.stack);
            let name = format!("{}-{}-", event.stack, event.resource);
            let is_inside = event.physical_id.contains(&id) || other.stack.starts_with(&name);
            other.is_a_cause() && other.stack != event.stack && is_inside
        })
}

/// The sentence that names the first cause among the events of the master and its nested stacks.
pub fn first_cause(events: &[StackEvent]) -> String {
    let causes = events.iter().filter(|event| event.is_a_cause());
    let causes = causes.filter(|event| !is_told_inside(event, events));
    let failures = || {
        events
            .iter()
            .filter(|event| event.status.ends_with("_FAILED"))
    };
    let cause = causes
        .min_by_key(|event| event.at)
        .or_else(|| failures().min_by_key(|event| event.at));
    match cause {
        Some(event) => {
            let StackEvent {
                stack,
                resource,
                resource_type,
                status,
                reason,
                ..
            } = event;
            let reason = repeated(reason);
            format!("{resource} ({resource_type}) in {stack} is {status}: {reason}")
        }
        None => "no event of any of its stacks says why".to_owned(),
    }
}
