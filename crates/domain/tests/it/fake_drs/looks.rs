//! What the fake DRS shows to whoever looks.

use std::collections::BTreeMap;

use domain::ec2_instance::{Ec2Instance, Ec2State};
use domain::execution::batch::JobStatus;
use domain::execution::effect::{CleanUpLookAt, Ec2Question};
use domain::execution::event::{
    AttemptSearch, CleanUpLook, Ec2Sight, JobSighting, LaunchLook, LaunchStatus, LedgerPage,
    LogSight, ServerSighting, TerminateJobSighting,
};
use domain::execution::server::Phase;
use domain::execution::{Event, Execution};
use domain::launchability::{InstanceOwner, LiveInstance, ServerLook};
use domain::source_server::{RecoveryInstance, Replication, SourceServer, Volumes};
use domain::{JobId, Kind, Place, RecoveryInstanceId, SourceServerId};
use jiff::Timestamp;

use super::{FakeDrs, FakeJob, Sight, facts, instance_of, job_status, launch_status};
use crate::world::passing;

impl FakeDrs {
    pub(super) fn look(
        &self,
        execution: &Execution,
        place: &Place,
        servers: &[SourceServerId],
        now: Timestamp,
    ) -> LaunchLook {
        let looks = servers.iter().map(|id| {
            let live = self
                .live_instances(now)
                .into_iter()
                .filter(|(live, _)| live.server.as_ref() == Some(id))
                .max_by_key(|(_, owner)| match owner {
                    Some(InstanceOwner::FailingBack) => 4,
                    Some(InstanceOwner::Recovery) => 3,
                    Some(InstanceOwner::ForeignDrill) => 2,
                    Some(InstanceOwner::LiveDrill(_) | InstanceOwner::EndedDrill(_)) => 1,
                    None => 0,
                });
            let ours = match execution.head.kind {
                Kind::Drill => InstanceOwner::LiveDrill(execution.head.id.clone()),
                Kind::Recovery => InstanceOwner::Recovery,
            };
            ServerLook {
                id: id.clone(),
                in_doubt: None,
                server: Some(self.source_server(place, id, now)),
                in_job: self
                    .visible(place, now)
                    .find(|job| {
                        job.servers.contains(id) && job_status(job, now) < JobStatus::Completed
                    })
                    .map(|job| job.id.clone()),
                launched_here: live.as_ref().and_then(|(live, owner)| match owner {
                    Some(InstanceOwner::EndedDrill(other) | InstanceOwner::LiveDrill(other)) => {
                        Some((other.clone(), live.clone()))
                    }
                    Some(
                        InstanceOwner::ForeignDrill
                        | InstanceOwner::Recovery
                        | InstanceOwner::FailingBack,
                    ) => None,
                    None => Some((execution.head.id.clone(), live.clone())),
                }),
                live_instance: live.map(|(live, owner)| LiveInstance {
                    id: live.id,
                    owner: owner.unwrap_or(ours),
                }),
            }
        });
        LaunchLook {
            begun_at: now,
            servers: looks.collect(),
            usage: self.usage,
            limits: self.limits,
            page: LedgerPage::default(),
        }
    }

    fn source_server(&self, place: &Place, id: &SourceServerId, now: Timestamp) -> SourceServer {
        SourceServer {
            staging_area: domain::source_server::StagingArea::Usable,
            id: id.clone(),
            hostname: None,
            replication: self
                .replication
                .get(id)
                .cloned()
                .unwrap_or(Replication::Continuous),
            lag_seconds: Some(1),
            origin_region: None,
            tags: BTreeMap::new(),
            recovery_instance: None,
            last_launch_job: self.last_launch(place, id, now),
            volumes: Volumes::Ready,
        }
    }

    fn last_launch(&self, place: &Place, id: &SourceServerId, now: Timestamp) -> Option<JobId> {
        self.visible(place, now)
            .filter(|job| job.terminates.is_empty() && job.servers.contains(id))
            .last()
            .map(|job| job.id.clone())
    }

    pub(super) fn seek(
        &self,
        place: &Place,
        servers: &[(SourceServerId, Option<JobId>)],
        tag: &str,
        now: Timestamp,
    ) -> AttemptSearch {
        if self.sight == Sight::Failing {
            return AttemptSearch::Failed(passing());
        }
        if let Some(ours) = self
            .visible(place, now)
            .find(|job| job.tag.as_deref() == Some(tag))
        {
            return AttemptSearch::Ours(ours.id.clone());
        }
        let holder = self.visible(place, now).find(|job| {
            job_status(job, now) < JobStatus::Completed
                && servers.iter().any(|(id, _)| job.servers.contains(id))
        });
        if let Some(holder) = holder {
            return AttemptSearch::ServerInJob(holder.id.clone());
        }
        for (id, before) in servers {
            if self.last_launch(place, id, now) != *before {
                return AttemptSearch::Unclear(
                    format!("the last launch of {id} is another").into(),
                );
            }
        }
        AttemptSearch::Nothing
    }

    pub(super) fn observe(&self, place: &Place, jobs: &[JobId], now: Timestamp) -> Event {
        let place = place.clone();
        if self.sight == Sight::Failing {
            let fault = passing();
            return Event::LookFailed { place, fault };
        }
        let jobs = jobs
            .iter()
            .map(|id| self.sighting(&place, id, now))
            .collect();
        Event::JobsObserved { place, jobs }
    }

    fn sighting(&self, place: &Place, id: &JobId, now: Timestamp) -> JobSighting {
        let Some(job) = self.visible(place, now).find(|job| job.id == *id) else {
            return JobSighting {
                log_unread: None,
                id: id.clone(),
                status: JobStatus::Vanished,
                servers: vec![],
            };
        };
        let servers = job.servers.iter().map(|id| {
            let status = launch_status(job, id, now);
            let launched = status == LaunchStatus::Launched;
            ServerSighting {
                id: id.clone(),
                status,
                phase: Some(Phase::Conversion),
                instance: launched.then(|| instance_of(job, id)),
                facts: launched.then(|| facts(job, id)),
                error: (status == LaunchStatus::Failed).then(|| "LAUNCH_FAILED: it broke".into()),
                warnings: vec![],
                unregistered: self.orphan_of(job, id, status),
            }
        });
        JobSighting {
            log_unread: None,
            id: id.clone(),
            status: job_status(job, now),
            servers: servers.collect(),
        }
    }

    /// The instance that the log of a failed launch names, where EC2 has launched one.
    fn orphan_of(
        &self,
        job: &FakeJob,
        id: &SourceServerId,
        status: LaunchStatus,
    ) -> Option<RecoveryInstanceId> {
        let named = instance_of(job, id);
        let launched = self.unlisted.iter().any(|machine| machine.id == named);
        (launched && self.logs == Sight::Clear && status == LaunchStatus::Failed).then_some(named)
    }

    pub(super) fn clean_up_look(&self, at: &CleanUpLookAt, now: Timestamp) -> CleanUpLook {
        let launch_jobs = at.launch_jobs.iter();
        let listed = |instance: &RecoveryInstance| {
            instance
                .server
                .as_ref()
                .is_some_and(|id| at.servers.contains(id))
        };
        CleanUpLook {
            launch_jobs: launch_jobs
                .map(|id| self.sighting(&at.place, id, now))
                .collect(),
            terminate_jobs: at
                .terminate_jobs
                .iter()
                .map(|id| self.terminate_sighting(&at.place, id, now))
                .collect(),
            instances: self
                .listed_instances(now)
                .into_iter()
                .map(|(instance, _)| instance)
                .filter(listed)
                .collect(),
            ec2: self.ec2_sight(&at.ec2, now),
        }
    }

    fn ec2_sight(&self, question: &Ec2Question, now: Timestamp) -> Ec2Sight {
        if *question == Ec2Question::NotYet {
            return Ec2Sight::NotAsked;
        }
        if let Some(fault) = &self.ec2_fault {
            return Ec2Sight::Failed(fault.clone());
        }
        let machines = self.live_instances(now).into_iter();
        let machines = machines.map(|(instance, _)| Ec2Instance {
            id: instance.id,
            server: instance.server,
            state: Ec2State::Alive,
            launched_at: None,
            name: None,
        });
        Ec2Sight::Shown(machines.chain(self.unlisted.clone()).collect())
    }

    fn terminate_sighting(
        &self,
        place: &Place,
        id: &JobId,
        now: Timestamp,
    ) -> TerminateJobSighting {
        let job = self.visible(place, now).find(|job| job.id == *id);
        let status = job.map_or(JobStatus::Vanished, |job| job_status(job, now));
        let mut failures = Vec::new();
        let mut log = LogSight::NotDue;
        if status == JobStatus::Completed {
            log = match self.logs {
                Sight::Clear => LogSight::Copied,
                Sight::Failing => LogSight::Unreadable,
            };
            for instance in job.iter().flat_map(|job| &job.terminates) {
                if let (LogSight::Copied, Some(text)) = (log, self.protected.get(instance)) {
                    failures.push((super::server_of(instance), text.clone()));
                }
            }
        }
        TerminateJobSighting {
            id: id.clone(),
            status,
            failures,
            log,
        }
    }
}
