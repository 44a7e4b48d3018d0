//! Replication that somebody starts, stops or ends for good, and how it comes up again.

use super::World;
use super::due::Due;
use super::server::Server;
use crate::error::ApiError;
use crate::scenario::ReplicationChange;
use crate::wire::source_server::{DataReplicationState, ReplicationResponse, SourceServer};
use jiff::SignedDuration;

/// From the start of replication until data flows.
const INITIATION: SignedDuration = SignedDuration::from_mins(5);
/// How fast the first copy of a disk is.
const SECONDS_PER_GIB: i64 = 20;

impl World {
    /// Ends replication for good. The server keeps its record until it is deleted.
    pub(super) fn disconnect_server(
        &mut self,
        site: usize,
        id: &str,
    ) -> Result<SourceServer, ApiError> {
        let server = self.known_server(site, id)?;
        idle(server)?;
        if let Some(instance) = &server.recovery_instance {
            let message = format!("Source server {id} has recovery instance {instance}.");
            return Err(ApiError::conflict(message).about("SourceServer", id));
        }
        self.set_replication(site, id, DataReplicationState::Disconnected);
        self.shown_server(site, id)
    }

    /// Forgets a server that was disconnected.
    pub(super) fn delete_server(&mut self, site: usize, id: &str) -> Result<(), ApiError> {
        let server = self.known_server(site, id)?;
        idle(server)?;
        if server.replication.state != DataReplicationState::Disconnected {
            let message = format!("Source server {id} must be disconnected first.");
            return Err(ApiError::conflict(message).about("SourceServer", id));
        }
        self.whereabouts.retain(|_, (_, known)| known != id);
        if let Some(site) = self.sites.get_mut(site) {
            site.servers.remove(id);
        }
        Ok(())
    }

    /// Stops replication; all points in time of the server are gone with it.
    pub(super) fn stop_replication(
        &mut self,
        site: usize,
        id: &str,
    ) -> Result<ReplicationResponse, ApiError> {
        let server = self.known_server(site, id)?;
        idle(server)?;
        if server.replication.state == DataReplicationState::Disconnected {
            let message = format!("Source server {id} is disconnected.");
            return Err(ApiError::conflict(message).about("SourceServer", id));
        }
        self.set_replication(site, id, DataReplicationState::Stopped);
        self.replication_response(site, id)
    }

    /// Starts replication again, from its first synchronisation.
    pub(super) fn start_replication(
        &mut self,
        site: usize,
        id: &str,
    ) -> Result<ReplicationResponse, ApiError> {
        let server = self.known_server(site, id)?;
        if server.replication.state != DataReplicationState::Stopped {
            let message = format!("Replication of source server {id} is not stopped.");
            return Err(ApiError::conflict(message).about("SourceServer", id));
        }
        self.set_replication(site, id, DataReplicationState::Initiating);
        self.wait_for_replication(site, id, INITIATION);
        self.replication_response(site, id)
    }

    /// The next step of a replication that comes up, unless something else has happened to it.
    pub(super) fn go_on_replicating(&mut self, site: usize, id: &str, changes: u32) {
        let server = self.sites.get(site).and_then(|site| site.servers.get(id));
        let Some(server) = server.filter(|server| server.replication.changes == changes) else {
            return;
        };
        match server.replication.state {
            DataReplicationState::Initiating => {
                let gib = i64::try_from(server.disk_gib).unwrap_or(i64::MAX);
                let copy = SignedDuration::from_secs(gib.saturating_mul(SECONDS_PER_GIB));
                self.set_replication(site, id, DataReplicationState::InitialSync);
                self.wait_for_replication(site, id, copy);
            }
            DataReplicationState::InitialSync => {
                self.set_replication(site, id, DataReplicationState::Continuous);
            }
            DataReplicationState::Stopped
            | DataReplicationState::Backlog
            | DataReplicationState::CreatingSnapshot
            | DataReplicationState::Continuous
            | DataReplicationState::Paused
            | DataReplicationState::Rescan
            | DataReplicationState::Stalled
            | DataReplicationState::Disconnected => {}
        }
    }

    fn wait_for_replication(&mut self, site: usize, id: &str, duration: SignedDuration) {
        let server = self.sites.get(site).and_then(|site| site.servers.get(id));
        let Some(changes) = server.map(|server| server.replication.changes) else {
            return;
        };
        let at = self.now + self.settings.scaled(duration);
        let server = id.to_owned();
        self.queue.push(
            at,
            Due::ReplicationGoesOn {
                site,
                server,
                changes,
            },
        );
    }

    fn set_replication(&mut self, site: usize, id: &str, state: DataReplicationState) {
        let now = self.now;
        let server = self
            .sites
            .get_mut(site)
            .and_then(|site| site.servers.get_mut(id));
        if let Some(server) = server {
            server.change(
                now,
                &ReplicationChange {
                    state: Some(state),
                    lag: Some(SignedDuration::ZERO),
                    ..ReplicationChange::default()
                },
            );
        }
    }

    fn replication_response(&self, site: usize, id: &str) -> Result<ReplicationResponse, ApiError> {
        Ok(ReplicationResponse {
            source_server: Some(self.shown_server(site, id)?),
        })
    }

    fn shown_server(&self, site: usize, id: &str) -> Result<SourceServer, ApiError> {
        let server = self.known_server(site, id)?;
        let site = self
            .sites
            .get(site)
            .ok_or_else(|| ApiError::not_found("SourceServer", id))?;
        Ok(server.to_wire(site, self.now))
    }
}

/// No job works on the server.
fn idle(server: &Server) -> Result<(), ApiError> {
    if server.locked_by.is_none() {
        return Ok(());
    }
    let message = format!("Source server {} is being processed by a Job.", server.id);
    Err(ApiError::conflict(message).about("SourceServer", &server.id))
}
