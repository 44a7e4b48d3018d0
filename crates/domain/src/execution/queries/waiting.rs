//! What an execution waits for.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::clean_up::waits_for;
use super::holds::{Hold, HoldType, open_holds};
use super::status::{Drive, drive};
use crate::counted::counted;
use crate::execution::model::batch::Batch;
use crate::execution::model::batch_state::{BatchState, Doubt, DoubtCause, Obstacle};
use crate::execution::model::clean_up::CleanUpStatus;
use crate::execution::model::execution::Execution;
use crate::ids::JobId;
use crate::text::some_of;

/// Servers that a sentence about waiting names.
const NAMED_MAX: usize = 5;

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
