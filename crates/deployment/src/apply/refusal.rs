//! Why the service refused a change set, read where it writes that down: in the events of the change
//! set, and in those of the nested one that failed.
//!
//! What `DescribeChangeSet` says of the root is at most where to look: `Nested change set ID was not
//! successfully created: Currently in FAILED`, or that a validation failed, whose findings are told by
//! `DescribeEvents` alone.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/validate-stack-deployments.html>

use std::collections::BTreeSet;

use crate::cloud::{ChangeSet, ChangeSetName, Cloud, FailedChangeSet, FailedEvent};
use crate::talk::{listed_by, repeated};

/// Change sets that are looked into: the master's and its nested ones are seven.
const LOOKED_INTO_MAX: usize = 20;

/// The sentence of the causes. What could not be read of them is said, and hides nothing that could.
pub(super) async fn cause(cloud: &dyn Cloud, root: &FailedChangeSet) -> String {
    let mut open = vec![root.clone()];
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut causes = Vec::new();
    let mut unread = Vec::new();
    while let Some(failed) = open.pop() {
        if seen.len() >= LOOKED_INTO_MAX || !seen.insert(failed.id.clone()) {
            continue;
        }
        let events = cloud.failed_events(&failed.id).await;
        let events = events.unwrap_or_else(|failure| {
            unread.push(failure.to_string());
            Vec::new()
        });
        let nested = nested(&failed.reason);
        for id in &nested {
            match cloud.change_set(ChangeSetName::Id(id)).await {
                Ok(ChangeSet::Failed(inside)) => open.push(inside),
                Ok(ChangeSet::Pending | ChangeSet::Ready(_) | ChangeSet::Gone) => {}
                Err(failure) => unread.push(failure.to_string()),
            }
        }
        let told = events.iter().map(|event| sentence(&failed.stack, event));
        causes.extend(told.filter(|cause| !cause.is_empty()));
        // A nested stack without changes is no cause, although its change set fails too.
        if events.is_empty() && nested.is_empty() && !says_no_changes(&failed.reason) {
            causes.push(format!("{}: {}", failed.stack, failed.reason));
        }
    }
    causes.dedup();
    let mut text = if causes.is_empty() {
        root.reason.clone()
    } else {
        listed_by(&causes, "; ")
    };
    if let Some(first) = unread.first() {
        text = format!("{text} (not all that AWS writes of it can be read: {first})");
    }
    repeated(&text)
}

/// Whether a change set failed because there is nothing to change.
pub(super) fn says_no_changes(reason: &str) -> bool {
    reason.contains("didn't contain changes") || reason.contains("No updates are to be performed")
}

fn sentence(stack: &str, event: &FailedEvent) -> String {
    let FailedEvent {
        resource,
        resource_type,
        reason,
        path,
    } = event;
    match (reason.as_str(), path.as_str()) {
        ("", _) => String::new(),
        (reason, "") => format!("{resource} ({resource_type}) in {stack}: {reason}"),
        (reason, path) => format!("{resource} ({resource_type}) in {stack}: {reason} (at {path})"),
    }
}

/// The ids of the nested change sets that a reason names.
fn nested(reason: &str) -> Vec<String> {
    let words = reason.split_whitespace();
    let words = words.map(|word| word.trim_matches([',', '.', ';', '[', ']', '(', ')']));
    words
        .filter(|word| word.starts_with("arn:") && word.contains(":changeSet/"))
        .map(str::to_owned)
        .collect()
}
