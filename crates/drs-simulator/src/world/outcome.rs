//! How a participant of a job comes out: launched, ended, or failed, perhaps with an orphan.

use super::World;
use super::due::Due;
use super::instance::Launched;
use super::job::{JobKind, LaunchKind, Spot};
use crate::scenario::ServerPhase;
use crate::wire::job::{JobLogEvent, LaunchStatus};

impl World {
    /// Ends the instance of a terminate job; also for an outcome that somebody forces.
    pub(super) fn complete_termination(&mut self, spot: Spot) {
        self.log_cleanup(spot, JobLogEvent::CleanupEnd);
        let instance = self.participant(spot).and_then(|one| one.instance.clone());
        if let Some(instance) = instance {
            self.end_instance(spot.site, &instance);
        }
        self.settle(spot, LaunchStatus::Terminated);
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
        let impaired = participant.effect.impaired;
        let dies = participant.effect.end_instance_after;
        if let Some(after) = dies {
            let (at, instance) = (now + self.settings.scaled(after), id.clone());
            let site = spot.site;
            self.queue.push(at, Due::MachineDies { site, instance });
        }
        if self.settings.switches.launch_end_event {
            let target = id.clone();
            self.log(spot, JobLogEvent::LaunchEnd, |data| {
                data.target_instance_id = Some(target);
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
                impaired,
            },
        );
        self.begin_actions(spot);
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
        // What EC2 refuses to launch has no id; what DRS cannot register has one.
        let named = self.participant(spot).filter(|one| one.effect.orphan);
        let target = named.and_then(|one| one.instance.clone());
        self.log(spot, event, |data| {
            data.raw_error = raw_error;
            if phase == ServerPhase::Launch {
                data.target_instance_id = target;
            }
        });
        self.leave_orphan(spot);
        self.settle(spot, LaunchStatus::Failed);
    }

    /// EC2 keeps an instance that DRS could not register, where the rule of the launch says so.
    pub(super) fn leave_orphan(&mut self, spot: Spot) {
        let now = self.now;
        let Some(participant) = self.participant(spot).filter(|one| one.effect.orphan) else {
            return;
        };
        let (Some(job), Some(id)) = (self.job(spot), participant.instance.clone()) else {
            return;
        };
        let launched = Launched {
            id,
            job_id: job.id.clone(),
            is_drill: job.kind == JobKind::Launch(LaunchKind::Drill),
            data_at: participant.data_at.unwrap_or(now),
            impaired: false,
        };
        let site = self.sites.get(spot.site);
        let server = site.and_then(|site| site.servers.get(&participant.server));
        if let Some(instance) = server.map(|server| server.launched(now, launched)) {
            self.leave_to_ec2(spot.site, instance);
        }
    }
}
