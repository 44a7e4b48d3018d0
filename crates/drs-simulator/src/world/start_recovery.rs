//! `StartRecovery`: the checks, all or nothing, and the job.

use super::World;
use super::defect::planted;
use super::due::Due;
use super::job::{Job, JobKind, LaunchKind, Participant, Starter};
use super::server::{LastLaunch, Server};
use crate::error::{ApiError, ValidationReason};
use crate::wire::Tags;
use crate::wire::job::{JobResponse, JobStatus, LaunchStatus, StartRecoveryRequest};
use crate::wire::source_server::{
    DataReplicationState, ExtensionStatus, LastLaunchType, VolumeStatus,
};

/// The sentence that DRS gives when a server is in another job.
const BEING_PROCESSED: &str =
    "One or more of the Source Servers included in API call are currently being processed by a Job";

/// A job to be made.
pub(super) struct NewJob {
    pub(super) kind: JobKind,
    pub(super) starter: Starter,
    pub(super) tags: Tags,
    pub(super) participants: Vec<Participant>,
}

impl World {
    pub(super) fn commit_recovery(
        &mut self,
        site: usize,
        request: &StartRecoveryRequest,
    ) -> Result<JobResponse, ApiError> {
        let accepted = self.check_recovery(site, request);
        #[cfg(feature = "planted-defects")]
        if accepted.is_err() && planted!(self, PartialAcceptance) {
            let good = self.good_servers(site, request);
            if !good.source_servers.is_empty() && good != *request {
                return self.commit_recovery(site, &good);
            }
        }
        accepted?;
        let now = self.now;
        let participants = request.source_servers.iter().map(|server| {
            Participant::new(
                &server.source_server_id,
                server.recovery_snapshot_id.clone(),
                now,
            )
        });
        let number = self.make_job(
            site,
            NewJob {
                kind: JobKind::Launch(if planted!(self, IsDrillIgnored) {
                    LaunchKind::Recovery
                } else {
                    LaunchKind::of(request.is_drill)
                }),
                starter: Starter::Caller,
                tags: request.tags.clone().unwrap_or_default(),
                participants: participants.collect(),
            },
        );
        self.count_recovery(site, number);
        Ok(self.job_response(site, number))
    }

    /// The servers of a request that would be launched alone: what the whole request must not do.
    #[cfg(feature = "planted-defects")]
    fn good_servers(&self, site: usize, request: &StartRecoveryRequest) -> StartRecoveryRequest {
        let mut good = request.clone();
        good.source_servers.retain(|server| {
            let mut alone = request.clone();
            alone.source_servers = vec![server.clone()];
            self.check_recovery(site, &alone).is_ok()
        });
        good
    }

    /// Makes a job, locks its servers and lets it start.
    pub(super) fn make_job(&mut self, site: usize, new: NewJob) -> u64 {
        let now = self.now;
        let effects = std::mem::take(&mut self.next_job);
        let visible_at = match effects.hide_job {
            _ if planted!(self, JobVisibleAtOnce) => now,
            Some(hidden) => now + self.settings.scaled(hidden),
            None => now + self.lateness(self.settings.consistency.job_visible_after_ms),
        };
        let hidden = effects.hide_participants.unwrap_or_default();
        let participants_visible_at = now + self.settings.scaled(hidden);
        self.jobs_made += 1;
        let number = self.jobs_made;
        let id = self.identifiers.next("drsjob-");
        self.job_sites.insert(id.clone(), (site, number));
        self.lock_servers(site, number, &id, &new);
        let start_delay = self.identifiers.factor(self.settings.durations.jitter)
            * self.settings.durations.start_delay.as_secs_f64();
        let starts_at = now + self.settings.scaled_seconds(start_delay);
        self.queue
            .push(starts_at, Due::JobStarts { site, job: number });
        for shows_at in [visible_at, participants_visible_at] {
            if shows_at > now {
                self.queue.push(shows_at, Due::SomethingShows);
            }
        }
        if let Some(vanish_after) = effects.vanish_after {
            let at = now + self.settings.scaled(vanish_after);
            self.queue.push(at, Due::JobVanishes { site, job: number });
        }
        if let Some(site) = self.sites.get_mut(site) {
            site.running.push(number);
            site.jobs.insert(
                number,
                Job {
                    id,
                    kind: new.kind,
                    starter: new.starter,
                    tags: new.tags,
                    created_at: now,
                    ended_at: None,
                    status: JobStatus::Pending,
                    participants: new.participants,
                    log: Vec::new(),
                    visible_at,
                    participants_visible_at,
                    forgotten: false,
                    says_drill: self.settings.switches.drills_say_start_drill,
                    emptied: false,
                },
            );
        }
        number
    }

    fn lock_servers(&mut self, site: usize, number: u64, job_id: &str, new: &NewJob) {
        let now = self.now;
        let Some(site) = self.sites.get_mut(site) else {
            return;
        };
        for participant in &new.participants {
            let Some(server) = site.servers.get_mut(&participant.server) else {
                continue;
            };
            server.locked_by = Some(number);
            let launch_type = match new.kind {
                JobKind::Launch(LaunchKind::Drill) => LastLaunchType::Drill,
                JobKind::Launch(LaunchKind::Recovery) => LastLaunchType::Recovery,
                JobKind::Terminate => continue,
            };
            server.last_launch = Some(LastLaunch {
                at: now,
                job_id: job_id.to_owned(),
                launch_type,
                status: LaunchStatus::Pending,
            });
        }
    }

    /// The answer that shows a job as it is now.
    pub(super) fn job_response(&self, site: usize, number: u64) -> JobResponse {
        let job = self.sites.get(site).and_then(|site| {
            site.jobs
                .get(&number)
                .map(|job| job.to_wire(site, self.now))
        });
        JobResponse { job }
    }

    fn check_recovery(&self, site: usize, request: &StartRecoveryRequest) -> Result<(), ApiError> {
        let limits = &self.settings.limits;
        let wanted = request.source_servers.len();
        if wanted > limits.servers_per_job {
            return Err(ApiError::quota(
                "L-B827C881",
                format!(
                    "A job can have at most {} source servers.",
                    limits.servers_per_job
                ),
            ));
        }
        self.check_duplicates(request)?;
        for entry in &request.source_servers {
            let id = &entry.source_server_id;
            let server = self
                .sites
                .get(site)
                .and_then(|site| site.servers.get(id))
                .ok_or_else(|| self.outside_the_model(ApiError::not_found("SourceServer", id)))?;
            launchable(server).map_err(|error| error.about("SourceServer", id))?;
            self.check_failback(site, server)?;
            if let Some(point) = &entry.recovery_snapshot_id
                && (self.next_job.expire_points || self.point_at(site, id, point).is_none())
            {
                let message = format!("Recovery snapshot {point} does not exist.");
                let error = ApiError::validation(ValidationReason::Other, message);
                return Err(self.outside_the_model(error.about("RecoverySnapshot", point)));
            }
        }
        self.check_locks(
            site,
            request
                .source_servers
                .iter()
                .map(|one| &one.source_server_id),
        )?;
        self.check_capacity(site, wanted)
    }

    fn check_duplicates(&self, request: &StartRecoveryRequest) -> Result<(), ApiError> {
        let mut ids: Vec<&str> = request
            .source_servers
            .iter()
            .map(|one| one.source_server_id.as_str())
            .collect();
        ids.sort_unstable();
        if let Some([id, _]) = ids.array_windows().find(|[one, next]| one == next) {
            let message = format!("Source server {id} appears more than once.");
            let error = ApiError::validation(ValidationReason::Other, message);
            return Err(self.outside_the_model(error.about("SourceServer", id)));
        }
        Ok(())
    }

    fn check_failback(&self, site: usize, server: &Server) -> Result<(), ApiError> {
        let instance = server
            .recovery_instance
            .as_deref()
            .and_then(|id| self.sites.get(site).and_then(|site| site.instances.get(id)));
        match instance.filter(|instance| instance.is_failing_back()) {
            Some(instance) => Err(ApiError::conflict(format!(
                "Recovery instance {} of source server {} is in failback.",
                instance.id, server.id
            ))
            .about("RecoveryInstance", &instance.id)),
            None => Ok(()),
        }
    }

    /// None of the servers is in a running job. The answer does not say which one is.
    pub(super) fn check_locks<'a>(
        &self,
        site: usize,
        servers: impl IntoIterator<Item = &'a String>,
    ) -> Result<(), ApiError> {
        let Some(site) = self.sites.get(site) else {
            return Ok(());
        };
        let locked = servers.into_iter().any(|id| {
            site.servers
                .get(id)
                .is_some_and(|server| server.locked_by.is_some())
        });
        if locked && !planted!(self, NoServerLock) {
            Err(ApiError::conflict(BEING_PROCESSED))
        } else {
            Ok(())
        }
    }

    /// One more job with this many servers fits into the quotas.
    pub(super) fn check_capacity(&self, site: usize, servers: usize) -> Result<(), ApiError> {
        let limits = &self.settings.limits;
        let Some(site) = self.sites.get(site) else {
            return Ok(());
        };
        let counted = if self.settings.switches.terminate_jobs_count {
            site.running.len()
        } else {
            site.running_launches()
        };
        let most = limits.concurrent_jobs + usize::from(planted!(self, QuotaOffByOne));
        if counted >= most {
            return Err(ApiError::quota(
                "L-D88FAC3A",
                format!(
                    "At most {} jobs can be in progress.",
                    limits.concurrent_jobs
                ),
            ));
        }
        if site.servers_in_jobs() + servers > limits.servers_in_all_jobs {
            return Err(ApiError::quota(
                "L-05AFA8C6",
                format!(
                    "At most {} source servers can be in jobs.",
                    limits.servers_in_all_jobs
                ),
            ));
        }
        Ok(())
    }

    /// An error that the operation does not model becomes a conflict where the model is strict.
    pub(super) fn outside_the_model(&self, error: ApiError) -> ApiError {
        if self.settings.switches.unmodelled_errors {
            return error;
        }
        ApiError::conflict(error.message)
    }
}

/// Whether DRS would launch this server at all.
fn launchable(server: &Server) -> Result<(), ApiError> {
    let refusal = |why: &str| {
        Err(ApiError::conflict(format!(
            "Source server {} {why}.",
            server.id
        )))
    };
    match server.replication.state {
        DataReplicationState::Disconnected => return refusal("is disconnected"),
        DataReplicationState::Stopped => return refusal("does not replicate"),
        DataReplicationState::Initiating | DataReplicationState::InitialSync => {
            return refusal("has no consistent recovery point yet");
        }
        DataReplicationState::Backlog
        | DataReplicationState::CreatingSnapshot
        | DataReplicationState::Continuous
        | DataReplicationState::Paused
        | DataReplicationState::Rescan
        | DataReplicationState::Stalled => {}
    }
    match server.replication.volume_status {
        VolumeStatus::Regular | VolumeStatus::ContainsMarketplaceProductCodes => {}
        VolumeStatus::MissingVolumeAttributes
        | VolumeStatus::MissingVolumeAttributesAndPrecheckUnavailable
        | VolumeStatus::Pending => return refusal("has volumes without their attributes"),
    }
    match server.staging.as_ref().map(|staging| staging.status) {
        Some(ExtensionStatus::ExtensionError) => refusal("has an extension error"),
        Some(ExtensionStatus::Extended | ExtensionStatus::NotExtended) | None => Ok(()),
    }
}
