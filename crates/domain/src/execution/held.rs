//! What people say to open holds: resuming, and resolving a launch in doubt.

use super::command::{Resolution, not_over};
use super::decide::Turn;
use super::note::NoteCode;
use super::refusal::Refusal;
use super::status::{Hold, HoldType, open_holds};
use super::wave::{Gate, Release, WaveState};
use super::{Course, Execution, reconcile};
use crate::ids::HoldId;

fn is_undecided(hold: &Hold) -> bool {
    hold.kind == HoldType::Undecided
}

pub(super) fn may_resume(execution: &Execution) -> Result<(), Refusal> {
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

pub(super) fn may_resolve(execution: &Execution) -> Result<(), Refusal> {
    if open_holds(execution).iter().any(is_undecided) {
        Ok(())
    } else {
        Err(Refusal::now("No launch waits for a person's word."))
    }
}

pub(super) fn resolve(
    turn: &mut Turn,
    by: &str,
    named: &HoldId,
    resolution: &Resolution,
) -> Result<(), Refusal> {
    let hold = open_holds(&turn.next)
        .into_iter()
        .find(|hold| hold.id == *named && is_undecided(hold))
        .ok_or_else(|| Refusal::HoldClosed(named.clone()))?;
    let text = match resolution {
        Resolution::Job(job) => format!("said that job {job} is the launch of hold {named}"),
        Resolution::NoJob(reason) => {
            format!("said that DRS has launched nothing (hold {named}): {reason}")
        }
    };
    turn.note_actor(NoteCode::Resolved, hold.wave, text, by);
    reconcile::resolved(turn, named, resolution);
    Ok(())
}

pub(super) fn resume(
    turn: &mut Turn,
    by: &str,
    named: &[HoldId],
    comment: Option<&str>,
) -> Result<(), Refusal> {
    let mut open = open_holds(&turn.next);
    let in_doubt =
        |id: &HoldId, open: &[Hold]| open.iter().any(|hold| hold.id == *id && is_undecided(hold));
    if let Some(id) = named.iter().find(|id| in_doubt(id, &open)) {
        let text = format!("Hold {id} is about a launch in doubt: resolve it.");
        return Err(Refusal::now(text));
    }
    open.retain(|hold| !is_undecided(hold));
    let mut chosen: Vec<Hold> = if named.is_empty() {
        match open.as_slice() {
            [only] => vec![only.clone()],
            [] => {
                return Err(Refusal::now(
                    "Each open hold is about a launch in doubt: resolve those.",
                ));
            }
            several => {
                let text = format!("{} holds are open: name those to resume.", several.len());
                return Err(Refusal::now(text));
            }
        }
    } else {
        let find = |id: &HoldId| open.iter().find(|hold| hold.id == *id).cloned();
        named
            .iter()
            .map(|id| find(id).ok_or_else(|| Refusal::HoldClosed(id.clone())))
            .collect::<Result<_, _>>()?
    };
    chosen.dedup();
    let comment = comment.map(str::trim).filter(|comment| !comment.is_empty());
    let is_failure = |hold: &Hold| hold.kind == HoldType::Failure;
    if comment.is_none() && chosen.iter().any(is_failure) {
        return Err(Refusal::MissingMember {
            path: "comment",
            message: "say why the execution goes on without the failed wave".to_owned(),
        });
    }
    for hold in chosen {
        open_hold(turn, by, &hold, comment);
    }
    Ok(())
}

fn open_hold(turn: &mut Turn, by: &str, hold: &Hold, comment: Option<&str>) {
    let now = turn.now;
    match (hold.kind, hold.wave) {
        (HoldType::Gate, Some(wave)) => {
            turn.next.waves[wave].head.gate = Gate::Open {
                at: now,
                by: by.to_owned(),
            };
        }
        (HoldType::Failure, Some(wave)) => release(turn, wave),
        (HoldType::Manual, _) => turn.next.head.course = Course::Going,
        (HoldType::Undecided, _) | (HoldType::Gate | HoldType::Failure, None) => return,
    }
    let why = comment.map_or_else(String::new, |comment| format!(": {comment}"));
    let text = format!("resumed hold {}{why}", hold.id);
    turn.note_actor(NoteCode::Resumed, hold.wave, text, by);
}

fn release(turn: &mut Turn, wave: usize) {
    if let WaveState::Ended(end) = &mut turn.next.waves[wave].head.state {
        end.release = Release::Released;
    }
}
