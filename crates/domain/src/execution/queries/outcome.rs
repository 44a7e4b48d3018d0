//! How a wave and an execution that have nothing left to do end.

use crate::counted::counted;
use crate::execution::model::course::{Course, StopCause};
use crate::execution::model::execution::Execution;
use crate::execution::model::outcome::{Outcome, WaveOutcome};
use crate::execution::model::server::ServerState;
use crate::recovery_plan::Need;

/// Whether a wave's need is met by `launched` of `servers`. More than all is never needed: a
/// group can have shrunk since the plan was saved.
pub fn need_is_met(need: Need, launched: usize, servers: usize) -> bool {
    launched >= need.of(servers).min(servers)
}

/// Judges a wave all of whose servers have ended.
pub fn judge_wave(need: Need, states: &[ServerState]) -> WaveOutcome {
    let count = |state| states.iter().filter(|&&other| other == state).count();
    let launched = count(ServerState::Launched);
    if !states.is_empty() && count(ServerState::Cancelled) == states.len() {
        WaveOutcome::Cancelled
    } else if launched == states.len() {
        WaveOutcome::Completed
    } else if need_is_met(need, launched, states.len()) {
        WaveOutcome::Partial
    } else {
        WaveOutcome::Failed
    }
}

/// Judges an execution all of whose waves have ended, with the sentence that says why.
pub fn judge_execution(execution: &Execution) -> (Outcome, String) {
    let servers = execution.servers().count();
    let launched = execution
        .servers()
        .filter(|server| server.state == ServerState::Launched)
        .count();
    let count = format!(
        "{launched} of {} launched",
        counted(servers, "server", "servers")
    );
    match &execution.head.course {
        Course::Cancelling { by, reason, .. } => {
            let why = reason
                .as_deref()
                .map_or_else(String::new, |reason| format!(" ({reason})"));
            (
                Outcome::Cancelled,
                format!("cancelled by {by}{why}; {count}"),
            )
        }
        Course::Stopping { wave, cause, .. } => {
            let key = &execution.waves[*wave].head.key;
            match cause {
                StopCause::Failure => (
                    Outcome::Failed,
                    format!("stopped because wave `{key}` failed; {count}"),
                ),
                StopCause::TimeLimit => {
                    let text = format!("stopped by the time limit of wave `{key}`; {count}");
                    (Outcome::TimedOut, text)
                }
            }
        }
        Course::Running | Course::Paused { .. } => {
            let skipped = execution.waves.iter().any(|wave| {
                wave.end()
                    .is_some_and(|end| end.outcome == WaveOutcome::Skipped)
            });
            if launched == servers && !skipped {
                (Outcome::Completed, count)
            } else if launched == 0 {
                (Outcome::Failed, "no server launched".to_owned())
            } else {
                (Outcome::Partial, count)
            }
        }
    }
}
