//! Clean-up: terminating what an ended drill has launched, and only that, until a fresh look
//! finds nothing of it, neither in DRS nor in EC2.

mod absence;
mod end;
mod instance;
mod job;
mod look;
mod standing;
mod status;
mod terminate;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Execution;
use super::command::{lock_all, may_clean_up};
use super::decide::Turn;
use super::effect::{CleanUpLookAt, Ec2Question, Effect};
use super::note::NoteCode;
use super::refusal::Refusal;
use crate::counted::counted;
use crate::ids::RecoveryInstanceId;
use crate::name::is_same_text;
use crate::place::Place;
use crate::quota::SERVERS_PER_BATCH_MAX;
use crate::text::Reason;

pub use absence::KnownLaunches;
pub use instance::{CleanUpInstance, CleanUpInstanceState};
pub use job::{TerminateJob, TerminateLog};
pub use status::CleanUpStatus;

pub(super) use end::settle;
pub(super) use look::looked;
pub(super) use status::waits_for;
pub(super) use terminate::answered;

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
    pub blind: Option<(Timestamp, Reason)>,
    /// Looks in a row that showed nothing of this execution alive.
    pub clean_looks: u32,
    /// How many instances one request names at most: fewer after DRS would not take so many
    /// together, more again after it did; nothing is as many as DRS ever takes.
    #[serde(default)]
    pub together_max: Option<usize>,
    /// Since when EC2 could not be asked.
    #[serde(default)]
    pub ec2_blind: Option<Ec2Blind>,
    /// Why it ended as it did, in a sentence.
    #[serde(default)]
    pub reason: Option<Reason>,
}

/// A time in which EC2 could not be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ec2Blind {
    /// Since when.
    pub since: Timestamp,
    /// Until when that is waited for.
    pub until: Timestamp,
    /// Why the last look failed.
    pub text: Reason,
}

impl CleanUp {
    /// The instances that were seen to be gone.
    pub fn gone(&self) -> impl Iterator<Item = &RecoveryInstanceId> {
        let gone = self.instances.iter().filter(|known| known.is_gone());
        gone.map(|known| &known.id)
    }

    /// The instances that nobody has seen gone.
    pub fn left(&self) -> impl Iterator<Item = &CleanUpInstance> {
        self.instances.iter().filter(|known| !known.is_gone())
    }

    fn together_max(&self) -> usize {
        self.together_max.unwrap_or(SERVERS_PER_BATCH_MAX).max(1)
    }

    /// Why the last look failed, where looks have failed for so long that this ends; then nothing
    /// more is terminated either.
    fn blind_for_too_long(&self, now: Timestamp) -> Option<&str> {
        let (since, text) = self.blind.as_ref()?;
        (now.duration_since(*since) >= BLIND_MAX).then_some(text.as_str())
    }

    /// Why EC2 cannot be asked, where that has lasted for so long that it is not waited for.
    fn without_ec2(&self, now: Timestamp) -> Option<&str> {
        let blind = self.ec2_blind.as_ref()?;
        (now >= blind.until).then_some(blind.text.as_str())
    }
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
    look::enlist_known(turn);
    let count = turn.next.head.clean_up.instances.len();
    let known = counted(count, "instance", "instances");
    let text = format!("asked to terminate what the drill has launched ({known} known)");
    turn.note_actor(NoteCode::CleanUpStarted, None, text, by);
    Ok(())
}

/// What an earlier clean-up has seen go stays so; the rest is asked for anew.
fn gone_before(instances: &mut Vec<CleanUpInstance>) -> Vec<CleanUpInstance> {
    let mut known = std::mem::take(instances);
    known.retain(CleanUpInstance::is_gone);
    known
}

/// Whether clean-up needs the locks on the servers.
pub(super) fn needs_locks(execution: &Execution) -> bool {
    execution.head.clean_up.status == CleanUpStatus::Running
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
            ec2: Ec2Question::Instances(Vec::new()),
        });
        look.launch_jobs
            .extend(batch.jobs.iter().map(|job| job.id.clone()));
        look.servers
            .extend(batch.servers.iter().map(|server| server.id.clone()));
    }
    for job in clean_up.jobs.iter().filter(|job| job.is_looked_at()) {
        if let Some(look) = places.get_mut(&job.place) {
            look.terminate_jobs.push(job.id.clone());
        }
    }
    for look in places.values_mut() {
        look.ec2 = question(clean_up, &look.place, now);
    }
    Some(Effect::LookForCleanUp {
        known: KnownLaunches::of(execution),
        places: places.into_values().collect(),
    })
}

/// What EC2 is asked in one place: while a terminate job is at work there, nothing.
fn question(clean_up: &CleanUp, place: &Place, now: Timestamp) -> Ec2Question {
    let mut jobs = clean_up.jobs.iter().filter(|job| job.place == *place);
    if jobs.any(|job| job.is_awaited(now)) {
        return Ec2Question::NotYet;
    }
    let instances = clean_up.instances.iter();
    let asked = instances.filter(|known| known.place == *place && !known.is_gone());
    Ec2Question::Instances(asked.map(|known| known.id.clone()).collect())
}
