//! What a drill has launched, and nobody has seen go.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::status::{Drive, drive};
use crate::execution::model::clean_up::CleanUpStatus;
use crate::execution::model::execution::Execution;
use crate::ids::RecoveryInstanceId;
use crate::kind::Kind;

/// What a drill has launched costs money and is easily forgotten.
const FORGOTTEN_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// Until when an execution with no work left stays in sight: when somebody must be told that
/// its instances are still there, if nothing happens before.
pub fn sleeps_until(execution: &Execution) -> Option<Timestamp> {
    match drive(execution) {
        Drive::Done => forgotten_at(execution),
        Drive::Soon | Drive::Held => None,
    }
}

pub(in crate::execution) fn forgotten_at(execution: &Execution) -> Option<Timestamp> {
    let ending = execution.head.ending.as_ref()?;
    let is_open = execution.head.kind == Kind::Drill
        && execution.head.told.alive_told_at.is_none()
        && execution.head.clean_up.status != CleanUpStatus::Running
        && alive(execution) > 0;
    is_open.then(|| ending.at + FORGOTTEN_AFTER)
}

/// Servers for which something was launched that nobody has seen terminated or replaced.
pub(in crate::execution) fn alive(execution: &Execution) -> usize {
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
