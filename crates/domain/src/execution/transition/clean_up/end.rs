//! The end of a clean-up: proved, or said not to be.

use jiff::Timestamp;

use crate::execution::model::clean_up::{
    CLEAN_LOOKS_MIN, CleanUpInstance, CleanUpInstanceState, CleanUpStatus,
};
use crate::execution::model::execution::Execution;
use crate::execution::model::note::NoteCode;
use crate::execution::queries::clean_up::{LAUNCH_MAX, launch_in_progress, needs_locks};
use crate::execution::transition::working::Transition;

/// Ends the clean-up when its end is proved, or cannot be.
pub(in crate::execution) fn settle(transition: &mut Transition) {
    if !needs_locks(&transition.next) {
        return;
    }
    let now = transition.now;
    let Some((status, text)) = end(&transition.next, now) else {
        return;
    };
    let clean_up = &mut transition.next.head.clean_up;
    clean_up.status = status;
    clean_up.ended_at = Some(now);
    clean_up.reason = Some(text.clone().into());
    transition.note(
        NoteCode::CleanUpEnded,
        format!("clean-up ended {}: {text}", status.word()),
    );
}

fn end(execution: &Execution, now: Timestamp) -> Option<(CleanUpStatus, String)> {
    let clean_up = &execution.head.clean_up;
    if let Some(text) = clean_up.blind_for_too_long(now) {
        let text = format!("DRS could not be looked at: {text}");
        return Some((CleanUpStatus::CouldNotVerify, text));
    }
    let without_ec2 = clean_up.without_ec2(now);
    let unproved = |known: &&CleanUpInstance| known.is_open() && known.unproved_looks > 0;
    let open = clean_up
        .instances
        .iter()
        .any(|known| known.is_open() && !(without_ec2.is_some() && unproved(&known)));
    if open || clean_up.jobs.iter().any(|job| job.is_awaited(now)) {
        return None;
    }
    let in_flight = launch_in_progress(execution);
    let since = clean_up.started_at.unwrap_or(now);
    if in_flight.is_some() && now.duration_since(since) < LAUNCH_MAX {
        return None;
    }
    let with = |state| {
        clean_up
            .instances
            .iter()
            .filter(move |one| one.state == state)
    };
    let refused: Vec<_> = with(CleanUpInstanceState::Refused).collect();
    if let Some(text) = named(&refused) {
        return Some((CleanUpStatus::Incomplete, text));
    }
    if let Some(what) = in_flight {
        let text = format!("{what} has not ended: what it still brings up is not known");
        return Some((CleanUpStatus::CouldNotVerify, text));
    }
    let unproved: Vec<_> = clean_up.instances.iter().filter(unproved).collect();
    let foreign: Vec<_> = with(CleanUpInstanceState::NotOurs).collect();
    if let Some(text) = named(&unproved).or_else(|| named(&foreign)) {
        return Some((CleanUpStatus::CouldNotVerify, text));
    }
    if let Some(fault) = without_ec2
        && let Some(text) = may_run_unseen(execution, fault)
    {
        return Some((CleanUpStatus::CouldNotVerify, text));
    }
    (clean_up.clean_looks >= CLEAN_LOOKS_MIN).then(|| {
        let text = match without_ec2 {
            None => "a fresh look finds no instance of this drill, neither in DRS nor in EC2".into(),
            Some(fault) => format!(
                "a fresh look at DRS finds no instance of this drill; EC2 could not be asked: {fault}"
            ),
        };
        (CleanUpStatus::Done, text)
    })
}

/// What is to be said of these instances: the first with its reason, and how many more there are.
fn named(instances: &[&CleanUpInstance]) -> Option<String> {
    let (first, others) = instances.split_first()?;
    let id = &first.id;
    let text = match &first.reason {
        Some(reason) if reason.contains(id.as_str()) => reason.to_string(),
        Some(reason) => format!("{id}: {reason}"),
        None => format!("{id} is left"),
    };
    // How many there are comes first: the end of a long reason is cut.
    Some(match others.len() {
        0 => text,
        count => format!("{} instances are left, the first: {text}", count + 1),
    })
}

/// Servers whose launch did not succeed, now or at an earlier attempt, and of which nobody can say
/// whether EC2 runs something for them.
fn may_run_unseen(execution: &Execution, fault: &str) -> Option<String> {
    let unseen = execution.servers().filter(|server| {
        let without_instance = server.job.is_some() && server.instance.is_none();
        without_instance || server.attempts > 1
    });
    let ids: Vec<_> = unseen.map(|server| &server.id).collect();
    let (first, others) = ids.split_first()?;
    let others = match others.len() {
        0 => String::new(),
        count => format!(" and for {count} others"),
    };
    Some(format!(
        "EC2 could not be asked whether it runs something for {first}{others}, of which a launch \
         has not succeeded: {fault}"
    ))
}
