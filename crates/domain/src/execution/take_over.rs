//! Another execution takes the locks of this one: a recovery goes before a drill, or continues
//! a recovery that has ended. What this one has asked of DRS is followed to its end all the same.

use std::collections::BTreeSet;

use super::batch::{Batch, BatchReference};
use super::clean_up::CleanUpInstanceState;
use super::decide::Turn;
use super::note::NoteCode;
use super::refusal::Refusal;
use super::{Course, Execution};
use crate::counted::counted;
use crate::ids::{ExecutionId, SourceServerId};
use crate::kind::Kind;
use crate::place::Place;

/// What is taken, by whom, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakeOver {
    /// The recovery that takes it.
    pub to: ExecutionId,
    /// Who starts that.
    pub by: String,
    /// Why, in their words.
    pub reason: String,
    /// The servers whose locks it takes.
    pub servers: Vec<(Place, SourceServerId)>,
    /// How far it is.
    pub progress: TakeOverProgress,
}

/// How far a take-over is. Of several recoveries that begin at once one gets the locks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakeOverProgress {
    /// The recovery is about to take the locks: nothing more starts here.
    Announced,
    /// The recovery has the locks.
    Done,
}

/// Whether the locks of an execution may be taken: those of a drill, and of what has ended.
pub fn may_be_taken_over(execution: &Execution) -> Result<(), Refusal> {
    if execution.head.kind == Kind::Recovery && !execution.has_ended() {
        return Err(Refusal::now(
            "This recovery has not ended. Only a drill gives way, and only an ended recovery is continued.",
        ));
    }
    Ok(())
}

/// Whether another recovery can carry on with what this one has launched. Whether one does so
/// already is known to the store alone.
pub fn may_be_continued(execution: &Execution) -> Result<(), Refusal> {
    if execution.head.kind == Kind::Drill {
        return Err(Refusal::now(
            "Only a recovery is continued, and this is a drill.",
        ));
    }
    may_be_taken_over(execution)
}

/// Those who may launch servers of this execution since `before`: they have the locks, and what
/// was asked of DRS for those servers has ended.
pub fn set_free(before: &Execution, after: &Execution) -> BTreeSet<ExecutionId> {
    let was_in_flight = |reference: BatchReference| {
        let batch = before.batch(reference);
        batch.is_some_and(Batch::is_in_flight)
    };
    after
        .batches()
        .filter(|(reference, batch)| !batch.is_in_flight() && was_in_flight(*reference))
        .flat_map(|(_, batch)| &batch.servers)
        .filter_map(|server| server.passed_to.clone())
        .collect()
}

/// From now on nothing new starts here, and the servers are the other's.
pub(super) fn taken_over(turn: &mut Turn, take_over: &TakeOver) -> Result<(), Refusal> {
    may_be_taken_over(&turn.next)?;
    let TakeOver {
        to,
        by,
        reason,
        servers,
        progress,
    } = take_over;
    let mut passed = 0;
    for wave in &mut turn.next.waves {
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
    let is_going = matches!(turn.next.head.course, Course::Going | Course::Paused { .. })
        && !turn.next.has_ended();
    if is_going {
        turn.next.head.course = Course::Cancelling {
            since: turn.now,
            by: by.clone(),
            reason: Some(format!("recovery {to} goes first: {reason}")),
        };
    }
    if is_going || passed > 0 {
        let passed = counted(passed, "server", "servers");
        let text = format!("recovery {to} takes over {passed}: {reason}");
        turn.note_actor(NoteCode::TakenOver, None, text, by);
    }
    leave_instances(turn, to);
    Ok(())
}

/// A clean-up that is under way asks for no further termination of what the other execution
/// is about to replace: the terminate job would stand in its way.
fn leave_instances(turn: &mut Turn, to: &ExecutionId) {
    let passed: Vec<SourceServerId> = turn
        .next
        .servers()
        .filter(|server| server.passed_to.is_some())
        .map(|server| server.id.clone())
        .collect();
    for known in &mut turn.next.head.clean_up.instances {
        if known.state == CleanUpInstanceState::Pending && passed.contains(&known.server) {
            known.state = CleanUpInstanceState::Refused;
            known.reason = Some(format!("left to recovery {to}, which has its server now").into());
        }
    }
}
