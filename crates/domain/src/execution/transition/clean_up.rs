//! Clean-up: terminating what an ended drill has launched, and only that, until a fresh look
//! finds nothing of it, neither in DRS nor in EC2.

mod absence;
mod end;
mod job;
mod look;
mod standing;
mod terminate;

use super::locks::lock_all;
use super::working::Transition;
use crate::counted::counted;
use crate::execution::model::clean_up::{CleanUp, CleanUpInstance, CleanUpStatus};
use crate::execution::model::note::NoteCode;
use crate::execution::model::refusal::Refusal;
use crate::execution::model::wave::Wave;
use crate::name::is_same_text;

pub(super) use end::settle;
pub(super) use look::looked;
pub(super) use terminate::answered;

/// A person asks for clean-up. The locks on the servers have been taken again.
pub(super) fn begin(transition: &mut Transition, by: &str, confirm: &str) -> Result<(), Refusal> {
    if !is_same_text(confirm, &transition.next.head.plan.name) {
        return Err(Refusal::ConfirmationMismatch(
            "`confirm` must be the name of the plan".to_owned(),
        ));
    }
    let now = transition.now;
    lock_all(transition);
    for server in transition.next.waves.iter_mut().flat_map(Wave::servers_mut) {
        server.passed_to = None;
    }
    transition.next.head.clean_up = CleanUp {
        status: CleanUpStatus::Running,
        by: Some(by.to_owned()),
        started_at: Some(now),
        jobs: std::mem::take(&mut transition.next.head.clean_up.jobs),
        instances: gone_before(&mut transition.next.head.clean_up.instances),
        ..CleanUp::default()
    };
    look::enlist_known(transition);
    let count = transition.next.head.clean_up.instances.len();
    let known = counted(count, "instance", "instances");
    let text = format!("asked to terminate what the drill has launched ({known} known)");
    transition.note_actor(NoteCode::CleanUpStarted, None, text, by);
    Ok(())
}

/// What an earlier clean-up has seen go stays so; the rest is asked for anew.
fn gone_before(instances: &mut Vec<CleanUpInstance>) -> Vec<CleanUpInstance> {
    let mut known = std::mem::take(instances);
    known.retain(CleanUpInstance::is_gone);
    known
}
