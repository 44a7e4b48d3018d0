//! Jobs and the servers that take part in them.

use super::launch_action::ActionRun;
use super::site::Site;
use crate::scenario::{PhaseEffect, ServerPhase};
use crate::wire;
use crate::wire::Tags;
use crate::wire::job::{
    InitiatedBy, JobLog, JobLogEvent, JobLogEventData, JobStatus, JobType, LaunchStatus,
};
use jiff::{SignedDuration, Timestamp};

/// One participant of one job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) site: usize,
    pub(super) job: u64,
    pub(super) participant: usize,
}

/// What a launch is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LaunchKind {
    Drill,
    Recovery,
}

impl LaunchKind {
    pub(super) fn of(is_drill: Option<bool>) -> Self {
        match is_drill {
            Some(true) => Self::Drill,
            Some(false) | None => Self::Recovery,
        }
    }
}

/// What a job does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum JobKind {
    Launch(LaunchKind),
    Terminate,
}

/// Who started a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Starter {
    /// A request that came through the API.
    Caller,
    /// The scenario: somebody else.
    Stranger {
        /// How long the launch takes, when that is fixed.
        duration: Option<SignedDuration>,
    },
}

/// What a rule wants of the job that a request starts.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct JobEffects {
    pub(super) hide_job: Option<SignedDuration>,
    pub(super) hide_participants: Option<SignedDuration>,
    pub(super) vanish_after: Option<SignedDuration>,
    /// Whether the points that the request pins have expired.
    pub(super) expire_points: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Job {
    pub(super) id: String,
    pub(super) kind: JobKind,
    pub(super) starter: Starter,
    pub(super) tags: Tags,
    pub(super) created_at: Timestamp,
    pub(super) ended_at: Option<Timestamp>,
    pub(super) status: JobStatus,
    pub(super) participants: Vec<Participant>,
    pub(super) log: Vec<JobLog>,
    pub(super) visible_at: Timestamp,
    pub(super) participants_visible_at: Timestamp,
    /// Whether the job is gone for readers, aged out or deleted.
    pub(super) forgotten: bool,
    /// Whether a drill says that it is one in `initiatedBy`.
    pub(super) says_drill: bool,
    /// Whether the list of participants was emptied at the end.
    pub(super) emptied: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Participant {
    pub(super) server: String,
    /// The point in time that the request pinned.
    pub(super) pinned: Option<String>,
    /// The instance that is being launched or ended.
    pub(super) instance: Option<String>,
    pub(super) progress: Progress,
    pub(super) phase: Option<ServerPhase>,
    pub(super) effect: PhaseEffect,
    pub(super) failed_attempts: u32,
    /// How old the data is that the instance gets.
    pub(super) data_at: Option<Timestamp>,
    /// Raised with each change of phase; events of earlier phases change nothing.
    pub(super) generation: u32,
    pub(super) settled: bool,
    /// The actions after its launch.
    pub(super) actions: Vec<ActionRun>,
}

impl Participant {
    pub(super) fn new(server: &str, pinned: Option<String>, now: Timestamp) -> Self {
        Self {
            server: server.to_owned(),
            pinned,
            instance: None,
            progress: Progress::new(now),
            phase: None,
            effect: PhaseEffect::default(),
            failed_attempts: 0,
            data_at: None,
            generation: 0,
            settled: false,
            actions: Vec::new(),
        }
    }

    fn shown(&self, now: Timestamp) -> wire::job::ParticipatingServer {
        let (launch_status, recovery_instance_id) = self.progress.shown(now).clone();
        wire::job::ParticipatingServer {
            source_server_id: Some(self.server.clone()),
            recovery_instance_id,
            launch_status: Some(launch_status),
            launch_actions_status: super::launch_action::shown(&self.actions, now),
        }
    }
}

/// A status and an instance id, which readers may see late.
#[derive(Debug, Clone)]
pub(super) struct Progress {
    current: (LaunchStatus, Option<String>),
    earlier: (LaunchStatus, Option<String>),
    shown_from: Timestamp,
}

impl Progress {
    fn new(now: Timestamp) -> Self {
        let pending = (LaunchStatus::Pending, None);
        Self {
            current: pending.clone(),
            earlier: pending,
            shown_from: now,
        }
    }

    pub(super) const fn status(&self) -> LaunchStatus {
        self.current.0
    }

    fn shown(&self, now: Timestamp) -> &(LaunchStatus, Option<String>) {
        if now >= self.shown_from {
            &self.current
        } else {
            &self.earlier
        }
    }

    /// Changes now; readers see it from `shown_from` on.
    pub(super) fn change(
        &mut self,
        now: Timestamp,
        shown_from: Timestamp,
        status: LaunchStatus,
        instance: Option<String>,
    ) {
        if now >= self.shown_from {
            self.earlier = self.current.clone();
        }
        self.current = (status, instance);
        self.shown_from = shown_from;
    }
}

impl Job {
    pub(super) fn is_visible(&self, now: Timestamp) -> bool {
        !self.forgotten && now >= self.visible_at
    }

    pub(super) fn note(
        &mut self,
        at: Timestamp,
        event: JobLogEvent,
        data: Option<JobLogEventData>,
    ) {
        self.log.push(JobLog {
            log_date_time: Some(at),
            event: Some(event),
            event_data: data,
        });
    }

    const fn type_and_initiator(&self) -> (JobType, InitiatedBy) {
        match self.kind {
            JobKind::Launch(LaunchKind::Drill) if self.says_drill => {
                (JobType::Launch, InitiatedBy::StartDrill)
            }
            JobKind::Launch(LaunchKind::Drill | LaunchKind::Recovery) => {
                (JobType::Launch, InitiatedBy::StartRecovery)
            }
            JobKind::Terminate => (JobType::Terminate, InitiatedBy::TerminateRecoveryInstances),
        }
    }

    pub(super) fn to_wire(&self, site: &Site, now: Timestamp) -> wire::job::Job {
        let (job_type, initiated_by) = self.type_and_initiator();
        let participants = if self.emptied || now < self.participants_visible_at {
            Vec::new()
        } else {
            self.participants
                .iter()
                .map(|participant| participant.shown(now))
                .collect()
        };
        wire::job::Job {
            job_id: self.id.clone(),
            arn: Some(site.arn(&format!("job/{}", self.id))),
            job_type: Some(job_type),
            initiated_by: Some(initiated_by),
            creation_date_time: Some(self.created_at),
            end_date_time: self.ended_at,
            status: Some(self.status),
            participating_servers: Some(participants),
            tags: Some(self.tags.clone()),
        }
    }

    /// The job as it was just after its start, for readers that are behind.
    pub(super) fn to_stale_wire(&self, site: &Site, now: Timestamp) -> wire::job::Job {
        let mut job = self.to_wire(site, now);
        if self.status != JobStatus::Completed {
            job.status = Some(JobStatus::Pending);
            for participant in job.participating_servers.iter_mut().flatten() {
                participant.launch_status = Some(LaunchStatus::Pending);
                participant.recovery_instance_id = None;
            }
        }
        job
    }
}
