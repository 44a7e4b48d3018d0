//! What people say to open holds: resuming, and resolving a launch in doubt.

use super::reconcile;
use super::working::Transition;
use crate::execution::model::command::Resolution;
use crate::execution::model::course::Course;
use crate::execution::model::note::NoteCode;
use crate::execution::model::refusal::Refusal;
use crate::execution::model::wave::{Gate, Release, WaveState};
use crate::execution::queries::allowed_actions::is_undecided;
use crate::execution::queries::holds::{Hold, HoldType, open_holds};
use crate::ids::HoldId;

pub(super) fn resolve(
    transition: &mut Transition,
    by: &str,
    named: &HoldId,
    resolution: &Resolution,
) -> Result<(), Refusal> {
    let hold = open_holds(&transition.next)
        .into_iter()
        .find(|hold| hold.id == *named && is_undecided(hold))
        .ok_or_else(|| Refusal::HoldClosed(named.clone()))?;
    let text = match resolution {
        Resolution::Job(job) => format!("said that job {job} is the launch of hold {named}"),
        Resolution::NoJob(reason) => {
            format!("said that DRS has launched nothing (hold {named}): {reason}")
        }
    };
    transition.note_actor(NoteCode::Resolved, hold.wave, text, by);
    reconcile::resolved(transition, named, resolution);
    Ok(())
}

pub(super) fn resume(
    transition: &mut Transition,
    by: &str,
    named: &[HoldId],
    comment: Option<&str>,
) -> Result<(), Refusal> {
    let mut open = open_holds(&transition.next);
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
        release_hold(transition, by, &hold, comment);
    }
    Ok(())
}

fn release_hold(transition: &mut Transition, by: &str, hold: &Hold, comment: Option<&str>) {
    let now = transition.now;
    match (hold.kind, hold.wave) {
        (HoldType::Gate, Some(wave)) => {
            transition.next.waves[wave].head.gate = Gate::Open {
                at: now,
                by: by.to_owned(),
            };
        }
        (HoldType::Failure, Some(wave)) => release(transition, wave),
        (HoldType::Manual, _) => transition.next.head.course = Course::Running,
        (HoldType::Undecided, _) | (HoldType::Gate | HoldType::Failure, None) => return,
    }
    let why = comment.map_or_else(String::new, |comment| format!(": {comment}"));
    let text = format!("resumed hold {}{why}", hold.id);
    transition.note_actor(NoteCode::Resumed, hold.wave, text, by);
}

fn release(transition: &mut Transition, wave: usize) {
    if let WaveState::Ended(end) = &mut transition.next.waves[wave].head.state {
        end.release = Release::Released;
    }
}
