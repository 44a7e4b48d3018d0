//! Looking for a clean-up: at its terminate jobs and their logs, at what DRS lists, and at what EC2
//! runs.

use std::collections::{BTreeMap, BTreeSet};

use domain::execution::batch::JobStatus;
use domain::execution::effect::{CleanUpLookAt, Ec2Question};
use domain::execution::event::{
    CleanUpLook, Ec2Sight, LaunchStatus, LogSight, TerminateJobSighting, WorldFault,
};
use domain::{ExecutionId, JobId, Place, SourceServerId};

use crate::job_log::failure;
use crate::job_observation::LogReading;
use crate::ports::drs::{Job, JobLogEntry};
use crate::pre_launch_check::world_fault;
use crate::{Engine, EngineError};

/// What is said of a termination that has failed where its job's log says nothing of it.
const NO_REASON: &str = "DRS says that the termination failed, and its log does not say why";
const NO_LOG: &str = "DRS says that the termination failed; its log could not be read";

impl Engine {
    /// The look for a clean-up in all its places.
    pub(crate) async fn look_for_clean_up(
        &self,
        id: &ExecutionId,
        places: Vec<CleanUpLookAt>,
    ) -> Result<Vec<(Place, Result<CleanUpLook, WorldFault>)>, EngineError> {
        let mut seen = Vec::new();
        for at in places {
            let look = self.look_for_clean_up_at(id, &at).await?;
            seen.push((at.place, look));
        }
        Ok(seen)
    }

    async fn look_for_clean_up_at(
        &self,
        id: &ExecutionId,
        at: &CleanUpLookAt,
    ) -> Result<Result<CleanUpLook, WorldFault>, EngineError> {
        let asked = at.launch_jobs.iter().chain(&at.terminate_jobs);
        let asked: Vec<JobId> = asked.cloned().collect();
        let listed = match self.list(&at.place, &asked).await {
            Ok(listed) => listed,
            Err(error) => return Ok(Err(world_fault(&error))),
        };
        let reading = LogReading::WhenItMatters;
        let sighted = self
            .sight(id, &at.place, &at.launch_jobs, &listed, reading)
            .await?;
        if let Some(fault) = sighted.fault {
            return Ok(Err(fault));
        }
        let launch_jobs = sighted.jobs;
        let terminate_jobs = self.sight_terminate_jobs(id, at, &listed).await;
        let drs = &self.ports.drs;
        let instances = match drs.recovery_instances(&at.place, &at.servers).await {
            Ok(instances) => instances,
            Err(error) => return Ok(Err(world_fault(&error))),
        };
        Ok(Ok(CleanUpLook {
            launch_jobs,
            terminate_jobs,
            instances,
            ec2: self.look_at_ec2(at).await,
        }))
    }

    /// What EC2 shows. That it cannot be asked is for the decision to weigh: it keeps nobody from
    /// terminating what DRS lists.
    async fn look_at_ec2(&self, at: &CleanUpLookAt) -> Ec2Sight {
        let instances = match &at.ec2 {
            Ec2Question::NotYet => return Ec2Sight::NotAsked,
            Ec2Question::Instances(instances) => instances,
        };
        let ec2 = &self.ports.ec2;
        match ec2.instances(&at.place, instances, &at.servers).await {
            Ok(shown) => Ec2Sight::Shown(shown),
            Err(fault) => Ec2Sight::Failed(fault),
        }
    }

    async fn sight_terminate_jobs(
        &self,
        id: &ExecutionId,
        at: &CleanUpLookAt,
        listed: &BTreeMap<JobId, Job>,
    ) -> Vec<TerminateJobSighting> {
        let mut seen = Vec::new();
        for job in &at.terminate_jobs {
            seen.push(match listed.get(job) {
                Some(job) => self.sight_terminate_job(id, &at.place, job).await,
                None => TerminateJobSighting {
                    id: job.clone(),
                    status: JobStatus::Vanished,
                    failures: Vec::new(),
                    log: LogSight::NotDue,
                },
            });
        }
        seen
    }

    /// One terminate job. Its log is read when it explains something.
    async fn sight_terminate_job(
        &self,
        id: &ExecutionId,
        place: &Place,
        job: &Job,
    ) -> TerminateJobSighting {
        let failed = job.servers.iter();
        let failed = failed.filter(|server| server.status == LaunchStatus::Failed);
        let failed: BTreeSet<SourceServerId> = failed.map(|server| server.id.clone()).collect();
        let due = !failed.is_empty() || job.status == JobStatus::Completed;
        let (log, sight) = if due {
            let log = self.read_log(id, place, job).await;
            let sight = match log.unread {
                None => LogSight::Copied,
                Some(_) => LogSight::Unreadable,
            };
            (log.entries, sight)
        } else {
            (Vec::new(), LogSight::NotDue)
        };
        TerminateJobSighting {
            id: job.id.clone(),
            status: job.status,
            failures: failures(failed, &log, sight),
            log: sight,
        }
    }
}

/// The servers whose instances were not terminated, with the reasons. DRS empties the list of
/// servers as such a job ends, so that the log is asked as well.
fn failures(
    failed: BTreeSet<SourceServerId>,
    log: &[JobLogEntry],
    sight: LogSight,
) -> Vec<(SourceServerId, String)> {
    let mut reasons: BTreeMap<SourceServerId, String> = failed
        .into_iter()
        .map(|server| {
            let reason = match sight {
                LogSight::NotDue | LogSight::Copied => NO_REASON,
                LogSight::Unreadable => NO_LOG,
            };
            (server, reason.to_owned())
        })
        .collect();
    for entry in log {
        let Some(server) = &entry.server else {
            continue;
        };
        match meaning(entry) {
            Meaning::Failed(reason) => {
                reasons.insert(server.clone(), reason);
            }
            Meaning::Ended => {
                reasons.remove(server);
            }
            Meaning::Nothing => {}
        }
    }
    reasons.into_iter().collect()
}

/// What an entry of a terminate job's log says of its server.
enum Meaning {
    /// Its instance was not terminated, for this reason.
    Failed(String),
    /// Its instance was terminated, whatever failed before.
    Ended,
    /// Neither.
    Nothing,
}

/// The meaning of an entry; DRS's own words, some of which its model does not
/// know.
fn meaning(entry: &JobLogEntry) -> Meaning {
    match (entry.event.as_str(), failure(entry)) {
        ("CLEANUP_END", _) => Meaning::Ended,
        (_, Some(reason)) => Meaning::Failed(reason.into()),
        (_, None) => Meaning::Nothing,
    }
}
