//! The one function that decides: an execution, an event and the time give the next
//! execution, what to note, and what to do.

use jiff::Timestamp;

use super::working::Transition;
use super::{
    clean_up, command, job_progress, launch, launch_selection, locks, notifications, progress,
    reconcile, save_refused, take_over,
};
use crate::execution::model::decision::Decision;
use crate::execution::model::event::Event;
use crate::execution::model::execution::Execution;
use crate::execution::model::refusal::Refusal;
use crate::execution::queries::pending_effects::pending_effects;

/// Decides. It is total: every event has an answer in every state.
///
/// # Errors
///
/// Only a command and a take-over can be refused; then nothing changes.
pub fn decide(execution: &Execution, event: &Event, now: Timestamp) -> Result<Decision, Refusal> {
    let mut transition = Transition::new(execution, now);
    match event {
        Event::Tick => progress::start(&mut transition),
        Event::Command { by, command } => {
            // A person speaks about the present: what time alone has changed comes first.
            progress::settle(&mut transition);
            command::apply(&mut transition, by, command)?;
        }
        Event::LaunchLooked { batch, look } => {
            launch_selection::looked(&mut transition, *batch, look);
        }
        Event::LaunchAnswered { fence, answer } => {
            launch::answered(&mut transition, *fence, answer);
        }
        Event::AttemptSearched { fence, found } => {
            reconcile::searched(&mut transition, *fence, found);
        }
        Event::JobsObserved { place, jobs } => job_progress::seen(&mut transition, place, jobs),
        Event::LookFailed { place, fault } => job_progress::failed(&mut transition, place, fault),
        Event::LocksReleased { batches, plan } => locks::released(&mut transition, batches, *plan),
        Event::InstanceReplaced { instances, by } => {
            job_progress::replaced(&mut transition, instances, by);
        }
        Event::TakenOver(take_over) => take_over::taken_over(&mut transition, take_over)?,
        Event::CleanUpLooked { known, places } => clean_up::looked(&mut transition, *known, places),
        Event::SaveRefused { text } => save_refused::save_refused(&mut transition, text),
        Event::TerminateAnswered { instances, answer } => {
            clean_up::answered(&mut transition, instances, answer);
        }
    }
    progress::settle(&mut transition);
    notifications::settle(&mut transition);
    if matches!(event, Event::Tick) {
        let pending = pending_effects(&transition.next, transition.now);
        transition.effects.extend(pending);
    }
    Ok(Decision {
        next: transition.next,
        notes: transition.notes,
        effects: transition.effects,
        notices: transition.notices,
        ledger: transition.ledger,
    })
}
