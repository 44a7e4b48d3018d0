//! What time alone makes worth telling.

use jiff::SignedDuration;

use super::working::Transition;
use crate::counted::counted;
use crate::execution::model::notice::NoticeKind;
use crate::execution::queries::holds::open_holds;
use crate::execution::queries::left_instances::{alive, forgotten_at};
use crate::kind::Kind;

/// A recovery that waits for a person says so again this often.
const REMIND_EVERY: SignedDuration = SignedDuration::from_mins(15);
/// DRS may be out of sight for this long before somebody is told.
const BLIND_FOR: SignedDuration = SignedDuration::from_mins(1);

/// What time alone makes worth telling. It is idempotent.
pub(super) fn settle(transition: &mut Transition) {
    remind(transition);
    tell_blindness(transition);
    tell_forgotten_instances(transition);
}

fn remind(transition: &mut Transition) {
    let holds = open_holds(&transition.next);
    let Some(oldest) = holds.first() else {
        transition.next.head.told.reminded_at = None;
        return;
    };
    let last = transition.next.head.told.reminded_at;
    let last = last.map_or(oldest.since, |at| at.max(oldest.since));
    let is_due = transition.now.duration_since(last) >= REMIND_EVERY;
    if transition.next.head.kind == Kind::Drill || !is_due {
        return;
    }
    let ids: Vec<&str> = holds.iter().map(|hold| hold.id.as_str()).collect();
    let minutes = transition.now.duration_since(oldest.since).as_mins();
    let text = format!(
        "the recovery has waited for a person for {} ({}: {})",
        counted(minutes, "minute", "minutes"),
        if ids.len() == 1 { "hold" } else { "holds" },
        ids.join(", ")
    );
    transition.next.head.told.reminded_at = Some(transition.now);
    transition.tell(NoticeKind::HoldWaits, None, text);
}

fn tell_blindness(transition: &mut Transition) {
    let watched = transition
        .next
        .batches()
        .any(|(_, batch)| batch.job_in_flight().is_some());
    let error = transition.next.head.observation.error.clone();
    let told = &mut transition.next.head.told;
    let (Some(error), true) = (error, watched) else {
        told.blind_since = None;
        told.blind_told_at = None;
        return;
    };
    let since = *told.blind_since.get_or_insert(transition.now);
    if told.blind_told_at.is_some() || transition.now.duration_since(since) < BLIND_FOR {
        return;
    }
    told.blind_told_at = Some(transition.now);
    let text = format!("jobs are in flight and DRS cannot be looked at: {error}");
    transition.tell(NoticeKind::ObservationFailing, None, text);
}

fn tell_forgotten_instances(transition: &mut Transition) {
    let Some(due) = forgotten_at(&transition.next) else {
        return;
    };
    if transition.now < due {
        return;
    }
    transition.next.head.told.alive_told_at = Some(transition.now);
    let left = counted(
        alive(&transition.next),
        "instance that it launched is",
        "instances that it launched are",
    );
    let text = format!("a day after the drill, {left} still there");
    transition.tell(NoticeKind::DrillInstancesAlive, None, text);
}
