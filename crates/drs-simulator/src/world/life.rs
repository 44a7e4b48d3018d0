//! The life of a job as a whole: its start, its participants' ends, and its own end.

use super::World;
use super::defect::planted;
use super::due::Due;
use super::job::{Job, JobKind, Participant, Spot};
use crate::scenario::ServerPhase;
use crate::wire::job::{JobLogEvent, JobLogEventData, JobStatus, LaunchStatus};
use crate::wire::recovery_instance::Ec2InstanceState;
use jiff::SignedDuration;

impl World {
    pub(super) fn start_job(&mut self, site: usize, job: u64) {
        let now = self.now;
        let Some(state) = self
            .sites
            .get_mut(site)
            .and_then(|site| site.jobs.get_mut(&job))
        else {
            return;
        };
        state.status = JobStatus::Started;
        state.note(now, JobLogEvent::JobStart, None);
        let (kind, participants) = (state.kind, state.participants.len());
        #[cfg(feature = "planted-defects")]
        if kind == JobKind::Terminate && planted!(self, TerminateFreesLockEarly) {
            self.free_servers_of(site, job);
        }
        for participant in 0..participants {
            let spot = Spot {
                site,
                job,
                participant,
            };
            let first = match kind {
                JobKind::Terminate => ServerPhase::Terminate,
                JobKind::Launch(_) if self.earlier_instance(spot).is_some() => ServerPhase::Cleanup,
                JobKind::Launch(_) => ServerPhase::Snapshot,
            };
            self.begin_phase(spot, first);
        }
    }

    pub(super) fn end_job(&mut self, site: usize, number: u64) {
        let now = self.now;
        let empties =
            self.settings.switches.empty_terminate_jobs && !planted!(self, TerminateListKept);
        let removal = now + self.settings.scaled(self.settings.durations.record_removal);
        let Some(state) = self.sites.get_mut(site) else {
            return;
        };
        let Some(job) = state.jobs.get_mut(&number) else {
            return;
        };
        job.status = JobStatus::Completed;
        job.ended_at = Some(now);
        job.note(now, JobLogEvent::JobEnd, None);
        job.emptied = job.kind == JobKind::Terminate && empties;
        state.running.retain(|running| *running != number);
        for participant in &job.participants {
            if let Some(server) = state.servers.get_mut(&participant.server)
                && server.locked_by == Some(number)
            {
                server.locked_by = None;
            }
            let ended = participant.progress.status() == LaunchStatus::Terminated;
            if let Some(instance) = participant.instance.clone().filter(|_| ended) {
                self.queue.push(removal, Due::RecordGoes { site, instance });
            }
        }
    }

    pub(super) fn forget_job(&mut self, site: usize, job: u64) {
        if let Some(job) = self
            .sites
            .get_mut(site)
            .and_then(|site| site.jobs.get_mut(&job))
        {
            job.forgotten = true;
        }
    }

    pub(super) fn participant(&self, spot: Spot) -> Option<&Participant> {
        self.job(spot)?.participants.get(spot.participant)
    }

    pub(super) fn participant_mut(&mut self, spot: Spot) -> Option<&mut Participant> {
        let job = self.sites.get_mut(spot.site)?.jobs.get_mut(&spot.job)?;
        job.participants.get_mut(spot.participant)
    }

    pub(super) fn job(&self, spot: Spot) -> Option<&Job> {
        self.sites.get(spot.site)?.jobs.get(&spot.job)
    }

    /// The participant has ended; the job ends when all have.
    pub(super) fn settle(&mut self, spot: Spot, status: LaunchStatus) {
        self.set_status(spot, status);
        let Some(participant) = self.participant_mut(spot) else {
            return;
        };
        participant.settled = true;
        participant.generation += 1;
        let Some(job) = self.job(spot) else { return };
        let all = job
            .participants
            .iter()
            .all(|participant| participant.settled);
        let all_launched = || {
            let mut statuses = job.participants.iter().map(|one| one.progress.status());
            statuses.all(|status| status == LaunchStatus::Launched)
        };
        let all = all && (!planted!(self, CompletedOnlyWhenAllLaunched) || all_launched());
        match job.kind {
            JobKind::Launch(kind) => self.note_launch(spot, kind, status),
            JobKind::Terminate if status == LaunchStatus::Failed => self.keep_running(spot),
            JobKind::Terminate => {}
        }
        let waits = self.settings.switches.completed_waits_for_actions;
        let ended_at = if waits {
            self.actions_end(spot)
        } else {
            Some(self.now)
        };
        if let Some(ended_at) = ended_at.filter(|_| all) {
            let delay = self.settings.scaled(self.settings.durations.end_delay);
            let due = Due::JobEnds {
                site: spot.site,
                job: spot.job,
            };
            self.queue.push(ended_at + delay, due);
        }
    }

    fn keep_running(&mut self, spot: Spot) {
        let Some(id) = self.participant(spot).and_then(|one| one.instance.clone()) else {
            return;
        };
        let instance = self
            .sites
            .get_mut(spot.site)
            .and_then(|site| site.instances.get_mut(&id));
        if let Some(instance) = instance
            && instance.state == Ec2InstanceState::ShuttingDown
        {
            instance.state = Ec2InstanceState::Running;
        }
    }

    /// Changes the status of a participant, and of its server's last launch.
    pub(super) fn set_status(&mut self, spot: Spot, status: LaunchStatus) {
        let now = self.now;
        let shown_from = now + self.status_lag();
        let Some(job) = self.job(spot) else { return };
        let (kind, job_id) = (job.kind, job.id.clone());
        let Some(participant) = self.participant_mut(spot) else {
            return;
        };
        let shows_instance = match status {
            LaunchStatus::Launched | LaunchStatus::Terminated => true,
            LaunchStatus::Pending | LaunchStatus::InProgress | LaunchStatus::Failed => {
                kind == JobKind::Terminate
            }
        };
        let instance = participant.instance.clone().filter(|_| shows_instance);
        if participant.progress.status() == status && !shows_instance {
            return;
        }
        participant
            .progress
            .change(now, shown_from, status, instance);
        let server = participant.server.clone();
        if shown_from > now {
            self.queue.push(shown_from, Due::SomethingShows);
        }
        let server = self
            .sites
            .get_mut(spot.site)
            .and_then(|site| site.servers.get_mut(&server));
        if let Some(launch) = server.and_then(|server| server.last_launch.as_mut())
            && launch.job_id == job_id
        {
            launch.status = status;
        }
    }

    fn status_lag(&mut self) -> SignedDuration {
        let consistency = self.settings.consistency;
        self.lateness(consistency.status_lag_ms)
    }

    /// How late a read is: this many milliseconds, or a random time up to that.
    pub(super) fn lateness(&mut self, milliseconds: u32) -> SignedDuration {
        let most = SignedDuration::from_millis(i64::from(milliseconds));
        let most = self.settings.scaled(most);
        if self.settings.consistency.random {
            self.identifiers.up_to(most)
        } else {
            most
        }
    }

    /// Writes an entry about this participant into the job's log.
    pub(super) fn log(
        &mut self,
        spot: Spot,
        event: JobLogEvent,
        fill: impl FnOnce(&mut JobLogEventData),
    ) {
        let now = self.now;
        let job = self
            .sites
            .get_mut(spot.site)
            .and_then(|site| site.jobs.get_mut(&spot.job));
        let Some(job) = job else { return };
        let Some(participant) = job.participants.get(spot.participant) else {
            return;
        };
        let mut data = JobLogEventData {
            source_server_id: Some(participant.server.clone()),
            ..JobLogEventData::default()
        };
        fill(&mut data);
        job.note(now, event, Some(data));
    }
}
