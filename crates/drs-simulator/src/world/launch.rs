//! The life of a job: its start, the phases of each participant, and its end.

use super::World;
use super::due::Due;
use super::identifier::derived;
use super::instance::Launched;
use super::job::{Job, JobKind, LaunchKind, Participant, Spot, Starter};
use crate::scenario::{PhaseEnding, ServerPhase, Stall};
use crate::wire::configuration::RecoveryMode;
use crate::wire::job::{
    ConversionProperties, JobLogEvent, JobLogEventData, JobStatus, LaunchStatus,
};
use crate::wire::recovery_instance::Ec2InstanceState;
use jiff::{SignedDuration, Timestamp};

/// The most attempts at a conversion that the log speaks of.
const MOST_ATTEMPTS: u32 = 9;

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
        let kind = state.kind;
        for participant in 0..state.participants.len() {
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

    /// The time of a phase is over, unless the participant has moved on since.
    pub(super) fn finish_phase(&mut self, spot: Spot, generation: u32) {
        let Some(participant) = self.participant(spot) else {
            return;
        };
        if participant.settled || participant.generation != generation {
            return;
        }
        let Some(phase) = participant.phase else {
            return;
        };
        let (ending, raw_error) = (
            participant.effect.ending,
            participant.effect.raw_error.clone(),
        );
        if participant.failed_attempts < participant.effect.attempts {
            return self.fail_attempt(spot, phase, raw_error);
        }
        match ending {
            PhaseEnding::Succeeds => self.succeed(spot, phase),
            PhaseEnding::Fails(event) => self.fail(spot, phase, event, raw_error),
            PhaseEnding::FailsSilently => self.settle(spot, LaunchStatus::Failed),
            PhaseEnding::FallsBack => self.fall_back(spot, raw_error),
            PhaseEnding::LeftInProgress => self.settle(spot, LaunchStatus::InProgress),
        }
    }

    pub(super) fn end_job(&mut self, site: usize, number: u64) {
        let now = self.now;
        let empties = self.settings.switches.empty_terminate_jobs;
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

    /// The instance that a launch of this participant destroys first.
    fn earlier_instance(&self, spot: Spot) -> Option<String> {
        let site = self.sites.get(spot.site)?;
        let server = site.servers.get(&self.participant(spot)?.server)?;
        let instance = site.instances.get(server.recovery_instance.as_deref()?)?;
        let destroyed = instance.is_drill || self.settings.switches.relaunch_destroys_recoveries;
        destroyed.then(|| instance.id.clone())
    }

    fn begin_phase(&mut self, spot: Spot, phase: ServerPhase) {
        let effect = self.phase_effect(spot, phase);
        let usual = self.phase_duration(spot, phase);
        let duration = effect.take.map_or(usual, |take| self.settings.scaled(take));
        let stall = match effect.stall {
            None => Some(SignedDuration::ZERO),
            Some(Stall::For(stall)) => Some(self.settings.scaled(stall)),
            Some(Stall::Forever) => None,
        };
        self.enter(spot, phase);
        let now = self.now;
        let Some(participant) = self.participant_mut(spot) else {
            return;
        };
        participant.phase = Some(phase);
        participant.effect = effect;
        participant.failed_attempts = 0;
        participant.generation += 1;
        let generation = participant.generation;
        if let Some(stall) = stall {
            self.queue
                .push(now + duration + stall, Due::PhaseEnds { spot, generation });
        }
    }

    /// What the log and the world show when a phase begins.
    fn enter(&mut self, spot: Spot, phase: ServerPhase) {
        self.set_status(spot, LaunchStatus::InProgress);
        match phase {
            ServerPhase::Cleanup => {
                self.log(spot, JobLogEvent::CleanupStart, |_| {});
                if let Some(instance) = self.earlier_instance(spot) {
                    self.find_relaunch(spot, &instance);
                    self.shut_down(spot.site, &instance);
                }
            }
            ServerPhase::Snapshot => {
                let pinned = self
                    .participant(spot)
                    .is_some_and(|one| one.pinned.is_some());
                let event = if pinned {
                    JobLogEvent::UsingPreviousSnapshot
                } else {
                    JobLogEvent::SnapshotStart
                };
                self.log(spot, event, |_| {});
            }
            ServerPhase::Conversion => self.log_conversion_start(spot, 0),
            ServerPhase::Launch => {
                let id = self.identifiers.next("i-");
                if let Some(participant) = self.participant_mut(spot) {
                    participant.instance = Some(id.clone());
                }
                self.log(spot, JobLogEvent::LaunchStart, |data| {
                    data.target_instance_id = Some(id)
                });
            }
            ServerPhase::Terminate => {
                self.log(spot, JobLogEvent::CleanupStart, |_| {});
                let instance = self.participant(spot).and_then(|one| one.instance.clone());
                if let Some(instance) = instance {
                    self.shut_down(spot.site, &instance);
                }
            }
        }
    }

    fn shut_down(&mut self, site: usize, instance: &str) {
        let instance = self
            .sites
            .get_mut(site)
            .and_then(|site| site.instances.get_mut(instance));
        if let Some(instance) = instance.filter(|instance| instance.is_alive()) {
            instance.state = Ec2InstanceState::ShuttingDown;
        }
    }

    fn log_conversion_start(&mut self, spot: Spot, failed: u32) {
        let server = conversion_server(spot);
        self.log(spot, JobLogEvent::ConversionStart, |data| {
            data.conversion_server_id = Some(server);
            if failed > 0 {
                data.attempt_count = Some(failed + 1);
                data.max_attempts_count = Some(MOST_ATTEMPTS);
            }
        });
    }

    fn fail_attempt(&mut self, spot: Spot, phase: ServerPhase, raw_error: Option<String>) {
        let duration = self.phase_duration(spot, phase);
        let Some(participant) = self.participant_mut(spot) else {
            return;
        };
        participant.failed_attempts += 1;
        participant.generation += 1;
        let (failed, generation) = (participant.failed_attempts, participant.generation);
        self.log(spot, JobLogEvent::ConversionFail, |data| {
            data.attempt_count = Some(failed);
            data.max_attempts_count = Some(MOST_ATTEMPTS);
            data.conversion_server_id = Some(conversion_server(spot));
            data.raw_error = raw_error;
        });
        self.log_conversion_start(spot, failed);
        self.queue
            .push(self.now + duration, Due::PhaseEnds { spot, generation });
    }

    fn succeed(&mut self, spot: Spot, phase: ServerPhase) {
        match phase {
            ServerPhase::Cleanup => {
                self.log(spot, JobLogEvent::CleanupEnd, |_| {});
                if let Some(instance) = self.earlier_instance(spot) {
                    self.end_instance(spot.site, &instance);
                    self.remove_record(spot.site, &instance);
                }
                self.begin_phase(spot, ServerPhase::Snapshot);
            }
            ServerPhase::Snapshot => self.end_snapshot(spot),
            ServerPhase::Conversion => {
                let data_at = self.participant(spot).and_then(|one| one.data_at);
                self.log(spot, JobLogEvent::ConversionEnd, |data| {
                    data.conversion_server_id = Some(conversion_server(spot));
                    data.conversion_properties = Some(ConversionProperties {
                        data_timestamp: data_at.map(|at| at.to_string()),
                        ..ConversionProperties::default()
                    });
                });
                self.begin_phase(spot, ServerPhase::Launch);
            }
            ServerPhase::Launch => self.complete_launch(spot),
            ServerPhase::Terminate => self.complete_termination(spot),
        }
    }

    /// Ends the instance of a terminate job; also for an outcome that somebody forces.
    pub(super) fn complete_termination(&mut self, spot: Spot) {
        self.log(spot, JobLogEvent::CleanupEnd, |_| {});
        let instance = self.participant(spot).and_then(|one| one.instance.clone());
        if let Some(instance) = instance {
            self.end_instance(spot.site, &instance);
        }
        self.settle(spot, LaunchStatus::Terminated);
    }

    fn end_snapshot(&mut self, spot: Spot) {
        let Some(participant) = self.participant(spot) else {
            return;
        };
        let (id, pinned) = (participant.server.clone(), participant.pinned.clone());
        if let Some(point) = pinned {
            return match self.point_at(spot.site, &id, &point) {
                Some(at) => self.use_data(spot, at),
                None => self.fail_without_data(spot, None),
            };
        }
        let Some(server) = self
            .sites
            .get(spot.site)
            .and_then(|site| site.servers.get(&id))
        else {
            return;
        };
        let newest = server.replication.consistent_at(self.now);
        match newest {
            Some(at) if server.replication.takes_snapshots() => {
                self.log(spot, JobLogEvent::SnapshotEnd, |_| {});
                self.use_data(spot, at);
            }
            Some(_) => self.fall_back(spot, None),
            None => self.fail_without_data(spot, None),
        }
    }

    /// The snapshot failed; the newest point in time is used instead, if there is one.
    fn fall_back(&mut self, spot: Spot, raw_error: Option<String>) {
        let Some(participant) = self.participant(spot) else {
            return;
        };
        let newest = self.newest_point(spot.site, &participant.server.clone());
        let Some(at) = newest else {
            return self.fail_without_data(spot, raw_error);
        };
        self.log_snapshot_failure(spot, raw_error);
        self.log(spot, JobLogEvent::UsingPreviousSnapshot, |_| {});
        self.use_data(spot, at);
    }

    fn log_snapshot_failure(&mut self, spot: Spot, raw_error: Option<String>) {
        let raw_error =
            raw_error.unwrap_or_else(|| "The replication agent does not answer.".to_owned());
        self.log(spot, JobLogEvent::SnapshotFail, |data| {
            data.raw_error = Some(raw_error)
        });
    }

    fn fail_without_data(&mut self, spot: Spot, raw_error: Option<String>) {
        self.log_snapshot_failure(spot, raw_error);
        let message = "There is no consistent point in time.".to_owned();
        self.log(spot, JobLogEvent::UsingPreviousSnapshotFailed, |data| {
            data.raw_error = Some(message);
        });
        self.settle(spot, LaunchStatus::Failed);
    }

    fn use_data(&mut self, spot: Spot, at: Timestamp) {
        let Some(participant) = self.participant_mut(spot) else {
            return;
        };
        participant.data_at = Some(at);
        let server = participant.server.clone();
        let mode = self
            .sites
            .get(spot.site)
            .and_then(|site| site.servers.get(&server)?.launch.recovery_mode);
        let next = match mode {
            Some(RecoveryMode::Fast) => ServerPhase::Launch,
            Some(RecoveryMode::Optimal) | None => ServerPhase::Conversion,
        };
        self.begin_phase(spot, next);
    }

    /// Registers the instance of a launch; also for an outcome that somebody forces.
    pub(super) fn complete_launch(&mut self, spot: Spot) {
        let Some(job) = self.job(spot) else { return };
        let JobKind::Launch(kind) = job.kind else {
            return;
        };
        let job_id = job.id.clone();
        let new_id = self.identifiers.next("i-");
        let now = self.now;
        let Some(participant) = self.participant_mut(spot) else {
            return;
        };
        let id = participant.instance.get_or_insert(new_id).clone();
        let (server, data_at) = (
            participant.server.clone(),
            participant.data_at.unwrap_or(now),
        );
        if self.settings.switches.launch_end_event {
            let target = id.clone();
            self.log(spot, JobLogEvent::LaunchEnd, |data| {
                data.target_instance_id = Some(target)
            });
        }
        let is_drill = kind == LaunchKind::Drill;
        self.register_instance(
            spot.site,
            &server,
            Launched {
                id,
                job_id,
                is_drill,
                data_at,
            },
        );
        self.settle(spot, LaunchStatus::Launched);
    }

    /// The server fails in this phase, with this event.
    pub(super) fn fail(
        &mut self,
        spot: Spot,
        phase: ServerPhase,
        event: JobLogEvent,
        raw_error: Option<String>,
    ) {
        if event == JobLogEvent::UsingPreviousSnapshotFailed {
            self.log_snapshot_failure(spot, raw_error.clone());
        }
        let target = self.participant(spot).and_then(|one| one.instance.clone());
        self.log(spot, event, |data| {
            data.raw_error = raw_error;
            if phase == ServerPhase::Launch {
                data.target_instance_id = target;
            }
        });
        self.settle(spot, LaunchStatus::Failed);
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
        match job.kind {
            JobKind::Launch(kind) => self.note_launch(spot, kind, status),
            JobKind::Terminate if status == LaunchStatus::Failed => self.keep_running(spot),
            JobKind::Terminate => {}
        }
        if all {
            let delay = self.settings.scaled(self.settings.durations.end_delay);
            let due = Due::JobEnds {
                site: spot.site,
                job: spot.job,
            };
            self.queue.push(self.now + delay, due);
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
    fn set_status(&mut self, spot: Spot, status: LaunchStatus) {
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

    fn phase_duration(&mut self, spot: Spot, phase: ServerPhase) -> SignedDuration {
        let starter = self.job(spot).map_or(Starter::Caller, |job| job.starter);
        if let Starter::Stranger {
            duration: Some(duration),
        } = starter
        {
            return match phase {
                ServerPhase::Launch => self.settings.scaled(duration),
                ServerPhase::Cleanup
                | ServerPhase::Snapshot
                | ServerPhase::Conversion
                | ServerPhase::Terminate => SignedDuration::ZERO,
            };
        }
        let factor = self.identifiers.factor(self.settings.durations.jitter);
        let pinned = self
            .participant(spot)
            .is_some_and(|one| one.pinned.is_some());
        if pinned && phase == ServerPhase::Snapshot {
            return self.settings.scaled_seconds(5.0 * factor);
        }
        let server = self.participant(spot).map(|one| one.server.clone());
        let server = server.and_then(|id| {
            self.sites
                .get(spot.site)
                .and_then(|site| site.servers.get(&id))
        });
        let seconds = server.map_or(0.0, |server| {
            self.settings
                .durations
                .seconds(phase, server.family, server.disk_gib)
        });
        self.settings.scaled_seconds(seconds * factor)
    }

    /// Writes an entry about this participant into the job's log.
    fn log(&mut self, spot: Spot, event: JobLogEvent, fill: impl FnOnce(&mut JobLogEventData)) {
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

fn conversion_server(spot: Spot) -> String {
    derived(
        "i-",
        &format!("{}/{}/conversion", spot.job, spot.participant),
    )
}
