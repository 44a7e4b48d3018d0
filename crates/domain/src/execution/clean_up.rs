//! Clean-up: terminating what an ended drill has launched, and only that, until a fresh look
//! finds nothing of it.

mod absence;
mod instance;
mod status;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::batch::JobStatus;
use super::command::{lock_all, may_clean_up};
use super::decide::Turn;
use super::effect::{CleanUpLookAt, Effect};
use super::event::{CleanUpLook, TerminateAnswer, WorldFault};
use super::note::NoteCode;
use super::refusal::Refusal;
use super::{Execution, observe};
use crate::counted::counted;
use crate::ids::{JobId, RecoveryInstanceId, SourceServerId};
use crate::name::is_same_text;
use crate::place::Place;
use crate::quota::SERVERS_PER_BATCH_MAX;
use crate::source_server::{DrillFlag, RecoveryInstance};

use absence::{Absence, absence, may_still_come_up};

pub use absence::KnownLaunches;
pub use instance::{CleanUpInstance, CleanUpInstanceState};
pub use status::CleanUpStatus;
pub(super) use status::waits_for;

/// Looks are at least this far apart.
const LOOK_EVERY: SignedDuration = SignedDuration::from_secs(5);
/// Looks in a row that must show nothing before nothing is believed: a listing can be stale.
const CLEAN_LOOKS_MIN: u32 = 2;
/// How long looks may fail in a row before clean-up ends without a proof.
const BLIND_MAX: SignedDuration = SignedDuration::from_mins(30);

/// The clean-up of one execution.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CleanUp {
    /// Where it stands.
    pub status: CleanUpStatus,
    /// Who asked for it.
    pub by: Option<String>,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// What is to go.
    pub instances: Vec<CleanUpInstance>,
    /// Terminate jobs.
    pub jobs: Vec<TerminateJob>,
    /// The last look.
    pub looked_at: Option<Timestamp>,
    /// Since when every look failed, and why the last one did.
    pub blind: Option<(Timestamp, String)>,
    /// Looks in a row that showed nothing of this execution alive.
    pub clean_looks: u32,
    /// How many instances one request names at most: fewer after DRS would not take so many
    /// together, more again after it did; nothing is as many as DRS ever takes.
    #[serde(default)]
    pub together_max: Option<usize>,
}

impl CleanUp {
    fn together_max(&self) -> usize {
        self.together_max.unwrap_or(SERVERS_PER_BATCH_MAX).max(1)
    }

    /// Why the last look failed, where looks have failed for so long that this ends; then nothing
    /// more is terminated either.
    fn blind_for_too_long(&self, now: Timestamp) -> Option<&str> {
        let (since, text) = self.blind.as_ref()?;
        (now.duration_since(*since) >= BLIND_MAX).then_some(text.as_str())
    }
}

/// A terminate job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TerminateJob {
    /// The job.
    pub id: JobId,
    /// Where.
    pub place: Place,
    /// When it became known.
    pub since: Timestamp,
    /// Its status.
    pub status: JobStatus,
}

/// Whether clean-up may be asked for.
pub(super) fn allowed(execution: &Execution) -> Result<(), Refusal> {
    may_clean_up(execution)?;
    match execution.head.clean_up.status {
        CleanUpStatus::Running => Err(Refusal::now("Clean-up is under way.")),
        CleanUpStatus::Done => Err(Refusal::now("Clean-up is done: nothing is left.")),
        CleanUpStatus::NotStarted | CleanUpStatus::Incomplete | CleanUpStatus::CouldNotVerify => {
            Ok(())
        }
    }
}

/// A person asks for clean-up. The locks on the servers have been taken again.
pub(super) fn begin(turn: &mut Turn, by: &str, confirm: &str) -> Result<(), Refusal> {
    if !is_same_text(confirm, &turn.next.head.plan.name) {
        return Err(Refusal::ConfirmationMismatch(
            "`confirm` must be the name of the plan".to_owned(),
        ));
    }
    let now = turn.now;
    lock_all(turn);
    for server in turn
        .next
        .waves
        .iter_mut()
        .flat_map(super::Wave::servers_mut)
    {
        server.passed_to = None;
    }
    turn.next.head.clean_up = CleanUp {
        status: CleanUpStatus::Running,
        by: Some(by.to_owned()),
        started_at: Some(now),
        jobs: std::mem::take(&mut turn.next.head.clean_up.jobs),
        instances: gone_before(&mut turn.next.head.clean_up.instances),
        ..CleanUp::default()
    };
    enlist_known(turn);
    let count = turn.next.head.clean_up.instances.len();
    let known = counted(count, "instance", "instances");
    let text = format!("asked to terminate what the drill has launched ({known} known)");
    turn.note_actor(NoteCode::CleanUpStarted, None, text, by);
    Ok(())
}

/// What an earlier clean-up has seen go stays so; the rest is asked for anew.
fn gone_before(instances: &mut Vec<CleanUpInstance>) -> Vec<CleanUpInstance> {
    let mut known = std::mem::take(instances);
    known.retain(|instance| match instance.state {
        CleanUpInstanceState::Terminated | CleanUpInstanceState::AlreadyGone => true,
        CleanUpInstanceState::Pending
        | CleanUpInstanceState::Terminating
        | CleanUpInstanceState::NotOurs
        | CleanUpInstanceState::Refused => false,
    });
    known
}

/// Whether clean-up needs the locks on the servers.
pub(super) fn needs_locks(execution: &Execution) -> bool {
    execution.head.clean_up.status == CleanUpStatus::Running
}

/// Every place was looked at.
pub(super) fn looked(
    turn: &mut Turn,
    known: KnownLaunches,
    places: &[(Place, Result<CleanUpLook, WorldFault>)],
) {
    if !needs_locks(&turn.next) {
        return;
    }
    let now = turn.now;
    for (place, look) in places {
        if let Ok(look) = look {
            observe::seen(turn, place, &look.launch_jobs);
        }
    }
    enlist_known(turn);
    let absence = absence(&turn.next, known, now);
    turn.next.head.clean_up.looked_at = Some(now);
    let mut alive = 0;
    let mut failure = None;
    for (place, look) in places {
        match look {
            Err(fault) => failure = Some(fault.text.clone()),
            Ok(look) => {
                enlist_seen(turn, place, look);
                note_jobs(turn, place, look);
                alive += merge(turn, place, look, absence);
            }
        }
    }
    let in_flight = turn.next.batches().any(|(_, batch)| batch.is_in_flight())
        || may_still_come_up(&turn.next, now).is_some();
    let clean_up = &mut turn.next.head.clean_up;
    if let Some(text) = failure {
        let since = clean_up.blind.as_ref().map_or(now, |(since, _)| *since);
        clean_up.blind = Some((since, text));
        clean_up.clean_looks = 0;
    } else {
        clean_up.blind = None;
        let counted = match absence {
            Absence::Counts => clean_up.clean_looks.saturating_add(1),
            Absence::IsNoNews => clean_up.clean_looks,
            Absence::ProvesNothing => 0,
        };
        clean_up.clean_looks = if alive > 0 || in_flight { 0 } else { counted };
    }
    if turn.next.head.clean_up.blind_for_too_long(now).is_none() {
        for (place, look) in places {
            if let Ok(look) = look {
                terminate(turn, place, look);
            }
        }
    }
}

/// Instances that our own launches are known to have brought up.
fn enlist_known(turn: &mut Turn) {
    let mut found = Vec::new();
    for (_, batch) in turn.next.batches() {
        for server in &batch.servers {
            if let Some(instance) = &server.instance {
                found.push((instance.id.clone(), server.id.clone(), batch.place.clone()));
            }
        }
    }
    for (id, server, place) in found {
        enlist(turn, &id, &server, &place);
    }
}

/// Instances that DRS lists for our servers with a job of ours: a late server may be here
/// before its job says so.
fn enlist_seen(turn: &mut Turn, place: &Place, look: &CleanUpLook) {
    for instance in &look.instances {
        if let Some(server) = &instance.server
            && is_launched_here(&turn.next, instance)
        {
            enlist(turn, &instance.id, server, place);
        }
    }
}

fn enlist(turn: &mut Turn, id: &RecoveryInstanceId, server: &SourceServerId, place: &Place) {
    let instances = &mut turn.next.head.clean_up.instances;
    if instances.iter().any(|known| known.id == *id) {
        return;
    }
    instances.push(CleanUpInstance {
        id: id.clone(),
        server: server.clone(),
        place: place.clone(),
        state: CleanUpInstanceState::Pending,
        reason: None,
        tries: 0,
        asked_at: None,
        absent_looks: 0,
    });
}

fn note_jobs(turn: &mut Turn, place: &Place, look: &CleanUpLook) {
    for job in turn
        .next
        .head
        .clean_up
        .jobs
        .iter_mut()
        .filter(|job| job.place == *place)
    {
        if !look.open_terminate_jobs.contains(&job.id) {
            job.status = JobStatus::Completed;
        }
    }
}

/// Whether an instance was launched by a job of this execution, as a drill. Both must hold:
/// nothing else is ever terminated (law 7).
fn is_launched_here(execution: &Execution, instance: &RecoveryInstance) -> bool {
    instance.drill == DrillFlag::Drill
        && instance.job.as_ref().is_some_and(|job| {
            execution
                .batches()
                .any(|(_, batch)| batch.jobs.iter().any(|known| known.id == *job))
        })
}

/// Merges what was seen in one place; gives how many instances of ours are alive there.
fn merge(turn: &mut Turn, place: &Place, look: &CleanUpLook, absence: Absence) -> usize {
    let now = turn.now;
    let execution = turn.next.clone();
    let busy = !look.open_terminate_jobs.is_empty();
    let clean_up = &mut turn.next.head.clean_up;
    for known in clean_up
        .instances
        .iter_mut()
        .filter(|known| known.place == *place)
    {
        let seen = look.instances.iter().find(|seen| seen.id == known.id);
        match seen.filter(|seen| seen.is_live()) {
            None => match absence {
                Absence::Counts => known.absent(),
                Absence::IsNoNews | Absence::ProvesNothing => {}
            },
            Some(seen) if !is_launched_here(&execution, seen) => {
                known.state = CleanUpInstanceState::NotOurs;
                known.reason = Some("DRS does not show it as launched by this drill".to_owned());
            }
            Some(_) => known.present(now, busy),
        }
    }
    look.instances
        .iter()
        .filter(|seen| seen.is_live() && is_launched_here(&execution, seen))
        .count()
}

/// Asks for what was just seen alive and ours. An instance whose request DRS refused before
/// is asked for alone, because DRS refuses a request whole.
fn terminate(turn: &mut Turn, place: &Place, look: &CleanUpLook) {
    let now = turn.now;
    let mut together = Vec::new();
    let mut alone = Vec::new();
    for known in &mut turn.next.head.clean_up.instances {
        let alive = look
            .instances
            .iter()
            .any(|seen| seen.id == known.id && seen.is_live());
        let due = known
            .asked_at
            .is_none_or(|at| now.duration_since(at) >= LOOK_EVERY);
        if known.place != *place || known.state != CleanUpInstanceState::Pending || !alive || !due {
            continue;
        }
        known.state = CleanUpInstanceState::Terminating;
        known.asked_at = Some(now);
        if known.tries == 0 {
            &mut together
        } else {
            &mut alone
        }
        .push(known.id.clone());
    }
    let requests: Vec<Vec<RecoveryInstanceId>> = together
        .chunks(turn.next.head.clean_up.together_max())
        .map(<[RecoveryInstanceId]>::to_vec)
        .chain(alone.into_iter().map(|id| vec![id]))
        .collect();
    for instances in requests {
        let count = counted(instances.len(), "instance", "instances");
        let text = format!("terminating {count} in {place}");
        turn.note(NoteCode::TerminationAsked, text);
        turn.effects.push(Effect::Terminate {
            place: place.clone(),
            instances,
        });
    }
}

/// DRS answered a termination, or did not.
pub(super) fn answered(
    turn: &mut Turn,
    instances: &[RecoveryInstanceId],
    answer: &TerminateAnswer,
) {
    let now = turn.now;
    let clean_up = &mut turn.next.head.clean_up;
    let mut place = None;
    for known in clean_up.instances.iter_mut().filter(|known| {
        instances.contains(&known.id) && known.state == CleanUpInstanceState::Terminating
    }) {
        place = Some(known.place.clone());
        match answer {
            TerminateAnswer::Started(_) | TerminateAnswer::Doubt(_) => known.tries += 1,
            TerminateAnswer::Later(text) | TerminateAnswer::InParts(text) => {
                known.state = CleanUpInstanceState::Pending;
                known.reason = Some(text.clone());
            }
            TerminateAnswer::Refused(text) => {
                known.tries += 1;
                known.again(text);
            }
        }
    }
    match (answer, place) {
        (TerminateAnswer::Started(job), Some(place)) => {
            clean_up.jobs.push(TerminateJob {
                id: job.clone(),
                place,
                since: now,
                status: JobStatus::Pending,
            });
            let more = clean_up.together_max() * 2;
            clean_up.together_max = (more < SERVERS_PER_BATCH_MAX).then_some(more);
        }
        (TerminateAnswer::InParts(_), Some(_)) => {
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

/// Ends the clean-up when its end is proved, or cannot be.
pub(super) fn settle(turn: &mut Turn) {
    if !needs_locks(&turn.next) {
        return;
    }
    let now = turn.now;
    let in_flight = turn.next.batches().any(|(_, batch)| batch.is_in_flight());
    let clean_up = &turn.next.head.clean_up;
    let has = |state| clean_up.instances.iter().any(|known| known.state == state);
    let open = has(CleanUpInstanceState::Pending)
        || has(CleanUpInstanceState::Terminating)
        || clean_up
            .jobs
            .iter()
            .any(|job| job.status != JobStatus::Completed);
    let (status, text) = if let Some(text) = clean_up.blind_for_too_long(now) {
        (
            CleanUpStatus::CouldNotVerify,
            format!("DRS could not be looked at: {text}"),
        )
    } else if open || in_flight {
        return;
    } else if has(CleanUpInstanceState::Refused) {
        (
            CleanUpStatus::Incomplete,
            "DRS refuses to terminate something".to_owned(),
        )
    } else if clean_up.clean_looks >= CLEAN_LOOKS_MIN {
        (
            CleanUpStatus::Done,
            "a fresh look finds no instance of this drill".to_owned(),
        )
    } else {
        return;
    };
    turn.next.head.clean_up.status = status;
    turn.next.head.clean_up.ended_at = Some(now);
    turn.note(
        NoteCode::CleanUpEnded,
        format!("clean-up ended {}: {text}", status.word()),
    );
}

/// The next look, when it is due.
pub(super) fn errands(execution: &Execution, now: Timestamp) -> Option<Effect> {
    let clean_up = &execution.head.clean_up;
    let recent = clean_up
        .looked_at
        .is_some_and(|at| now.duration_since(at) < LOOK_EVERY);
    if !needs_locks(execution) || recent {
        return None;
    }
    let mut places: BTreeMap<&Place, CleanUpLookAt> = BTreeMap::new();
    for (_, batch) in execution.batches() {
        let look = places.entry(&batch.place).or_insert_with(|| CleanUpLookAt {
            place: batch.place.clone(),
            launch_jobs: Vec::new(),
            terminate_jobs: Vec::new(),
            servers: Vec::new(),
        });
        look.launch_jobs
            .extend(batch.jobs.iter().map(|job| job.id.clone()));
        look.servers
            .extend(batch.servers.iter().map(|server| server.id.clone()));
    }
    for job in clean_up
        .jobs
        .iter()
        .filter(|job| job.status != JobStatus::Completed)
    {
        if let Some(look) = places.get_mut(&job.place) {
            look.terminate_jobs.push(job.id.clone());
        }
    }
    Some(Effect::LookForCleanUp {
        known: KnownLaunches::of(execution),
        places: places.into_values().collect(),
    })
}
