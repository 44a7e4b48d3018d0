//! What a job must pass before it is made: its servers, their locks, and the quotas. All or nothing.

use super::World;
use super::defect::planted;
use super::server::Server;
use crate::error::{ApiError, ValidationReason};
use crate::wire::job::StartRecoveryRequest;
use crate::wire::source_server::{DataReplicationState, ExtensionStatus, VolumeStatus};

/// The sentence that DRS gives when a server is in another job.
const BEING_PROCESSED: &str =
    "One or more of the Source Servers included in API call are currently being processed by a Job";

impl World {
    pub(super) fn check_recovery(
        &self,
        site: usize,
        request: &StartRecoveryRequest,
    ) -> Result<(), ApiError> {
        let limits = &self.settings.limits;
        let wanted = request.source_servers.len();
        if wanted > limits.servers_per_job {
            return Err(ApiError::quota(
                "L-B827C881",
                match limits.servers_per_job {
                    1 => "A job can have at most one source server.".to_owned(),
                    most => format!("A job can have at most {most} source servers."),
                },
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
