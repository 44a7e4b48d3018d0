//! DRS, in our words. Every listing is complete: the implementation reads all pages.

use std::collections::BTreeMap;
use std::fmt::Debug;

use async_trait::async_trait;
use domain::execution::batch::JobStatus;
use domain::execution::event::LaunchStatus;
use domain::quota::Limits;
use domain::source_server::{RecoveryInstance, SourceServer};
use domain::text::{LoggedError, Sentence, Text};
use domain::{JobId, Kind, Place, RecoveryInstanceId, SourceServerId};
use jiff::Timestamp;

/// DRS in every account and Region.
#[async_trait]
pub trait Drs: Send + Sync + Debug {
    /// All source servers of a place, or those named (any number). One that DRS does not know
    /// is left out.
    async fn source_servers(
        &self,
        place: &Place,
        ids: Option<&[SourceServerId]>,
    ) -> Result<Vec<SourceServer>, DrsError>;

    /// The recovery instances of these servers (any number).
    async fn recovery_instances(
        &self,
        place: &Place,
        servers: &[SourceServerId],
    ) -> Result<Vec<RecoveryInstance>, DrsError>;

    /// Jobs by id (any number), or all since a time. A job that DRS does not show is left out.
    async fn jobs(&self, place: &Place, which: JobFilter) -> Result<Vec<Job>, DrsError>;

    /// The whole log of a job, in order of time.
    async fn job_log(&self, place: &Place, job: &JobId) -> Result<Vec<JobLogEntry>, DrsError>;

    /// Whether a server's launch configuration leaves the instance stopped.
    async fn launch_disposition(
        &self,
        place: &Place,
        server: &SourceServerId,
    ) -> Result<LaunchDisposition, DrsError>;

    /// Calls `StartRecovery` once, without retries, within the call timeout.
    async fn start_recovery(&self, request: &StartRecovery) -> Result<JobId, DrsError>;

    /// Calls `TerminateRecoveryInstances` once, without retries, for at most 100 instances.
    async fn terminate(
        &self,
        place: &Place,
        instances: &[RecoveryInstanceId],
    ) -> Result<JobId, DrsError>;

    /// The quotas of a place; [`Limits::DEFAULT`] values where Service Quotas does not say.
    async fn limits(&self, place: &Place) -> Result<Limits, DrsError>;
}

/// Which jobs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobFilter {
    /// These.
    Ids(Vec<JobId>),
    /// All that were created at or after this time.
    Since(Timestamp),
}

/// A job as DRS describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// Its status.
    pub status: JobStatus,
    /// What it does, as DRS says, such as `LAUNCH` or `TERMINATE`.
    pub kind: String,
    /// What started it, as DRS says, such as `START_DRILL`.
    pub initiated_by: Option<String>,
    /// When it was created, where DRS says so.
    pub created_at: Option<Timestamp>,
    /// Its servers; DRS may not list them yet, or no more.
    pub servers: Vec<JobServer>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
}

/// One server of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobServer {
    /// The server.
    pub id: SourceServerId,
    /// Its launch status.
    pub status: LaunchStatus,
    /// Its instance, once DRS names one.
    pub instance: Option<RecoveryInstanceId>,
}

/// One entry of a job's log.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct JobLogEntry {
    /// When.
    pub at: Option<Timestamp>,
    /// DRS's own word, such as `SNAPSHOT_START`; words that its model lacks are kept.
    pub event: Text<64>,
    /// The server it is about.
    pub server: Option<SourceServerId>,
    /// The conversion server.
    pub conversion_server: Option<Text<64>>,
    /// The instance.
    pub instance: Option<Text<64>>,
    /// DRS's own error.
    pub error: Option<LoggedError>,
    /// Which attempt of a step, and of how many.
    pub attempt: Option<(i32, i32)>,
}

/// Whether an instance is started after its launch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LaunchDisposition {
    /// It runs.
    Started,
    /// It is left stopped, on purpose.
    Stopped,
    /// DRS does not say.
    Unknown,
}

/// A launch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartRecovery {
    /// Where.
    pub place: Place,
    /// For what. It is always sent: DRS takes a missing flag for a recovery.
    pub kind: Kind,
    /// Which servers, 1 to 100, each once.
    pub servers: Vec<SourceServerId>,
    /// The job's tags; the tag of the attempt among them.
    pub tags: BTreeMap<String, String>,
}

/// What DRS said instead of doing it, classified once.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct DrsError {
    /// What kind.
    pub class: DrsErrorClass,
    /// DRS's words, with its code; for people.
    pub text: Sentence,
    /// The resource that DRS names.
    pub resource: Option<String>,
}

/// Kinds of errors of DRS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DrsErrorClass {
    /// Asked too often (429). Nothing was done.
    Throttled,
    /// In the way of something else (409). Nothing was done by this call.
    Conflict,
    /// No capacity (402). Nothing was done.
    QuotaExceeded,
    /// More servers than one job takes (402, which names that quota). Nothing was done.
    JobTooLarge,
    /// DRS is not initialised there. Nothing was done.
    NotInitialised,
    /// This product may not. Nothing was done.
    Denied,
    /// The Region does not recognise the credentials, which others may take: as a rule the
    /// account has not enabled it. Nothing was done.
    NotRecognised,
    /// The request is wrong (400, 404). Nothing was done.
    Invalid,
    /// No answer, or a 5xx: whether anything was done is not known.
    Transient,
}
