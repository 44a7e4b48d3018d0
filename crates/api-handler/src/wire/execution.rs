//! Executions on the wire.

mod actions;
mod clean_up;
mod waiting;

use domain::ExecutionId;
use domain::counted::counted;
use domain::execution::queries::freshness::{
    Freshness as DomainFreshness, freshness, observation_error,
};
use domain::execution::queries::holds::open_holds;
use domain::execution::queries::status::status;
use domain::execution::queries::waiting::waiting_for;
use domain::execution::{Course, Execution, StopCause};
use domain::text::Reason;
use engine::ports::execution_store::{ExecutionSummary, OutboxEntry, StoredExecution};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use self::actions::{AllowedActionView, AllowedActionsView};
pub(crate) use self::clean_up::CleanUpInstanceView;
use self::clean_up::CleanUpView;
use self::waiting::{HoldView, WaitingView};
use super::enumeration::{CleanUpStatus, ExecutionStatus, Freshness, Kind};
use super::shorten::{Room, cut_list, cut_some};
use super::wave::WaveView;
use crate::answer::json_bytes;
use crate::entity_tag;
use crate::identity::Caller;

/// Most bytes of an execution in an answer.
pub(crate) const EXECUTION_BYTES_MAX: usize = 3_990_000;

/// An execution with what others know of it.
#[derive(Debug)]
pub(crate) struct Seen {
    /// The execution.
    pub(crate) stored: StoredExecution,
    /// The recovery that carries on with it.
    pub(crate) continued_by: Option<ExecutionId>,
    /// The notices that could not be sent.
    pub(crate) unsent: Vec<OutboxEntry>,
}

/// One run of a recovery plan.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Execution)]
pub(crate) struct ExecutionView {
    execution_id: String,
    recovery_plan_id: String,
    /// The plan's name when the execution started.
    recovery_plan_name: String,
    /// The plan's version that it runs.
    plan_version: u64,
    kind: Kind,
    status: ExecutionStatus,
    /// A sentence, where there is something to say.
    #[schema(required = true)]
    status_reason: Option<String>,
    initiated_by: String,
    /// Why, in the words of who started it.
    #[schema(required = true)]
    reason: Option<String>,
    #[schema(required = true)]
    outage_declared_at: Option<Timestamp>,
    /// The ended recovery whose instances it carries on with.
    #[schema(required = true)]
    continues_from: Option<String>,
    /// The recovery that carries on with the instances of this one.
    #[schema(required = true)]
    continued_by: Option<String>,
    /// Whether this caller may start a recovery that carries on with it now.
    continuation: AllowedActionView,
    created_at: Timestamp,
    #[schema(required = true)]
    started_at: Option<Timestamp>,
    #[schema(required = true)]
    ended_at: Option<Timestamp>,
    version: u64,
    /// The last look at DRS that succeeded.
    #[schema(required = true)]
    observed_at: Option<Timestamp>,
    observation: Freshness,
    /// What went wrong in the last look, where it did.
    #[schema(required = true)]
    observation_error: Option<String>,
    /// Never empty while work is left.
    waiting_for: Vec<WaitingView>,
    /// What is open and waits for a person.
    holds: Vec<HoldView>,
    warnings: Vec<String>,
    waves: Vec<WaveView>,
    clean_up: CleanUpView,
    /// Whether nothing that it launched is left, proved by a fresh look.
    instances_terminated: bool,
    /// Every command, and whether this caller's would be accepted now.
    allowed_actions: AllowedActionsView,
    /// Whether texts, addresses and lists are shortened, because an answer would be too large
    /// otherwise. `/executions/{executionId}/servers` has all that is said of a server.
    shortened: bool,
}

impl ExecutionView {
    /// The execution as this caller sees it now.
    pub(crate) fn of(seen: &Seen, caller: &Caller, now: Timestamp) -> Self {
        let mut view = Self::whole(seen, caller, now);
        for room in Room::STEPS {
            if json_bytes(&view) <= EXECUTION_BYTES_MAX {
                break;
            }
            view.shorten(room);
        }
        view
    }

    fn shorten(&mut self, room: Room) {
        self.shortened = true;
        cut_some(&mut self.status_reason, room.text);
        cut_some(&mut self.observation_error, room.text);
        cut_list(&mut self.warnings, room.entries, room.text);
        self.waiting_for.truncate(room.entries);
        for waiting in &mut self.waiting_for {
            waiting.shorten(room);
        }
        for hold in &mut self.holds {
            hold.shorten(room);
        }
        for wave in &mut self.waves {
            wave.shorten(room);
        }
        self.clean_up.shorten(room);
    }

    fn whole(seen: &Seen, caller: &Caller, now: Timestamp) -> Self {
        let Seen {
            stored,
            continued_by,
            unsent,
        } = seen;
        let execution = &stored.execution;
        let head = &execution.head;
        let waiting = waiting_for(execution, now).into_iter();
        let holds = open_holds(execution).into_iter();
        let clean_up = CleanUpView::from(&head.clean_up);
        Self {
            execution_id: head.id.to_string(),
            recovery_plan_id: head.plan.id.to_string(),
            recovery_plan_name: head.plan.name.clone(),
            plan_version: head.plan.version,
            kind: head.kind.into(),
            status: status(execution).into(),
            status_reason: status_reason(execution),
            initiated_by: head.initiated_by.clone(),
            reason: head.reason.clone(),
            outage_declared_at: head.outage_declared_at,
            continues_from: head.consent.continues.as_ref().map(ToString::to_string),
            continued_by: continued_by.as_ref().map(ToString::to_string),
            continuation: AllowedActionView::of_continuing(
                execution,
                continued_by.as_ref(),
                caller,
            ),
            created_at: head.created_at,
            started_at: head.started_at,
            ended_at: head.ending.as_ref().map(|ending| ending.at),
            version: stored.version,
            observed_at: head.observation.observed_at,
            observation: freshness(execution, now).into(),
            observation_error: observation_error(execution).map(Into::into),
            waiting_for: waiting
                .map(|waiting| WaitingView::of(waiting, execution))
                .collect(),
            holds: holds.map(|hold| HoldView::of(hold, execution)).collect(),
            warnings: warnings(&head.warnings, unsent),
            waves: execution
                .waves
                .iter()
                .map(|wave| WaveView::of(execution, wave))
                .collect(),
            instances_terminated: clean_up.status() == CleanUpStatus::Done,
            clean_up,
            allowed_actions: AllowedActionsView::of(execution, caller),
            shortened: false,
        }
    }
}

/// Notices that could not be sent, of which an answer speaks.
const UNSENT_SHOWN_MAX: usize = 20;

/// With a warning for each notice that could not be sent.
fn warnings(own: &[Reason], unsent: &[OutboxEntry]) -> Vec<String> {
    let unsent = unsent.iter().take(UNSENT_SHOWN_MAX).map(|entry| {
        let error = entry.error.as_deref().unwrap_or("no reason is known");
        format!(
            "nobody could be told that {} ({}): {error}",
            entry.notice.text,
            counted(entry.attempts, "attempt", "attempts")
        )
    });
    own.iter().map(String::from).chain(unsent).collect()
}

/// The entity tag of an execution: its version, what the caller may do, because `allowedActions`
/// follow from it, how fresh the picture is where it is not, because that changes by itself, who
/// continues it, and how often a notice could not be sent.
pub(crate) fn entity_tag_of(seen: &Seen, caller: &Caller, now: Timestamp) -> String {
    let version = seen.stored.version;
    let rights = entity_tag::of_permissions(&caller.permissions());
    let freshness = match freshness(&seen.stored.execution, now) {
        DomainFreshness::Current => "",
        DomainFreshness::Stale => "-stale",
        DomainFreshness::Failing => "-failing",
    };
    let continued = match &seen.continued_by {
        None => String::new(),
        Some(later) => format!("-continued-{later}"),
    };
    let unsent = match seen.unsent.iter().map(|entry| entry.attempts).sum::<u32>() {
        0 => String::new(),
        attempts => format!("-unsent-{attempts}"),
    };
    format!("W/\"{version}-{rights}{freshness}{continued}{unsent}\"")
}

fn status_reason(execution: &Execution) -> Option<String> {
    if let Some(ending) = &execution.head.ending {
        return Some((&ending.reason).into());
    }
    match &execution.head.course {
        Course::Running => None,
        Course::Paused { by, .. } => Some(format!("paused by {by}")),
        Course::Stopping { wave, cause, .. } => {
            let key = execution.waves.get(*wave).map(|wave| &wave.head.key)?;
            Some(match cause {
                StopCause::Failure => format!("wave `{key}` failed: nothing more starts"),
                StopCause::TimeLimit => {
                    format!("wave `{key}` reached its time limit: nothing more starts")
                }
            })
        }
        Course::Cancelling { by, reason, .. } => Some(match reason {
            Some(reason) => format!("cancelled by {by}: {reason}"),
            None => format!("cancelled by {by}"),
        }),
    }
}

/// What a list shows of an execution.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ExecutionSummary)]
pub(crate) struct ExecutionSummaryView {
    execution_id: String,
    recovery_plan_id: String,
    recovery_plan_name: String,
    plan_version: u64,
    kind: Kind,
    status: ExecutionStatus,
    /// A sentence, where it has ended.
    #[schema(required = true)]
    status_reason: Option<String>,
    initiated_by: String,
    created_at: Timestamp,
    #[schema(required = true)]
    started_at: Option<Timestamp>,
    #[schema(required = true)]
    ended_at: Option<Timestamp>,
    wave_count: u32,
    server_count: u32,
    launched_server_count: u32,
    /// How many things wait for a person.
    open_hold_count: u32,
    version: u64,
}

impl From<ExecutionSummary> for ExecutionSummaryView {
    fn from(summary: ExecutionSummary) -> Self {
        Self {
            execution_id: summary.id.into(),
            recovery_plan_id: summary.plan.into(),
            recovery_plan_name: summary.plan_name,
            plan_version: summary.plan_version,
            kind: summary.kind.into(),
            status: summary.status.into(),
            status_reason: summary.status_reason,
            initiated_by: summary.initiated_by,
            created_at: summary.created_at,
            started_at: summary.started_at,
            ended_at: summary.ended_at,
            wave_count: summary.waves,
            server_count: summary.servers,
            launched_server_count: summary.servers_launched,
            open_hold_count: summary.holds,
            version: summary.version,
        }
    }
}
