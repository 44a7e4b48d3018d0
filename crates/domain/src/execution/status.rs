//! What is said of the whole, derived from waves and batches by one function each: status,
//! open holds, what it waits for, and who has to drive it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::batch::{BatchState, Doubt, DoubtCause, Obstacle};
use super::clean_up::{CleanUpStatus, waits_for};
use super::outcome::{Outcome, WaveOutcome};
use super::wave::{Gate, Release, Wave, WaveState};
use super::{Batch, Course, Execution, Lock};
use crate::counted::counted;
use crate::ids::{HoldId, JobId};
use crate::text::some_of;

/// Servers that a sentence about waiting names.
const NAMED_MAX: usize = 5;

/// The status of an execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(
    missing_docs,
    reason = "the words are defined in the glossary of ARCHITECTURE.md"
)]
pub enum Status {
    Pending,
    Running,
    Pausing,
    Paused,
    Stopping,
    Cancelling,
    Completed,
    Partial,
    Failed,
    Cancelled,
    TimedOut,
}

/// The status of a wave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(
    missing_docs,
    reason = "the words are defined in the glossary of ARCHITECTURE.md"
)]
pub enum WaveStatus {
    Pending,
    Paused,
    Queued,
    Launching,
    Completed,
    Partial,
    Failed,
    Skipped,
    Cancelled,
    TimedOut,
}

/// Something open that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// What a command names.
    pub id: HoldId,
    /// What kind.
    pub kind: HoldType,
    /// The wave, from 0, where it is about one.
    pub wave: Option<usize>,
    /// Since when.
    pub since: Timestamp,
    /// What the person should know: of a launch in doubt, what DRS last showed.
    pub detail: Option<String>,
}

/// Kinds of holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum HoldType {
    /// A planned place to wait.
    Gate,
    /// A wave failed.
    Failure,
    /// A person paused.
    Manual,
    /// Nobody knows whether DRS launched.
    Undecided,
}

/// One thing that an execution waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// What.
    pub kind: WaitingFor,
    /// A sentence.
    pub detail: String,
    /// Since when.
    pub since: Timestamp,
    /// The job, where it is one.
    pub job: Option<JobId>,
    /// The waves that wait, from 0.
    pub waves: Vec<usize>,
}

/// Kinds of waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(
    missing_docs,
    reason = "the words are defined in the glossary of ARCHITECTURE.md"
)]
pub enum WaitingFor {
    Waves,
    DrsJob,
    Quota,
    ServerInJob,
    Reconciling,
    DrsUnavailable,
    DrsRefused,
    AccessDenied,
    Gate,
    Failure,
    Manual,
    Undecided,
    CleanUp,
}

/// Whether somebody has to drive an execution, and how soon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drive {
    /// Soon: something runs.
    Soon,
    /// Only a person can move it.
    Held,
    /// No work is left.
    Done,
}

/// The status.
pub fn status(execution: &Execution) -> Status {
    if let Some(ending) = &execution.head.ending {
        return match ending.outcome {
            Outcome::Completed => Status::Completed,
            Outcome::Partial => Status::Partial,
            Outcome::Failed => Status::Failed,
            Outcome::Cancelled => Status::Cancelled,
            Outcome::TimedOut => Status::TimedOut,
        };
    }
    let in_flight = execution.batches().any(|(_, batch)| awaits_answer(batch));
    match &execution.head.course {
        Course::Cancelling { .. } => Status::Cancelling,
        Course::Stopping { .. } => Status::Stopping,
        Course::Paused { .. } if in_flight => Status::Pausing,
        Course::Paused { .. } => Status::Paused,
        Course::Going if execution.head.started_at.is_none() => Status::Pending,
        Course::Going if in_flight => Status::Running,
        Course::Going => {
            let queued = execution
                .batches()
                .any(|(_, batch)| matches!(batch.state, BatchState::Queued(_)));
            if queued || open_holds(execution).is_empty() {
                Status::Running
            } else {
                Status::Paused
            }
        }
    }
}

/// In flight, and not only for a person to decide.
fn awaits_answer(batch: &Batch) -> bool {
    match &batch.state {
        BatchState::Idle | BatchState::Queued(_) | BatchState::Undecided { .. } => false,
        BatchState::Launching { .. } | BatchState::Reconciling(_) | BatchState::Following(_) => {
            true
        }
    }
}

/// The status of a wave.
pub fn wave_status(execution: &Execution, wave: &Wave) -> WaveStatus {
    match &wave.head.state {
        WaveState::Pending => match &wave.head.gate {
            Gate::Closed { .. } => WaveStatus::Paused,
            Gate::None | Gate::Ahead | Gate::Open { .. } => WaveStatus::Pending,
        },
        WaveState::Started if wave.is_in_flight() => WaveStatus::Launching,
        WaveState::Started => match &execution.head.course {
            Course::Paused { .. } => WaveStatus::Paused,
            Course::Going | Course::Stopping { .. } | Course::Cancelling { .. } => {
                WaveStatus::Queued
            }
        },
        WaveState::Ended(end) => match end.outcome {
            WaveOutcome::Completed => WaveStatus::Completed,
            WaveOutcome::Partial => WaveStatus::Partial,
            WaveOutcome::Failed => WaveStatus::Failed,
            WaveOutcome::Skipped => WaveStatus::Skipped,
            WaveOutcome::Cancelled => WaveStatus::Cancelled,
            WaveOutcome::TimedOut => WaveStatus::TimedOut,
        },
    }
}

/// What waits for a person, oldest first. After the end only a launch that nobody could decide
/// about still does.
pub fn open_holds(execution: &Execution) -> Vec<Hold> {
    let mut holds = Vec::new();
    for (index, wave) in execution.waves.iter().enumerate() {
        for batch in &wave.batches {
            if let BatchState::Undecided { hold, since, doubt } = &batch.state {
                let kind = HoldType::Undecided;
                holds.push(Hold {
                    id: hold.clone(),
                    kind,
                    wave: Some(index),
                    since: *since,
                    detail: last_seen(doubt),
                });
            }
        }
        if !execution.has_ended() {
            holds.extend(wave_holds(index, wave));
        }
    }
    if let (Course::Paused { hold, since, .. }, false) =
        (&execution.head.course, execution.has_ended())
    {
        holds.push(Hold {
            id: hold.clone(),
            kind: HoldType::Manual,
            wave: None,
            since: *since,
            detail: None,
        });
    }
    holds.sort_by_key(|hold| hold.since);
    holds
}

/// What DRS last showed of a launch in doubt, or since when it cannot be looked at.
fn last_seen(doubt: &Doubt) -> Option<String> {
    let last = doubt.last_look.as_ref()?;
    Some(match doubt.observed_at {
        _ if doubt.looked_at <= doubt.observed_at => last.to_string(),
        Some(at) => format!("DRS could not be looked at since {at:.0}: {last}"),
        None => format!("DRS could not be looked at: {last}"),
    })
}

fn wave_holds(index: usize, wave: &Wave) -> Vec<Hold> {
    let hold = |kind, id: &HoldId, since: &Timestamp| Hold {
        detail: None,
        id: id.clone(),
        kind,
        wave: Some(index),
        since: *since,
    };
    match &wave.head.state {
        WaveState::Pending => match &wave.head.gate {
            Gate::Closed { hold: id, since } => vec![hold(HoldType::Gate, id, since)],
            Gate::None | Gate::Ahead | Gate::Open { .. } => Vec::new(),
        },
        WaveState::Started => Vec::new(),
        WaveState::Ended(end) => match &end.release {
            Release::Held { hold: id, since } => vec![hold(HoldType::Failure, id, since)],
            Release::Released | Release::Stopped => Vec::new(),
        },
    }
}

/// What the execution waits for; never empty while work is left.
pub fn waiting_for(execution: &Execution, now: Timestamp) -> Vec<Waiting> {
    let mut list: Vec<Waiting> = execution
        .batches()
        .filter_map(|(reference, batch)| waiting_batch(batch, reference.wave, now))
        .collect();
    list.extend(open_holds(execution).iter().map(waiting_person));
    let clean_up = &execution.head.clean_up;
    if clean_up.status == CleanUpStatus::Running {
        let detail = waits_for(execution, now);
        let since = clean_up.started_at.unwrap_or(now);
        list.push(Waiting {
            kind: WaitingFor::CleanUp,
            detail,
            since,
            job: None,
            waves: vec![],
        });
    }
    if list.is_empty() && drive(execution) != Drive::Done {
        list.push(waiting_waves(execution));
    }
    list
}

fn waiting_waves(execution: &Execution) -> Waiting {
    let waves: Vec<usize> = execution
        .waves
        .iter()
        .enumerate()
        .filter(|(_, wave)| wave.end().is_none())
        .map(|(index, _)| index)
        .collect();
    let detail = if execution.has_ended() {
        "its last locks are being freed"
    } else if execution.head.started_at.is_none() {
        "the first waves are about to start"
    } else {
        "the next waves are about to start"
    };
    Waiting {
        kind: WaitingFor::Waves,
        detail: detail.to_owned(),
        since: match &execution.head.ending {
            Some(ending) => ending.at,
            None => execution
                .head
                .started_at
                .unwrap_or(execution.head.created_at),
        },
        job: None,
        waves,
    }
}

fn waiting_batch(batch: &Batch, wave: usize, now: Timestamp) -> Option<Waiting> {
    let (kind, detail, since, job) = match &batch.state {
        BatchState::Idle | BatchState::Undecided { .. } => return None,
        BatchState::Queued(queued) => {
            let (kind, detail, job) = match &queued.obstacle {
                Obstacle::None => (
                    WaitingFor::Waves,
                    "its batch is about to be sent".into(),
                    None,
                ),
                Obstacle::Quota(text) => (WaitingFor::Quota, text.to_string(), None),
                Obstacle::ServerInJob(job) => {
                    let text = format!("job {job} has one of the servers");
                    (WaitingFor::ServerInJob, text, Some(job.clone()))
                }
                Obstacle::InDoubt(execution) => {
                    let text = format!(
                        "it is being found out whether execution {execution} has launched one of \
                         the servers"
                    );
                    (WaitingFor::Reconciling, text, None)
                }
                Obstacle::Unavailable(text) if queued.refusal.as_ref() == Some(text) => {
                    let text = format!("DRS refused the launch, and is asked again: {text}");
                    (WaitingFor::DrsRefused, text, None)
                }
                Obstacle::Unavailable(text) => (WaitingFor::DrsUnavailable, text.to_string(), None),
                Obstacle::Denied(text) => (WaitingFor::AccessDenied, text.to_string(), None),
            };
            (kind, detail, queued.since, job)
        }
        BatchState::Launching { since, .. } => (
            WaitingFor::DrsJob,
            "DRS is being asked to launch".to_owned(),
            *since,
            None,
        ),
        BatchState::Reconciling(doubt) => (
            WaitingFor::Reconciling,
            finding_out(
                doubt,
                &some_of(batch.called_servers().map(|server| &server.id), NAMED_MAX),
            ),
            doubt.since,
            None,
        ),
        BatchState::Following(following) => {
            let text = format!("DRS job {} launches the servers", following.job);
            (
                WaitingFor::DrsJob,
                text,
                following.since,
                Some(following.job.clone()),
            )
        }
    };
    Some(Waiting {
        kind,
        detail,
        since: since.min(now),
        job,
        waves: vec![wave],
    })
}

/// What is being found out, and what DRS said.
fn finding_out(doubt: &Doubt, servers: &str) -> String {
    let looks = match (doubt.clean_looks, &doubt.last_look) {
        (0, None) => "no look is back yet".to_owned(),
        (0, Some(last)) => format!("the last look: {last}"),
        (clean, None) => format!("{} found nothing", counted(clean, "look", "looks")),
        (clean, Some(last)) => {
            let looks = counted(clean, "look", "looks");
            format!("{looks} found nothing, the last: {last}")
        }
    };
    match &doubt.cause {
        DoubtCause::NoAnswer(text) => format!(
            "it is being found out whether DRS accepted the launch of {servers}; {looks}; \
             what is known of the request: {text}"
        ),
        DoubtCause::Conflict(text) => format!(
            "DRS refused the launch of {servers}, and it is being found out whether a job explains \
             that; {looks}; DRS says: {text}"
        ),
    }
}

fn waiting_person(hold: &Hold) -> Waiting {
    let (kind, detail) = match hold.kind {
        HoldType::Gate => (WaitingFor::Gate, "a person must open the gate"),
        HoldType::Failure => (WaitingFor::Failure, "a person must retry, skip or resume"),
        HoldType::Manual => (WaitingFor::Manual, "a person has paused the execution"),
        HoldType::Undecided => (
            WaitingFor::Undecided,
            "a person must name the job of the launch, or say that there is none",
        ),
    };
    let known = hold.detail.as_ref();
    let known = known.map_or_else(String::new, |known| format!(": {known}"));
    let detail = format!("{detail} (hold {}){known}", hold.id);
    let waves = hold.wave.into_iter().collect();
    Waiting {
        kind,
        detail,
        since: hold.since,
        job: None,
        waves,
    }
}

/// Whether a person is asked about a launch that DRS may still show, while others wait for it.
pub fn is_in_doubt(execution: &Execution) -> bool {
    let mut batches = execution.batches();
    !execution.has_ended()
        && batches.any(|(_, batch)| matches!(batch.state, BatchState::Undecided { .. }))
}

/// Who has to drive it. A launch that nobody could decide about is looked at again from time to
/// time; else a person ends the doubt.
pub fn drive(execution: &Execution) -> Drive {
    let awaits = execution.batches().any(|(_, batch)| awaits_answer(batch));
    let undecided = execution.batches().any(|(_, batch)| batch.is_in_flight()) && !awaits;
    let held = execution.head.plan_lock == Lock::Held
        || execution
            .batches()
            .any(|(_, batch)| batch.locks == Lock::Held && !batch.is_in_flight());
    let cleaning = execution.head.clean_up.status == CleanUpStatus::Running;
    if execution.has_ended() {
        return if awaits || held || cleaning {
            Drive::Soon
        } else if undecided {
            Drive::Held
        } else {
            Drive::Done
        };
    }
    match status(execution) {
        Status::Paused => Drive::Held,
        Status::Cancelling | Status::Stopping if undecided => Drive::Held,
        Status::Pending
        | Status::Running
        | Status::Pausing
        | Status::Stopping
        | Status::Cancelling
        | Status::Completed
        | Status::Partial
        | Status::Failed
        | Status::Cancelled
        | Status::TimedOut => Drive::Soon,
    }
}
