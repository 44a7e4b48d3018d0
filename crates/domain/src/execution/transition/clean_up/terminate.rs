//! Asking DRS to terminate, and what it answers.

use crate::counted::counted;
use crate::execution::model::clean_up::{CLEAN_UP_LOOK_EVERY, CleanUpInstanceState, TerminateJob};
use crate::execution::model::effect::Effect;
use crate::execution::model::event::{CleanUpLook, TerminateAnswer};
use crate::execution::model::note::NoteCode;
use crate::execution::transition::working::Transition;
use crate::ids::RecoveryInstanceId;
use crate::place::Place;
use crate::quota::SERVERS_PER_BATCH_MAX;

/// Asks for what DRS was just seen to list as ours: what is alive, and records of what has ended. An instance whose request DRS refused before
/// is asked for alone, because DRS refuses a request whole.
pub(super) fn terminate(transition: &mut Transition, place: &Place, look: &CleanUpLook) {
    let now = transition.now;
    let mut together = Vec::new();
    let mut alone = Vec::new();
    for known in &mut transition.next.head.clean_up.instances {
        // Whose it is was compared in this very look; what is not ours is not pending.
        let listed = look.instances.iter().any(|seen| seen.id == known.id);
        let due = known
            .asked_at
            .is_none_or(|at| now.duration_since(at) >= CLEAN_UP_LOOK_EVERY);
        if known.place != *place || known.state != CleanUpInstanceState::Pending || !listed || !due
        {
            continue;
        }
        known.asked(now);
        if known.tries == 0 {
            &mut together
        } else {
            &mut alone
        }
        .push(known.id.clone());
    }
    let requests: Vec<Vec<RecoveryInstanceId>> = together
        .chunks(transition.next.head.clean_up.together_max())
        .map(<[RecoveryInstanceId]>::to_vec)
        .chain(alone.into_iter().map(|id| vec![id]))
        .collect();
    for instances in requests {
        let text = format!(
            "terminating {} in {place}",
            counted(instances.len(), "instance", "instances")
        );
        transition.note(NoteCode::TerminationAsked, text);
        transition.effects.push(Effect::Terminate {
            place: place.clone(),
            instances,
        });
    }
}

/// DRS answered a termination, or did not.
pub(in crate::execution) fn answered(
    transition: &mut Transition,
    instances: &[RecoveryInstanceId],
    answer: &TerminateAnswer,
) {
    let now = transition.now;
    let clean_up = &mut transition.next.head.clean_up;
    let mut place = None;
    for known in clean_up.instances.iter_mut().filter(|known| {
        instances.contains(&known.id) && known.state == CleanUpInstanceState::Terminating
    }) {
        place = Some(known.place.clone());
        match answer {
            TerminateAnswer::Started(job) => known.taken(job),
            TerminateAnswer::Doubt(_) => known.tries += 1,
            TerminateAnswer::Later(text) | TerminateAnswer::InParts(text) => {
                known.put_off(text, now);
            }
            TerminateAnswer::Refused(text) => {
                known.tries += 1;
                known.again(text);
            }
        }
    }
    match (answer, place) {
        (TerminateAnswer::Started(job), Some(place)) => {
            // DRS takes something: what it has put off there may be waiting for its transition.
            for other in &mut clean_up.instances {
                if other.place == place {
                    other.put_off_since = None;
                }
            }
            let job = TerminateJob::new(job.clone(), place, now);
            clean_up.jobs.push(job);
            let more = clean_up.together_max() * 2;
            clean_up.together_max = (more < SERVERS_PER_BATCH_MAX).then_some(more);
        }
        (TerminateAnswer::InParts(_), Some(_)) if instances.len() > 1 => {
            let half = instances.len().min(clean_up.together_max()) / 2;
            clean_up.together_max = Some(half.max(1));
        }
        (
            TerminateAnswer::Started(_)
            | TerminateAnswer::InParts(_)
            | TerminateAnswer::Later(_)
            | TerminateAnswer::Refused(_)
            | TerminateAnswer::Doubt(_),
            _,
        ) => {}
    }
}
