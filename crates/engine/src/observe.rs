//! Looking at jobs in progress, for one execution or for many with few calls.

use std::collections::BTreeMap;

use domain::execution::Event;
use domain::execution::batch::JobStatus;
use domain::execution::event::{JobSighting, LaunchStatus, ServerSighting};
use domain::execution::server::Phase;
use domain::source_server::RecoveryInstance;
use domain::{ExecutionId, JobId, Place, RecoveryInstanceId, SourceServerId};

use crate::look::world_fault;
use crate::ports::DrsError;
use crate::ports::drs::{DrsErrorClass, Job, JobFilter, JobLogEntry, LaunchDisposition};
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
    ) -> Result<Event, EngineError> {
        let listed = match self.list(place, jobs).await {
            Ok(listed) => listed,
            Err(error) => return Ok(failed(place, &error)),
        };
        self.sight(id, place, jobs, &listed, LogReading::WhenItMatters)
            .await
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
    /// and instances, which are copied into our own store.
    pub(crate) async fn sight(
        &self,
        id: &ExecutionId,
        place: &Place,
        jobs: &[JobId],
        listed: &BTreeMap<JobId, Job>,
        reading: LogReading,
    ) -> Result<Event, EngineError> {
        let mut sightings = Vec::new();
        for job in jobs {
            let Some(job) = listed.get(job) else {
                match self.servers_of_missing(id, place, job).await? {
                    Ok(servers) => sightings.push(JobSighting {
                        id: job.clone(),
                        status: JobStatus::Vanished,
                        servers,
                    }),
                    Err(error) => return Ok(failed(place, &error)),
                }
                continue;
            };
            let log = match self.log_if_due(id, place, job, reading).await? {
                Ok(log) => log,
                Err(error) => return Ok(failed(place, &error)),
            };
            let facts = match self.facts_if_ended(place, job).await {
                Ok(facts) => facts,
                Err(error) => return Ok(failed(place, &error)),
            };
            sightings.push(sighting(job, &log, &facts));
        }
        Ok(Event::JobsObserved {
            place: place.clone(),
            jobs: sightings,
        })
    }

    /// A job's log, read when it explains something: at its end, at a failure, or when asked.
    /// Where reading logs is denied, the launch goes on without explanations.
    async fn log_if_due(
        &self,
        id: &ExecutionId,
        place: &Place,
        job: &Job,
        reading: LogReading,
    ) -> Result<Result<Vec<JobLogEntry>, DrsError>, EngineError> {
        let failed = job
            .servers
            .iter()
            .any(|server| server.status == LaunchStatus::Failed);
        let due = match reading {
            LogReading::Always => true,
            LogReading::WhenItMatters => failed || job.status == JobStatus::Completed,
        };
        if !due {
            return Ok(Ok(Vec::new()));
        }
        match self.ports.drs.job_log(place, &job.id).await {
            Ok(log) => {
                self.ports.store.put_job_log(id, &job.id, &log).await?;
                Ok(Ok(log))
            }
            Err(error) if matches!(error.class, DrsErrorClass::Denied | DrsErrorClass::Invalid) => {
                tracing::warn!(
                    execution.id = %id, drs.job.id = %job.id,
                    "the log of job {} cannot be read: {error}", job.id
                );
                Ok(Ok(Vec::new()))
            }
            Err(error) => Ok(Err(error)),
        }
    }

    /// The instances of a job that has ended, with whether a stopped one is meant to be.
    async fn facts_if_ended(
        &self,
        place: &Place,
        job: &Job,
    ) -> Result<BTreeMap<SourceServerId, (RecoveryInstance, LaunchDisposition)>, DrsError> {
        let launched: Vec<SourceServerId> = job
            .servers
            .iter()
            .filter(|server| server.status == LaunchStatus::Launched)
            .map(|server| server.id.clone())
            .collect();
        if job.status != JobStatus::Completed || launched.is_empty() {
            return Ok(BTreeMap::new());
        }
        let mut facts = BTreeMap::new();
        for instance in self.ports.drs.recovery_instances(place, &launched).await? {
            let Some(server) = instance.server.clone() else {
                continue;
            };
            if instance.job.as_ref() != Some(&job.id) {
                continue;
            }
            let disposition = if instance.ec2_state.as_deref() == Some("STOPPED") {
                self.ports.drs.launch_disposition(place, &server).await?
            } else {
                LaunchDisposition::Unknown
            };
            facts.insert(server, (instance, disposition));
        }
        Ok(facts)
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

/// The event of a look that failed.
pub(crate) fn failed(place: &Place, error: &DrsError) -> Event {
    Event::LookFailed {
        place: place.clone(),
        fault: world_fault(error),
    }
}

fn sighting(
    job: &Job,
    log: &[JobLogEntry],
    facts: &BTreeMap<SourceServerId, (RecoveryInstance, LaunchDisposition)>,
) -> JobSighting {
    let servers = job
        .servers
        .iter()
        .map(|server| {
            let entries: Vec<&JobLogEntry> = log
                .iter()
                .filter(|entry| entry.server.as_ref() == Some(&server.id))
                .collect();
            let fact = facts.get(&server.id);
            let stopped =
                fact.is_some_and(|(_, disposition)| *disposition == LaunchDisposition::Stopped);
            let mut warnings = warnings(&entries);
            warnings.extend(stopped.then(|| STOPPED_ON_PURPOSE.to_owned()));
            ServerSighting {
                id: server.id.clone(),
                status: server.status,
                phase: entries.iter().filter_map(|entry| phase(&entry.event)).max(),
                instance: server.instance.clone(),
                facts: fact.map(|(instance, _)| instance.clone()),
                error: entries.iter().rev().find_map(|entry| failure(entry)),
                warnings,
                unregistered: unregistered(&entries),
            }
        })
        .collect();
    JobSighting {
        id: job.id.clone(),
        status: job.status,
        servers,
    }
}

/// The phase that an entry belongs to (drs.md 2.2); DRS's own words, some of which its model
/// does not know.
fn phase(event: &str) -> Option<Phase> {
    match event {
        "CLEANUP_START" | "CLEANUP_END" | "CLEANUP_FAIL" => Some(Phase::Cleanup),
        "SNAPSHOT_START"
        | "SNAPSHOT_END"
        | "SNAPSHOT_FAIL"
        | "USING_PREVIOUS_SNAPSHOT"
        | "USING_PREVIOUS_SNAPSHOT_FAILED" => Some(Phase::Snapshot),
        "CONVERSION_START" | "CONVERSION_END" | "CONVERSION_FAIL" => Some(Phase::Conversion),
        "LAUNCH_START" | "LAUNCH_END" | "LAUNCH_FAILED" => Some(Phase::Launch),
        _ => None,
    }
}

pub(crate) fn failure(entry: &JobLogEntry) -> Option<String> {
    let event = &entry.event;
    let text = match &entry.error {
        Some(error) => format!("{event}: {error}"),
        None if event.ends_with("_FAIL") || event.ends_with("_FAILED") => {
            format!("{event}: DRS does not say why")
        }
        None => return None,
    };
    Some(match unregistered(&[entry]) {
        Some(instance) => {
            format!("{text}; EC2 may run instance {instance}, which DRS does not list")
        }
        None => text,
    })
}

/// The EC2 instance that the entry of a failed launch names. EC2 may run it, and DRS does not list
/// it where it could not register it (drs.md 3.2).
fn unregistered(entries: &[&JobLogEntry]) -> Option<RecoveryInstanceId> {
    let last = entries.iter().rev();
    last.filter(|entry| entry.event == "LAUNCH_FAILED")
        .find_map(|entry| entry.instance.as_ref()?.parse().ok())
}

fn warnings(entries: &[&JobLogEntry]) -> Vec<String> {
    entries
        .iter()
        .filter(|entry| entry.event == "USING_PREVIOUS_SNAPSHOT")
        .map(|_| "USED_PREVIOUS_SNAPSHOT".to_owned())
        .take(1)
        .collect()
}
