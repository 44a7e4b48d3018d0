//! Which data a launch gets: a fresh snapshot, a pinned point, or the newest earlier point.

use super::World;
use super::job::Spot;
use crate::scenario::ServerPhase;
use crate::wire::configuration::RecoveryMode;
use crate::wire::job::{JobLogEvent, LaunchStatus};
use jiff::Timestamp;

impl World {
    pub(super) fn end_snapshot(&mut self, spot: Spot) {
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
    pub(super) fn fall_back(&mut self, spot: Spot, raw_error: Option<String>) {
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

    pub(super) fn log_snapshot_failure(&mut self, spot: Spot, raw_error: Option<String>) {
        let raw_error =
            raw_error.unwrap_or_else(|| "The replication agent does not answer.".to_owned());
        self.log(spot, JobLogEvent::SnapshotFail, |data| {
            data.raw_error = Some(raw_error);
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
}
