//! What a person may do now: the same question that the commands ask themselves.

use super::holds::{Hold, HoldType, open_holds};
use crate::execution::model::batch::JobStatus;
use crate::execution::model::clean_up::CleanUpStatus;
use crate::execution::model::command::CommandName;
use crate::execution::model::course::Course;
use crate::execution::model::execution::Execution;
use crate::execution::model::outcome::WaveOutcome;
use crate::execution::model::refusal::Refusal;
use crate::execution::model::server::{Server, ServerState};
use crate::execution::model::wave::{Wave, WaveState};
use crate::kind::Kind;

/// Whether one command could be accepted now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedAction {
    /// The command.
    pub command: CommandName,
    /// Why not; nothing when it could.
    pub refusal: Option<String>,
}

/// Every command, each with whether it could be accepted now.
pub fn allowed_actions(execution: &Execution) -> Vec<AllowedAction> {
    CommandName::ALL
        .into_iter()
        .map(|command| AllowedAction {
            command,
            refusal: allowed(execution, command)
                .err()
                .map(|refusal| refusal.to_string()),
        })
        .collect()
}

/// Whether a command with this name could be accepted now, whatever it says. Commands ask
/// this themselves, so what is shown and what is accepted cannot differ.
pub fn allowed(execution: &Execution, name: CommandName) -> Result<(), Refusal> {
    if name == CommandName::TerminateInstances {
        return may_terminate_instances(execution);
    }
    if name == CommandName::Resolve {
        // Also after the end: a launch in doubt still keeps its servers locked.
        return may_resolve(execution);
    }
    if let Some(ending) = &execution.head.ending {
        let text = format!("The execution has ended: {}.", ending.reason);
        return Err(Refusal::now(text));
    }
    match name {
        CommandName::Pause => may_pause(execution),
        CommandName::Resume => may_resume(execution),
        CommandName::Cancel => may_cancel(execution),
        CommandName::Retry => may_retry(execution),
        CommandName::Skip => may_skip(execution),
        CommandName::Resolve | CommandName::TerminateInstances => Ok(()),
    }
}

fn not_over(execution: &Execution) -> Result<(), Refusal> {
    match &execution.head.course {
        Course::Running | Course::Paused { .. } => Ok(()),
        Course::Stopping { .. } => Err(Refusal::now(
            "The execution is stopping because a wave failed: nothing more starts.",
        )),
        Course::Cancelling { .. } => Err(Refusal::now("The execution is being cancelled.")),
    }
}

fn may_pause(execution: &Execution) -> Result<(), Refusal> {
    not_over(execution)?;
    // What is queued may yet be sent, and so may what DRS is being asked about.
    let left = execution
        .waves
        .iter()
        .any(|wave| wave.head.state == WaveState::Pending)
        || execution
            .servers()
            .any(|server| matches!(server.state, ServerState::Queued | ServerState::Reconciling));
    match (&execution.head.course, left) {
        (Course::Paused { .. }, _) => Err(Refusal::now("The execution is paused already.")),
        (_, false) => Err(Refusal::now(
            "Nothing is left to start, so nothing can be paused.",
        )),
        (_, true) => Ok(()),
    }
}

fn may_cancel(execution: &Execution) -> Result<(), Refusal> {
    match &execution.head.course {
        Course::Running | Course::Paused { .. } => Ok(()),
        // A second cancel can still give up on servers that never answer.
        Course::Cancelling { .. } | Course::Stopping { .. } => {
            if execution.servers().any(can_be_given_up) {
                Ok(())
            } else {
                Err(Refusal::now("The execution is ending already."))
            }
        }
    }
}

pub(in crate::execution) fn can_be_given_up(server: &Server) -> bool {
    matches!(
        server.state,
        ServerState::Launching | ServerState::Reconciling
    )
}

pub(in crate::execution) fn is_skippable(wave: &Wave) -> bool {
    match &wave.head.state {
        WaveState::Pending => true,
        WaveState::Started => false,
        WaveState::Ended(end) => {
            matches!(end.outcome, WaveOutcome::Failed | WaveOutcome::TimedOut)
        }
    }
}

fn may_skip(execution: &Execution) -> Result<(), Refusal> {
    not_over(execution)?;
    if execution.waves.iter().any(is_skippable) {
        Ok(())
    } else {
        Err(Refusal::now(
            "No wave is left that has not started, or has failed.",
        ))
    }
}

fn may_resume(execution: &Execution) -> Result<(), Refusal> {
    let open = open_holds(execution);
    if open.iter().any(|hold| !is_undecided(hold)) {
        return Ok(());
    }
    not_over(execution)?;
    Err(Refusal::now(if open.is_empty() {
        "Nothing is held."
    } else {
        "A launch is in doubt: resolve it, by its job or by saying that there is none."
    }))
}

fn may_resolve(execution: &Execution) -> Result<(), Refusal> {
    if open_holds(execution).iter().any(is_undecided) {
        Ok(())
    } else {
        Err(Refusal::now("No launch waits for a person's word."))
    }
}

pub(in crate::execution) fn is_undecided(hold: &Hold) -> bool {
    hold.kind == HoldType::Undecided
}

fn may_retry(execution: &Execution) -> Result<(), Refusal> {
    not_over(execution)?;
    let any = execution.batches().any(|(_, batch)| {
        batch.servers.iter().any(|server| {
            is_failed(server.state)
                || (server.state == ServerState::Unknown && !batch.is_in_flight())
        })
    });
    if any {
        Ok(())
    } else {
        Err(Refusal::now("No server has failed."))
    }
}

pub(in crate::execution) fn is_failed(state: ServerState) -> bool {
    matches!(state, ServerState::Failed | ServerState::Terminated)
}

/// Whether clean-up may be asked for.
fn may_terminate_instances(execution: &Execution) -> Result<(), Refusal> {
    may_clean_up(execution)?;
    match execution.head.clean_up.status {
        CleanUpStatus::Running => Err(Refusal::now("Clean-up is under way.")),
        CleanUpStatus::Done => Err(Refusal::now("Clean-up is done: nothing is left.")),
        CleanUpStatus::NotStarted | CleanUpStatus::Incomplete | CleanUpStatus::CouldNotVerify => {
            Ok(())
        }
    }
}

/// What clean-up may begin with: an ended drill whose own clean-up is not under way.
fn may_clean_up(execution: &Execution) -> Result<(), Refusal> {
    if execution.head.kind == Kind::Recovery {
        return Err(Refusal::NotADrill);
    }
    if !execution.has_ended() {
        return Err(Refusal::now(
            "The drill has not ended. Cancel it first, or let it end.",
        ));
    }
    let launched = execution.servers().any(|server| {
        server.instance.is_some()
            || matches!(server.state, ServerState::Launched | ServerState::Unknown)
    }) || execution.batches().any(|(_, batch)| {
        batch.is_in_flight()
            || batch
                .jobs
                .iter()
                .any(|job| job.status != JobStatus::Vanished)
    });
    if launched {
        Ok(())
    } else {
        Err(Refusal::now(
            "The drill has launched nothing, so nothing is to be terminated.",
        ))
    }
}
