//! Waves of an execution and their servers, on the wire.

use domain::execution::queries::status::wave_status;
use domain::execution::server::Arrival;
use domain::execution::wave::Gate;
use domain::execution::{Batch, Execution, Server, Wave};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::enumeration::{JobStatus, OnFailure, Phase, ServerStatus, WaveStatus};
use super::recovery_instance::LaunchedInstanceView;
use super::recovery_plan::NeedView;
use super::shorten::{Room, cut_list, cut_some};

/// One wave of an execution.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Wave)]
pub(crate) struct WaveView {
    key: String,
    name: String,
    status: WaveStatus,
    /// A sentence, where there is something to say about how it ended.
    #[schema(required = true)]
    status_reason: Option<String>,
    #[schema(required = true)]
    started_at: Option<Timestamp>,
    #[schema(required = true)]
    ended_at: Option<Timestamp>,
    /// The waves that it waits for, by key.
    depends_on: Vec<String>,
    /// Whether the plan has a gate before it.
    pause_before: bool,
    need: NeedView,
    on_failure: OnFailure,
    time_limit_minutes: u32,
    jobs: Vec<JobView>,
    servers: Vec<ServerView>,
}

/// A DRS job of a wave.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Job)]
pub(crate) struct JobView {
    job_id: String,
    status: JobStatus,
    /// The attempt of its batch that it belongs to, from 1.
    attempt: u32,
    started_at: Timestamp,
    #[schema(required = true)]
    ended_at: Option<Timestamp>,
    /// Why its log could not be read when it ended: what DRS wrote about it is not kept here.
    #[schema(required = true)]
    log_error: Option<String>,
}

/// One server of a wave.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Server)]
pub(crate) struct ServerView {
    source_server_id: String,
    #[schema(required = true)]
    hostname: Option<String>,
    protection_group_id: String,
    account_id: String,
    region: String,
    status: ServerStatus,
    #[schema(required = true)]
    phase: Option<Phase>,
    /// The job of its last attempt.
    #[schema(required = true)]
    job_id: Option<String>,
    #[schema(required = true)]
    recovery_instance_id: Option<String>,
    #[schema(required = true)]
    recovery_instance: Option<LaunchedInstanceView>,
    /// Why it did not launch.
    #[schema(required = true)]
    error: Option<String>,
    warnings: Vec<String>,
    /// Whether it came up after its wave had stopped waiting for it.
    late: bool,
    /// How often it was asked for at DRS.
    attempts: u32,
    /// The execution whose launch destroyed its instance.
    #[schema(required = true)]
    replaced_by: Option<String>,
    /// The execution that has taken over the lock on it.
    #[schema(required = true)]
    passed_to: Option<String>,
    /// The execution that launched its instance, which this one carries on with.
    #[schema(required = true)]
    carried_over_from: Option<String>,
}

impl WaveView {
    pub(crate) fn of(execution: &Execution, wave: &Wave) -> Self {
        let head = &wave.head;
        let observed_at = execution.head.observation.observed_at;
        let depends_on = head.depends_on.iter();
        Self {
            key: head.key.to_string(),
            name: head.name.clone(),
            status: wave_status(execution, wave).into(),
            status_reason: wave
                .end()
                .and_then(|end| end.reason.as_ref().map(Into::into)),
            started_at: head.started_at,
            ended_at: wave.end().map(|end| end.at),
            depends_on: depends_on
                .filter_map(|&index| execution.waves.get(index))
                .map(|wave| wave.head.key.to_string())
                .collect(),
            pause_before: match &head.gate {
                Gate::None => false,
                Gate::Ahead | Gate::Closed { .. } | Gate::Open { .. } => true,
            },
            need: head.need.into(),
            on_failure: head.on_failure.into(),
            time_limit_minutes: head.time_limit_minutes,
            jobs: wave.batches.iter().flat_map(jobs).collect(),
            servers: wave
                .batches
                .iter()
                .flat_map(|batch| servers(batch, observed_at))
                .collect(),
        }
    }
}

impl WaveView {
    /// Cuts what the world says of its servers.
    pub(super) fn shorten(&mut self, room: Room) {
        cut_some(&mut self.status_reason, room.text);
        // The last ones say most.
        let surplus = self.jobs.len().saturating_sub(room.entries);
        self.jobs.drain(..surplus);
        for job in &mut self.jobs {
            cut_some(&mut job.log_error, room.reason);
        }
        for server in &mut self.servers {
            server.shorten(room);
        }
    }
}

fn jobs(batch: &Batch) -> impl Iterator<Item = JobView> {
    batch.jobs.iter().map(|job| JobView {
        job_id: job.id.to_string(),
        status: job.status.into(),
        attempt: job.attempt,
        started_at: job.since,
        ended_at: job.ended_at,
        log_error: job.log_error.as_ref().map(Into::into),
    })
}

fn servers(batch: &Batch, observed_at: Option<Timestamp>) -> impl Iterator<Item = ServerView> {
    let servers = batch.servers.iter();
    servers.map(move |server| ServerView::in_batch(server, batch, observed_at))
}

impl ServerView {
    fn shorten(&mut self, room: Room) {
        cut_some(&mut self.hostname, room.hostname);
        cut_some(&mut self.error, room.reason);
        cut_list(&mut self.warnings, room.warnings, room.warning);
        if let Some(instance) = &mut self.recovery_instance {
            instance.private_ips.truncate(room.addresses);
        }
    }

    /// The server as its batch has it, and when it was last looked at.
    pub(crate) fn in_batch(server: &Server, batch: &Batch, observed_at: Option<Timestamp>) -> Self {
        // Nobody looks at a server any more once its job has ended.
        let job = batch
            .jobs
            .iter()
            .find(|job| Some(&job.id) == server.job.as_ref());
        let checked_at = job.and_then(|job| job.ended_at).or(observed_at);
        Self::of(server, batch, checked_at)
    }

    fn of(server: &Server, batch: &Batch, checked_at: Option<Timestamp>) -> Self {
        let instance = server.instance.as_ref();
        Self {
            source_server_id: server.id.to_string(),
            hostname: server.hostname.as_ref().map(Into::into),
            protection_group_id: server.group.to_string(),
            account_id: batch.place.account.to_string(),
            region: batch.place.region.to_string(),
            status: server.state.into(),
            phase: server.phase.map(Phase::from),
            job_id: server.job.as_ref().map(ToString::to_string),
            recovery_instance_id: instance.map(|instance| instance.id.to_string()),
            recovery_instance: LaunchedInstanceView::of(server, checked_at),
            error: server.error.as_ref().map(Into::into),
            warnings: server.warnings.iter().map(Into::into).collect(),
            late: server.arrival == Arrival::Late,
            attempts: server.attempts,
            replaced_by: server.replaced_by.as_ref().map(ToString::to_string),
            passed_to: server.passed_to.as_ref().map(ToString::to_string),
            carried_over_from: server.carried_over.as_ref().map(ToString::to_string),
        }
    }
}
