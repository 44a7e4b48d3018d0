//! Another execution takes the locks of this one: a recovery goes before a drill, or continues
//! a recovery that has ended. What this one has asked of DRS is followed to its end all the same.

use super::working::Transition;
use crate::counted::counted;
use crate::execution::model::clean_up::CleanUpInstanceState;
use crate::execution::model::course::Course;
use crate::execution::model::note::NoteCode;
use crate::execution::model::refusal::Refusal;
use crate::execution::model::take_over::{TakeOver, TakeOverProgress};
use crate::execution::queries::take_over::may_be_taken_over;
use crate::ids::{ExecutionId, SourceServerId};

/// From now on nothing new starts here, and the servers are the other's.
pub(super) fn taken_over(transition: &mut Transition, take_over: &TakeOver) -> Result<(), Refusal> {
    may_be_taken_over(&transition.next)?;
    let TakeOver {
        to,
        by,
        reason,
        servers,
        progress,
    } = take_over;
    let mut passed = 0;
    for wave in &mut transition.next.waves {
        for batch in &mut wave.batches {
            let place = batch.place.clone();
            for server in &mut batch.servers {
                let is_taken = servers
                    .iter()
                    .any(|(at, id)| *id == server.id && *at == place);
                let is_news = match progress {
                    TakeOverProgress::Announced => server.passed_to.is_none(),
                    TakeOverProgress::Done => server.passed_to.as_ref() != Some(to),
                };
                if is_taken && is_news {
                    server.passed_to = Some(to.clone());
                    passed += 1;
                }
            }
        }
    }
    let is_going = matches!(
        transition.next.head.course,
        Course::Running | Course::Paused { .. }
    ) && !transition.next.has_ended();
    if is_going {
        transition.next.head.course = Course::Cancelling {
            since: transition.now,
            by: by.clone(),
            reason: Some(format!("recovery {to} goes first: {reason}")),
        };
    }
    if is_going || passed > 0 {
        let passed = counted(passed, "server", "servers");
        let text = format!("recovery {to} takes over {passed}: {reason}");
        transition.note_actor(NoteCode::TakenOver, None, text, by);
    }
    leave_instances(transition, to);
    Ok(())
}

/// A clean-up that is under way asks for no further termination of what the other execution
/// is about to replace: the terminate job would stand in its way.
fn leave_instances(transition: &mut Transition, to: &ExecutionId) {
    let passed: Vec<SourceServerId> = transition
        .next
        .servers()
        .filter(|server| server.passed_to.is_some())
        .map(|server| server.id.clone())
        .collect();
    for known in &mut transition.next.head.clean_up.instances {
        if known.state == CleanUpInstanceState::Pending && passed.contains(&known.server) {
            known.state = CleanUpInstanceState::Refused;
            known.reason = Some(format!("left to recovery {to}, which has its server now").into());
        }
    }
}
