//! The operations on the replication of a source server, and on its end.

use crate::call::{Operation, OperationKind};
use crate::error::ApiError;
use crate::validation::Fields;
use crate::wire::job::EmptyResponse;
use crate::wire::source_server::{
    DeleteSourceServerRequest, DisconnectSourceServerRequest, ReplicationResponse, SourceServer,
    StartReplicationRequest, StopReplicationRequest,
};
use crate::world::World;

impl Operation for DisconnectSourceServerRequest {
    type Response = SourceServer;
    const NAME: &'static str = "DisconnectSourceServer";
    const KIND: OperationKind = OperationKind::Write;

    fn validate(&self) -> Result<(), ApiError> {
        server_id(&self.source_server_id)
    }

    fn perform(&self, world: &mut World, site: usize) -> Result<SourceServer, ApiError> {
        world.disconnect_server(site, &self.source_server_id)
    }

    fn source_servers(&self) -> Vec<&str> {
        vec![&self.source_server_id]
    }
}

impl Operation for DeleteSourceServerRequest {
    type Response = EmptyResponse;
    const NAME: &'static str = "DeleteSourceServer";
    const KIND: OperationKind = OperationKind::Write;
    const STATUS: u16 = 204;

    fn validate(&self) -> Result<(), ApiError> {
        server_id(&self.source_server_id)
    }

    fn perform(&self, world: &mut World, site: usize) -> Result<EmptyResponse, ApiError> {
        world.delete_server(site, &self.source_server_id)?;
        Ok(EmptyResponse {})
    }

    fn source_servers(&self) -> Vec<&str> {
        vec![&self.source_server_id]
    }
}

impl Operation for StopReplicationRequest {
    type Response = ReplicationResponse;
    const NAME: &'static str = "StopReplication";
    const KIND: OperationKind = OperationKind::Write;

    fn validate(&self) -> Result<(), ApiError> {
        server_id(&self.source_server_id)
    }

    fn perform(&self, world: &mut World, site: usize) -> Result<ReplicationResponse, ApiError> {
        world.stop_replication(site, &self.source_server_id)
    }

    fn source_servers(&self) -> Vec<&str> {
        vec![&self.source_server_id]
    }
}

impl Operation for StartReplicationRequest {
    type Response = ReplicationResponse;
    const NAME: &'static str = "StartReplication";
    const KIND: OperationKind = OperationKind::Write;

    fn validate(&self) -> Result<(), ApiError> {
        server_id(&self.source_server_id)
    }

    fn perform(&self, world: &mut World, site: usize) -> Result<ReplicationResponse, ApiError> {
        world.start_replication(site, &self.source_server_id)
    }

    fn source_servers(&self) -> Vec<&str> {
        vec![&self.source_server_id]
    }
}

fn server_id(id: &str) -> Result<(), ApiError> {
    let mut fields = Fields::default();
    fields.id("sourceServerID", "s-", id);
    fields.finish()
}
