//! Source servers of a place, with the groups that have them.

use std::collections::BTreeMap;

use domain::source_server::{RecoveryInstance, SourceServer};
use domain::{Place, ProtectionGroupId, SourceServerId};

use crate::ports::drs::DrsErrorClass;
use crate::{Engine, EngineError};

/// Whether DRS is initialised in a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Initialised {
    /// It is.
    Yes,
    /// It is not: there are no servers, and that is no error.
    No,
}

/// The source servers of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerListing {
    /// Whether DRS is initialised there.
    pub initialized: Initialised,
    /// The servers, by hostname.
    pub items: Vec<ListedServer>,
}

/// One source server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedServer {
    /// What DRS says.
    pub server: SourceServer,
    /// The group that has it.
    pub group: Option<ProtectionGroupId>,
    /// Its recovery instance.
    pub instance: Option<RecoveryInstance>,
}

impl Engine {
    /// All source servers of a place.
    pub async fn source_servers(&self, place: &Place) -> Result<ServerListing, EngineError> {
        let servers = match self.ports.drs.source_servers(place, None).await {
            Ok(servers) => servers,
            Err(error) if error.class == DrsErrorClass::NotInitialised => {
                return Ok(ServerListing {
                    initialized: Initialised::No,
                    items: Vec::new(),
                });
            }
            Err(error) => return Err(error.into()),
        };
        let ids: Vec<SourceServerId> = servers.iter().map(|server| server.id.clone()).collect();
        let claims = self.ports.store.claims(place, &ids).await?;
        let with_instance: Vec<SourceServerId> = servers
            .iter()
            .filter(|server| server.recovery_instance.is_some())
            .map(|server| server.id.clone())
            .collect();
        let instances = if with_instance.is_empty() {
            Vec::new()
        } else {
            self.ports
                .drs
                .recovery_instances(place, &with_instance)
                .await?
        };
        let mut instances: BTreeMap<SourceServerId, RecoveryInstance> = instances
            .into_iter()
            .filter_map(|instance| Some((instance.server.clone()?, instance)))
            .collect();
        let mut items: Vec<ListedServer> = servers
            .into_iter()
            .map(|server| ListedServer {
                group: claims.get(&server.id).cloned(),
                instance: instances.remove(&server.id),
                server,
            })
            .collect();
        items.sort_by(|a, b| {
            (&a.server.hostname, &a.server.id).cmp(&(&b.server.hostname, &b.server.id))
        });
        Ok(ServerListing {
            initialized: Initialised::Yes,
            items,
        })
    }
}
