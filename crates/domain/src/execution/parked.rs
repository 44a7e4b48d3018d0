//! A drill that waits for a person keeps servers from others. After a while it is cancelled.

use jiff::{SignedDuration, Timestamp};

use super::decide::Turn;
use super::note::NoteCode;
use super::status::{Drive, drive, open_holds};
use super::{Course, Execution};
use crate::counted::counted;
use crate::kind::Kind;

/// Who cancels it, as the execution shows it.
const BY: &str = "DRS Orchestration";

pub(super) fn cancel_forgotten_drill(turn: &mut Turn) {
    let limit = turn.next.head.waits.drill_park_limit;
    let patience = SignedDuration::from_secs(i64::from(limit));
    let is_going = matches!(turn.next.head.course, Course::Going | Course::Paused { .. });
    if turn.next.head.kind == Kind::Recovery || !is_going {
        return;
    }
    let Some(since) = parked_since(&turn.next) else {
        return;
    };
    if turn.now.duration_since(since) < patience {
        return;
    }
    let limit = counted(limit / 60, "minute", "minutes");
    let reason = format!("nobody has acted on this drill for {limit}");
    turn.note(NoteCode::Cancelled, format!("cancelled: {reason}"));
    turn.next.head.course = Course::Cancelling {
        since: turn.now,
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
