//! What somebody is told without asking: a few things that cannot wait until a person looks.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Execution;
use super::clean_up::CleanUpStatus;
use super::decide::Turn;
use super::status::{Drive, drive, open_holds};
use crate::counted::counted;
use crate::ids::RecoveryInstanceId;
use crate::kind::Kind;
use crate::text::Sentence;

/// A recovery that waits for a person says so again this often.
const REMIND_EVERY: SignedDuration = SignedDuration::from_mins(15);
/// DRS may be out of sight for this long before somebody is told.
const BLIND_FOR: SignedDuration = SignedDuration::from_mins(1);
/// What a drill has launched costs money and is easily forgotten.
const FORGOTTEN_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// One thing to tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What kind.
    pub kind: NoticeKind,
    /// The wave, from 0, where it is about one.
    pub wave: Option<usize>,
    /// A sentence.
    pub text: Sentence,
}

/// Kinds of notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NoticeKind {
    /// A recovery has started.
    RecoveryStarted,
    /// Something waits for a person.
    HoldOpened,
    /// A recovery still waits for a person.
    HoldWaits,
    /// A wave ended without what it needed.
    WaveFailed,
    /// The execution has ended.
    ExecutionEnded,
    /// Jobs are in flight, and DRS cannot be looked at.
    ObservationFailing,
    /// A day after a drill, its instances are still there.
    DrillInstancesAlive,
}

/// What has been told already, so that it is told once.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Told {
    /// When a person was last reminded of open holds.
    pub reminded_at: Option<Timestamp>,
    /// Since when every look at DRS has failed.
    pub blind_since: Option<Timestamp>,
    /// When that was told.
    pub blind_told_at: Option<Timestamp>,
    /// When it was told that instances are still there.
    pub alive_told_at: Option<Timestamp>,
}

impl NoticeKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::RecoveryStarted,
        Self::HoldOpened,
        Self::HoldWaits,
        Self::WaveFailed,
        Self::ExecutionEnded,
        Self::ObservationFailing,
        Self::DrillInstancesAlive,
    ];

    /// The words that an event of it has as its type.
    pub fn title(self) -> &'static str {
        match self {
            Self::RecoveryStarted => "Recovery Started",
            Self::HoldOpened => "Hold Opened",
            Self::HoldWaits => "Hold Waits",
            Self::WaveFailed => "Wave Failed",
            Self::ExecutionEnded => "Execution Ended",
            Self::ObservationFailing => "Observation Failing",
            Self::DrillInstancesAlive => "Drill Instances Alive",
        }
    }
}

/// What time alone makes worth telling. It is idempotent.
pub(super) fn settle(turn: &mut Turn) {
    remind(turn);
    tell_blindness(turn);
    tell_forgotten_instances(turn);
}

fn remind(turn: &mut Turn) {
    let holds = open_holds(&turn.next);
    let Some(oldest) = holds.first() else {
        turn.next.head.told.reminded_at = None;
        return;
    };
    let last = turn.next.head.told.reminded_at;
    let last = last.map_or(oldest.since, |at| at.max(oldest.since));
    let is_due = turn.now.duration_since(last) >= REMIND_EVERY;
    if turn.next.head.kind == Kind::Drill || !is_due {
        return;
    }
    let ids: Vec<&str> = holds.iter().map(|hold| hold.id.as_str()).collect();
    let minutes = turn.now.duration_since(oldest.since).as_mins();
    let text = format!(
        "the recovery has waited for a person for {} ({}: {})",
        counted(minutes, "minute", "minutes"),
        if ids.len() == 1 { "hold" } else { "holds" },
        ids.join(", ")
    );
    turn.next.head.told.reminded_at = Some(turn.now);
    turn.tell(NoticeKind::HoldWaits, None, text);
}

fn tell_blindness(turn: &mut Turn) {
    let watched = turn
        .next
        .batches()
        .any(|(_, batch)| batch.job_in_flight().is_some());
    let error = turn.next.head.observation.error.clone();
    let told = &mut turn.next.head.told;
    let (Some(error), true) = (error, watched) else {
        told.blind_since = None;
        told.blind_told_at = None;
        return;
    };
    let since = *told.blind_since.get_or_insert(turn.now);
    if told.blind_told_at.is_some() || turn.now.duration_since(since) < BLIND_FOR {
        return;
    }
    told.blind_told_at = Some(turn.now);
    let text = format!("jobs are in flight and DRS cannot be looked at: {error}");
    turn.tell(NoticeKind::ObservationFailing, None, text);
}

fn tell_forgotten_instances(turn: &mut Turn) {
    let Some(due) = forgotten_at(&turn.next) else {
        return;
    };
    if turn.now < due {
        return;
    }
    turn.next.head.told.alive_told_at = Some(turn.now);
    let left = counted(
        alive(&turn.next),
        "instance that it launched is",
        "instances that it launched are",
    );
    let text = format!("a day after the drill, {left} still there");
    turn.tell(NoticeKind::DrillInstancesAlive, None, text);
}

/// Until when an execution with no work left stays in sight: when somebody must be told that
/// its instances are still there, if nothing happens before.
pub fn sleeps_until(execution: &Execution) -> Option<Timestamp> {
    match drive(execution) {
        Drive::Done => forgotten_at(execution),
        Drive::Soon | Drive::Held => None,
    }
}

fn forgotten_at(execution: &Execution) -> Option<Timestamp> {
    let ending = execution.head.ending.as_ref()?;
    let is_open = execution.head.kind == Kind::Drill
        && execution.head.told.alive_told_at.is_none()
        && execution.head.clean_up.status != CleanUpStatus::Running
        && alive(execution) > 0;
    is_open.then(|| ending.at + FORGOTTEN_AFTER)
}

/// Servers for which something was launched that nobody has seen terminated or replaced.
fn alive(execution: &Execution) -> usize {
    let clean_up = &execution.head.clean_up;
    if clean_up.status == CleanUpStatus::Done {
        return 0;
    }
    let gone: BTreeSet<&RecoveryInstanceId> = clean_up.gone().collect();
    let is_left = |id: &RecoveryInstanceId| !gone.contains(id);
    let here = execution.servers().filter(|server| {
        let own = server.instance.as_ref();
        let own = own.is_some_and(|instance| is_left(&instance.id));
        own && server.replaced_by.is_none() || server.unregistered.iter().any(is_left)
    });
    here.count()
}
