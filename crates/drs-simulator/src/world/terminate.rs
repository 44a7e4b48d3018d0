//! `TerminateRecoveryInstances`, `DisconnectRecoveryInstance` and `DeleteRecoveryInstance`.

use super::World;
use super::job::{JobKind, Participant, Starter};
use super::start_recovery::NewJob;
use crate::error::{ApiError, ValidationReason};
use crate::wire::Tags;
use crate::wire::job::JobResponse;
use crate::wire::recovery_instance::RecoveryInstanceReplicationState;

impl World {
    pub(super) fn commit_terminate(
        &mut self,
        site: usize,
        ids: &[String],
    ) -> Result<JobResponse, ApiError> {
        let servers = self.check_terminate(site, ids)?;
        let now = self.now;
        let participants = ids.iter().zip(&servers).map(|(id, server)| {
            let mut participant = Participant::new(server, None, now);
            participant.instance = Some(id.clone());
            participant
        });
        let participants: Vec<_> = participants.collect();
        self.find_terminations(site, ids);
        let number = self.make_job(
            site,
            NewJob {
                kind: JobKind::Terminate,
                starter: Starter::Caller,
                tags: Tags::new(),
                participants,
            },
        );
        Ok(self.job_response(site, number))
    }

    /// The servers of the instances, when all of them can be ended.
    fn check_terminate(&self, site: usize, ids: &[String]) -> Result<Vec<String>, ApiError> {
        let mut servers = Vec::with_capacity(ids.len());
        for (at, id) in ids.iter().enumerate() {
            if ids.iter().take(at).any(|earlier| earlier == id) {
                let message = format!("Recovery instance {id} appears more than once.");
                let error = ApiError::validation(ValidationReason::Other, message);
                return Err(self.outside_the_model(error.about("RecoveryInstance", id)));
            }
            let instance = self
                .sites
                .get(site)
                .and_then(|site| site.instances.get(id))
                .filter(|instance| !instance.ended_by_drs)
                .ok_or_else(|| {
                    ApiError::conflict(format!(
                        "Recovery instance {id} does not exist or is already being terminated."
                    ))
                    .about("RecoveryInstance", id)
                })?;
            if instance.is_failing_back() {
                let message = format!("Recovery instance {id} is in failback.");
                return Err(ApiError::conflict(message).about("RecoveryInstance", id));
            }
            servers.push(instance.server.clone());
        }
        self.check_locks(site, &servers)?;
        self.check_capacity(site, servers.len())?;
        Ok(servers)
    }

    pub(super) fn disconnect_instance(&mut self, site: usize, id: &str) -> Result<(), ApiError> {
        let instance = self
            .sites
            .get_mut(site)
            .and_then(|site| site.instances.get_mut(id))
            .ok_or_else(|| ApiError::not_found("RecoveryInstance", id))?;
        if instance.is_failing_back() {
            let message = format!("Recovery instance {id} is in failback.");
            return Err(ApiError::conflict(message).about("RecoveryInstance", id));
        }
        instance.replication = RecoveryInstanceReplicationState::Disconnected;
        Ok(())
    }

    /// Removes the record; the EC2 instance, if any, runs on unknown to DRS.
    pub(super) fn delete_instance(&mut self, site: usize, id: &str) -> Result<(), ApiError> {
        let Some(place) = self.sites.get_mut(site) else {
            return Ok(());
        };
        let Some(instance) = place.instances.get(id) else {
            let message = format!("Recovery instance {id} does not exist.");
            return Err(ApiError::conflict(message).about("RecoveryInstance", id));
        };
        if instance.replication != RecoveryInstanceReplicationState::Disconnected {
            let message = format!("Recovery instance {id} must be disconnected first.");
            return Err(ApiError::conflict(message).about("RecoveryInstance", id));
        }
        if let Some(server) = place.servers.get_mut(&instance.server)
            && server.recovery_instance.as_deref() == Some(id)
        {
            server.recovery_instance = None;
        }
        self.remove_record(site, id);
        Ok(())
    }
}
