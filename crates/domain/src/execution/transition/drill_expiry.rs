//! A drill that waits for a person keeps servers from others. After a while it is cancelled.

use jiff::{SignedDuration, Timestamp};

use super::working::Transition;
use crate::counted::counted;
use crate::execution::model::course::Course;
use crate::execution::model::execution::Execution;
use crate::execution::model::note::NoteCode;
use crate::execution::queries::holds::open_holds;
use crate::execution::queries::status::{Drive, drive};
use crate::kind::Kind;

/// Who cancels it, as the execution shows it.
const BY: &str = "DRS Orchestration";

pub(super) fn cancel_forgotten_drill(transition: &mut Transition) {
    let limit = transition.next.head.waits.drill_park_limit;
    let patience = SignedDuration::from_secs(i64::from(limit));
    let is_going = matches!(
        transition.next.head.course,
        Course::Running | Course::Paused { .. }
    );
    if transition.next.head.kind == Kind::Recovery || !is_going {
        return;
    }
    let Some(since) = parked_since(&transition.next) else {
        return;
    };
    if transition.now.duration_since(since) < patience {
        return;
    }
    let limit = counted(limit / 60, "minute", "minutes");
    let reason = format!("nobody has acted on this drill for {limit}");
    transition.note(NoteCode::Cancelled, format!("cancelled: {reason}"));
    transition.next.head.course = Course::Cancelling {
        since: transition.now,
        by: BY.to_owned(),
        reason: Some(reason),
    };
}

/// Since when nothing happens without a person.
fn parked_since(execution: &Execution) -> Option<Timestamp> {
    match drive(execution) {
        Drive::Held => open_holds(execution).iter().map(|hold| hold.since).max(),
        Drive::Soon | Drive::Done => None,
    }
}
