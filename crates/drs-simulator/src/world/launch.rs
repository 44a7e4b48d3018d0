//! The life of a job: its start, the phases of each participant, and its end.

use super::World;
use super::defect::planted;
use super::due::Due;
use super::identifier::derived;
use super::job::{Spot, Starter};
use crate::scenario::{PhaseEnding, ServerPhase, Stall};
use crate::wire::job::{ConversionProperties, JobLogEvent, LaunchStatus};
use crate::wire::recovery_instance::Ec2InstanceState;
use jiff::SignedDuration;

/// The most attempts at a conversion that the log speaks of.
const MOST_ATTEMPTS: u32 = 9;

impl World {
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
            PhaseEnding::FailsSilently => {
                self.leave_orphan(spot);
                self.settle(spot, LaunchStatus::Failed);
            }
            PhaseEnding::FallsBack => self.fall_back(spot, raw_error),
            PhaseEnding::LeftInProgress => self.settle(spot, LaunchStatus::InProgress),
        }
    }

    /// The instance that a launch of this participant destroys first.
    pub(super) fn earlier_instance(&self, spot: Spot) -> Option<String> {
        let site = self.sites.get(spot.site)?;
        let server = site.servers.get(&self.participant(spot)?.server)?;
        let instance = site.instances.get(server.recovery_instance.as_deref()?)?;
        if planted!(self, RelaunchSparesInstance) {
            return None;
        }
        let destroyed = instance.is_drill || self.settings.switches.relaunch_destroys_recoveries;
        destroyed.then(|| instance.id.clone())
    }

    pub(super) fn begin_phase(&mut self, spot: Spot, phase: ServerPhase) {
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
                self.log_cleanup(spot, JobLogEvent::CleanupStart);
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
                    data.target_instance_id = Some(id);
                });
            }
            ServerPhase::Terminate => {
                self.log_cleanup(spot, JobLogEvent::CleanupStart);
                let instance = self.participant(spot).and_then(|one| one.instance.clone());
                if let Some(instance) = instance {
                    self.shut_down(spot.site, &instance);
                }
            }
        }
    }

    pub(super) fn log_cleanup(&mut self, spot: Spot, event: JobLogEvent) {
        if self.settings.switches.cleanup_events {
            self.log(spot, event, |_| {});
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
                self.log_cleanup(spot, JobLogEvent::CleanupEnd);
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
}

fn conversion_server(spot: Spot) -> String {
    derived(
        "i-",
        &format!("{}/{}/conversion", spot.job, spot.participant),
    )
}
