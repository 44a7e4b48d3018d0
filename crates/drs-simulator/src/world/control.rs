//! What a test may do to a world besides calling DRS.

use super::World;
use super::job::{JobKind, Spot};
use crate::scenario::{
    ExistingInstance, ForeignJobEntry, InstanceChange, ReplicationChange, ServerPhase,
};
use crate::wire::job::{JobLogEvent, JobStatus, LaunchStatus};
use crate::wire::recovery_instance::Ec2InstanceState;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

/// Something that cannot be done to this world.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ControlError {
    /// There is no such server, job, participant or instance.
    #[error("there is no {0}")]
    Unknown(String),
    /// It cannot be done any more.
    #[error("{0}")]
    TooLate(String),
}

/// How a participant of a running job is made to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ForcedOutcome {
    /// Its instance is registered now, or ended in a terminate job.
    #[serde(alias = "TERMINATED")]
    Launched,
    /// It fails now.
    Failed,
    /// It stands still until another outcome is forced.
    Stuck,
    /// The job goes on without it, and its status stays as it is.
    LeftInProgress,
}

impl World {
    /// Changes the replication or the tags of a server, by id or hostname.
    pub fn change_server(
        &mut self,
        name: &str,
        change: &ReplicationChange,
    ) -> Result<(), ControlError> {
        let now = self.now;
        let server = self
            .server_mut(name)
            .ok_or_else(|| ControlError::Unknown(format!("source server {name}")))?;
        server.change(now, change);
        Ok(())
    }

    /// What a rule does to the servers of a request just before it.
    pub(crate) fn change_servers(&mut self, servers: &[String], change: &ReplicationChange) {
        let now = self.now;
        for server in servers {
            if let Some(server) = self.server_mut(server) {
                server.change(now, change);
            }
        }
    }

    /// Gives a server a live recovery instance that no job here launched, and says its id.
    pub fn create_instance(
        &mut self,
        server: &str,
        is_drill: Option<bool>,
    ) -> Result<String, ControlError> {
        let unknown = || ControlError::Unknown(format!("source server {server}"));
        let (site, id) = self.whereabouts.get(server).cloned().ok_or_else(unknown)?;
        let existing = ExistingInstance {
            server: id.clone(),
            is_drill: is_drill.unwrap_or(false),
            state: Ec2InstanceState::Running,
            failback: None,
        };
        self.add_existing_instance(site, &id, &existing)
            .ok_or_else(unknown)
    }

    /// Changes a recovery instance as somebody's hand would: stopped, terminated, gone.
    pub fn change_instance(
        &mut self,
        id: &str,
        change: InstanceChange,
    ) -> Result<(), ControlError> {
        let site = self
            .sites
            .iter()
            .position(|site| site.instances.contains_key(id))
            .ok_or_else(|| ControlError::Unknown(format!("recovery instance {id}")))?;
        self.change_instance_at(site, id, change);
        Ok(())
    }

    /// Makes a participant of a running job end in a given way, now.
    pub fn force_outcome(
        &mut self,
        job: &str,
        server: &str,
        outcome: ForcedOutcome,
        raw_error: Option<String>,
    ) -> Result<(), ControlError> {
        let spot = self.find_spot(job, server)?;
        let running = self
            .job(spot)
            .is_some_and(|job| job.status != JobStatus::Completed);
        let settled = self
            .participant(spot)
            .is_none_or(|participant| participant.settled);
        if !running || settled {
            return Err(ControlError::TooLate(format!(
                "{server} has ended in job {job}"
            )));
        }
        if self
            .job(spot)
            .is_some_and(|job| job.status == JobStatus::Pending)
        {
            self.start_job(spot.site, spot.job);
        }
        let Some(participant) = self.participant_mut(spot) else {
            return Ok(());
        };
        participant.generation += 1;
        let phase = participant.phase.unwrap_or(ServerPhase::Launch);
        match (outcome, self.job(spot).map(|job| job.kind)) {
            (ForcedOutcome::Launched, Some(JobKind::Terminate)) => {
                self.complete_termination(spot);
            }
            (ForcedOutcome::Launched, Some(JobKind::Launch(_)) | None) => {
                self.complete_launch(spot);
            }
            (ForcedOutcome::Failed, _) => {
                self.fail(spot, phase, failure_of(phase), raw_error);
            }
            (ForcedOutcome::Stuck, _) => {}
            (ForcedOutcome::LeftInProgress, _) => self.settle(spot, LaunchStatus::InProgress),
        }
        Ok(())
    }

    /// Somebody else starts a job, with those of its servers that are free. False where none is.
    pub fn begin_foreign_job(&mut self, job: &ForeignJobEntry) -> bool {
        let before = self.jobs_made;
        self.start_foreign_entry(job);
        self.jobs_made > before
    }

    /// DRS does not answer in a Region of the first account, for so long from now.
    pub fn begin_outage(&mut self, region: &str, outage: SignedDuration) {
        let until = self.now.checked_add(outage).unwrap_or(Timestamp::MAX);
        let account = self.site_index.first_account().to_owned();
        let site = self.site_index.open(&mut self.sites, &account, region);
        if let Some(site) = self.sites.get_mut(site) {
            site.out_until = Some(until);
        }
    }

    /// When the world began.
    pub const fn started_at(&self) -> Timestamp {
        self.started_at
    }

    fn find_spot(&self, job: &str, server: &str) -> Result<Spot, ControlError> {
        let (site, number) = *self
            .job_sites
            .get(job)
            .ok_or_else(|| ControlError::Unknown(format!("job {job}")))?;
        let id = self.whereabouts.get(server).map_or(server, |(_, id)| id);
        let participant = self
            .sites
            .get(site)
            .and_then(|site| site.jobs.get(&number))
            .and_then(|job| job.participants.iter().position(|one| one.server == id))
            .ok_or_else(|| ControlError::Unknown(format!("server {server} in job {job}")))?;
        Ok(Spot {
            site,
            job: number,
            participant,
        })
    }
}

const fn failure_of(phase: ServerPhase) -> JobLogEvent {
    match phase {
        ServerPhase::Cleanup | ServerPhase::Terminate => JobLogEvent::CleanupFail,
        ServerPhase::Snapshot => JobLogEvent::SnapshotFail,
        ServerPhase::Conversion => JobLogEvent::ConversionFail,
        ServerPhase::Launch => JobLogEvent::LaunchFailed,
    }
}
