//! Looking at jobs in progress, for one execution or for many with few calls.

use std::collections::BTreeMap;

use domain::execution::Event;
use domain::execution::batch::JobStatus;
use domain::execution::event::{JobSighting, LaunchStatus, ServerSighting, WorldFault};
use domain::source_server::RecoveryInstance;
use domain::text::Reason;
use domain::{ExecutionId, JobId, Place, SourceServerId};

use crate::job_log::{ServerLog, is_last_word};
use crate::ports::DrsError;
use crate::ports::drs::{Job, JobFilter, JobLogEntry, LaunchDisposition};
use crate::pre_launch_check::world_fault;
use crate::{Engine, EngineError};

/// The warning of an instance that DRS leaves stopped because its configuration says so.
const STOPPED_ON_PURPOSE: &str = "STOPPED_ON_PURPOSE";

impl Engine {
    /// Looks at jobs of one execution.
    pub(crate) async fn observe(
        &self,
        id: &ExecutionId,
        place: &Place,
        jobs: &[JobId],
    ) -> Result<Vec<Event>, EngineError> {
        let listed = match self.list(place, jobs).await {
            Ok(listed) => listed,
            Err(error) => return Ok(vec![failed(place, &error)]),
        };
        let sighted = self
            .sight(id, place, jobs, &listed, LogReading::WhenItMatters)
            .await?;
        Ok(sighted.events(place))
    }

    /// Jobs by id, as DRS shows them now.
    pub(crate) async fn list(
        &self,
        place: &Place,
        jobs: &[JobId],
    ) -> Result<BTreeMap<JobId, Job>, DrsError> {
        let listed = self
            .ports
            .drs
            .jobs(place, JobFilter::Ids(jobs.to_vec()))
            .await?;
        Ok(listed
            .into_iter()
            .map(|job| (job.id.clone(), job))
            .collect())
    }

    /// What an execution is told of its jobs: their listing, and where it matters their logs
    /// and instances, which are copied into our own store. What only explains a result, and what is
    /// about another job, never withholds it.
    pub(crate) async fn sight(
        &self,
        id: &ExecutionId,
        place: &Place,
        jobs: &[JobId],
        listed: &BTreeMap<JobId, Job>,
        reading: LogReading,
    ) -> Result<Sighted, EngineError> {
        let mut sighted = Sighted::default();
        for job in jobs {
            if let Some(job) = listed.get(job) {
                let log = self.log_if_due(id, place, job, reading).await;
                let facts = self.facts_if_ended(id, place, job).await;
                sighted.jobs.push(sighting(job, &log, &facts));
                continue;
            }
            match self.servers_of_missing(id, place, job).await? {
                Ok(servers) => sighted.jobs.push(JobSighting {
                    id: job.clone(),
                    status: JobStatus::Vanished,
                    servers,
                    log_unread: None,
                }),
                Err(error) => sighted.fault = Some(world_fault(&error)),
            }
        }
        Ok(sighted)
    }

    /// A job's log, read and copied when it explains something: at its end, at a failure, or when
    /// asked.
    async fn log_if_due(
        &self,
        id: &ExecutionId,
        place: &Place,
        job: &Job,
        reading: LogReading,
    ) -> JobLog {
        let failed = job
            .servers
            .iter()
            .any(|server| server.status == LaunchStatus::Failed);
        let due = match reading {
            LogReading::Always => true,
            LogReading::WhenItMatters => failed || job.status == JobStatus::Completed,
        };
        if !due {
            return JobLog::default();
        }
        self.read_log(id, place, job).await
    }

    /// A job's log, copied into our own store. That it cannot be read or copied withholds nothing
    /// of what became of the job. A job that is over, and whose last words were copied, says nothing
    /// more: DRS is not asked for it again.
    pub(crate) async fn read_log(&self, id: &ExecutionId, place: &Place, job: &Job) -> JobLog {
        let (job, status) = (&job.id, job.status);
        if status == JobStatus::Completed
            && let Some(entries) = self.whole_copy(id, job).await
        {
            return JobLog {
                entries,
                unread: None,
            };
        }
        let entries = match self.ports.drs.job_log(place, job).await {
            Ok(entries) => entries,
            Err(error) => {
                tracing::warn!(
                    execution.id = %id, drs.job.id = %job,
                    "the log of job {job} cannot be read: {error}"
                );
                return JobLog {
                    entries: Vec::new(),
                    unread: Some(error.text.as_str().into()),
                };
            }
        };
        let copied = self.ports.store.put_job_log(id, job, &entries).await;
        if let Err(error) = &copied {
            tracing::error!(
                execution.id = %id, drs.job.id = %job,
                "the log of job {job} cannot be copied: {error}"
            );
        }
        JobLog {
            entries,
            unread: copied.err().map(|error| error.to_string().into()),
        }
    }

    /// The copy of a job's log, where it has the job's last words. A copy that cannot be read is
    /// made anew.
    async fn whole_copy(&self, id: &ExecutionId, job: &JobId) -> Option<Vec<JobLogEntry>> {
        match self.ports.store.job_log(id, job, 0, usize::MAX).await {
            Ok(entries) => entries
                .iter()
                .any(|entry| is_last_word(&entry.event))
                .then_some(entries),
            Err(error) => {
                tracing::warn!(
                    execution.id = %id, drs.job.id = %job,
                    "the copy of the log of job {job} cannot be read: {error}"
                );
                None
            }
        }
    }

    /// The instances of a job that has ended, with whether a stopped one is meant to be. What
    /// cannot be read is left out: the launch is known without it.
    async fn facts_if_ended(&self, id: &ExecutionId, place: &Place, job: &Job) -> Facts {
        let launched: Vec<SourceServerId> = job
            .servers
            .iter()
            .filter(|server| server.status == LaunchStatus::Launched)
            .map(|server| server.id.clone())
            .collect();
        if job.status != JobStatus::Completed || launched.is_empty() {
            return Facts::new();
        }
        let instances = match self.ports.drs.recovery_instances(place, &launched).await {
            Ok(instances) => instances,
            Err(error) => {
                tracing::warn!(
                    execution.id = %id, drs.job.id = %job.id,
                    "the instances of job {} cannot be read: {error}", job.id
                );
                return Facts::new();
            }
        };
        let mut facts = Facts::new();
        for instance in instances {
            let Some(server) = instance.server.clone() else {
                continue;
            };
            if instance.job.as_ref() != Some(&job.id) {
                continue;
            }
            let disposition = if instance.ec2_state.as_deref() == Some("STOPPED") {
                self.disposition(id, place, &server).await
            } else {
                LaunchDisposition::Unknown
            };
            facts.insert(server, (instance, disposition));
        }
        facts
    }

    async fn disposition(
        &self,
        id: &ExecutionId,
        place: &Place,
        server: &SourceServerId,
    ) -> LaunchDisposition {
        match self.ports.drs.launch_disposition(place, server).await {
            Ok(disposition) => disposition,
            Err(error) => {
                tracing::warn!(
                    execution.id = %id, drs.source_server.id = %server,
                    "the launch configuration of {server} cannot be read: {error}"
                );
                LaunchDisposition::Unknown
            }
        }
    }
}

/// When a job's log is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogReading {
    /// Now, for the phases.
    Always,
    /// At the job's end, or when a server has failed.
    WhenItMatters,
}

/// What was seen of jobs, and what kept one of them from being seen.
#[derive(Debug, Default)]
pub(crate) struct Sighted {
    pub(crate) jobs: Vec<JobSighting>,
    pub(crate) fault: Option<WorldFault>,
}

impl Sighted {
    /// What an execution is told: first what was seen, then what was not.
    pub(crate) fn events(self, place: &Place) -> Vec<Event> {
        let seen = Event::JobsObserved {
            place: place.clone(),
            jobs: self.jobs,
        };
        let missed = self.fault.map(|fault| Event::LookFailed {
            place: place.clone(),
            fault,
        });
        std::iter::once(seen).chain(missed).collect()
    }
}

/// The log of a job as far as it was read.
#[derive(Debug, Default)]
pub(crate) struct JobLog {
    pub(crate) entries: Vec<JobLogEntry>,
    /// Why it could not be read or copied, where it could not.
    pub(crate) unread: Option<Reason>,
}

/// What DRS shows of the instances of a job, by server.
type Facts = BTreeMap<SourceServerId, (RecoveryInstance, LaunchDisposition)>;

/// The event of a look that failed.
pub(crate) fn failed(place: &Place, error: &DrsError) -> Event {
    Event::LookFailed {
        place: place.clone(),
        fault: world_fault(error),
    }
}

fn sighting(job: &Job, log: &JobLog, facts: &Facts) -> JobSighting {
    let servers = job
        .servers
        .iter()
        .map(|server| {
            let entries = ServerLog::of(&server.id, &log.entries);
            let fact = facts.get(&server.id);
            let stopped =
                fact.is_some_and(|(_, disposition)| *disposition == LaunchDisposition::Stopped);
            let mut warnings = entries.warnings();
            warnings.extend(stopped.then(|| STOPPED_ON_PURPOSE.into()));
            ServerSighting {
                id: server.id.clone(),
                status: status(job, server.status, &entries),
                phase: entries.phase(),
                instance: server.instance.clone(),
                facts: fact.map(|(instance, _)| instance.clone()),
                error: entries.failure(),
                warnings,
                unregistered: entries.unregistered(),
            }
        })
        .collect();
    JobSighting {
        id: job.id.clone(),
        status: job.status,
        servers,
        log_unread: log.unread.clone(),
    }
}

/// A server that its job has left without a result has failed where the log says so.
fn status(job: &Job, status: LaunchStatus, log: &ServerLog<'_>) -> LaunchStatus {
    match status {
        LaunchStatus::Pending | LaunchStatus::InProgress
            if job.status == JobStatus::Completed && log.shows_no_launch() =>
        {
            LaunchStatus::Failed
        }
        LaunchStatus::Pending
        | LaunchStatus::InProgress
        | LaunchStatus::Launched
        | LaunchStatus::Failed
        | LaunchStatus::Terminated => status,
    }
}
