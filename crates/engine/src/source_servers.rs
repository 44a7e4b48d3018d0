//! Source servers of a place, with the groups that have them.

use std::collections::BTreeMap;

use domain::source_server::{RecoveryInstance, SourceServer};
use domain::text::Hostname;
use domain::{Place, ProtectionGroupId, SourceServerId};
use serde::{Deserialize, Serialize};

use crate::ports::drs::DrsErrorClass;
use crate::unusable_place::unusable;
use crate::{Engine, EngineError, InvalidCode};

/// Whether DRS is initialised in a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Initialised {
    /// It is.
    Yes,
    /// It is not: there are no servers, and that is no error.
    No,
}

/// Where a server stands in a list: by hostname, and by id among equal ones. Those without a
/// hostname come first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ServerPosition {
    /// The name that the server gives itself.
    pub hostname: Option<Hostname>,
    /// Its id.
    pub id: SourceServerId,
}

/// Which page of the servers of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerPage {
    /// At most this many servers, at least 1.
    pub limit: usize,
    /// Only servers that stand after this one.
    pub after: Option<ServerPosition>,
}

/// Whether servers are left after a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    /// There are more.
    More,
    /// There are none.
    Nothing,
}

/// A page of the source servers of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerListing {
    /// Whether DRS is initialised there.
    pub initialized: Initialised,
    /// The servers, in order of their positions.
    pub items: Vec<ListedServer>,
    /// Whether there are more.
    pub rest: Rest,
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

impl ListedServer {
    /// Where it stands in the list.
    pub fn position(&self) -> ServerPosition {
        position(&self.server)
    }
}

impl Engine {
    /// A page of the source servers of a place. DRS gives them in no order that could be relied
    /// upon, so all are read for each page; groups and instances only of those on it.
    pub async fn source_servers(
        &self,
        place: &Place,
        page: &ServerPage,
    ) -> Result<ServerListing, EngineError> {
        self.check_account(&place.account)?;
        let servers = match self.ports.drs.source_servers(place, None).await {
            Ok(servers) => servers,
            Err(error) if error.class == DrsErrorClass::NotInitialised => {
                return Ok(ServerListing {
                    initialized: Initialised::No,
                    items: Vec::new(),
                    rest: Rest::Nothing,
                });
            }
            Err(error) => return Err(unusable(place, InvalidCode::Request, error)),
        };
        let (servers, rest) = cut(servers, page);
        Ok(ServerListing {
            initialized: Initialised::Yes,
            items: self.listed(place, servers).await?,
            rest,
        })
    }

    /// These servers with their groups and their instances.
    async fn listed(
        &self,
        place: &Place,
        servers: Vec<SourceServer>,
    ) -> Result<Vec<ListedServer>, EngineError> {
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
        Ok(servers
            .into_iter()
            .map(|server| ListedServer {
                group: claims.get(&server.id).cloned(),
                instance: instances.remove(&server.id),
                server,
            })
            .collect())
    }
}

fn position(server: &SourceServer) -> ServerPosition {
    ServerPosition {
        hostname: server.hostname.clone(),
        id: server.id.clone(),
    }
}

/// The servers of a page. One that DRS gives twice counts once: it may move between two pages
/// of DRS while they are read.
fn cut(servers: Vec<SourceServer>, page: &ServerPage) -> (Vec<SourceServer>, Rest) {
    let mut ordered: BTreeMap<ServerPosition, SourceServer> = servers
        .into_iter()
        .map(|server| (position(&server), server))
        .collect();
    if let Some(after) = &page.after {
        ordered = ordered.split_off(after);
        ordered.remove(after);
    }
    let rest = if ordered.len() > page.limit {
        Rest::More
    } else {
        Rest::Nothing
    };
    (ordered.into_values().take(page.limit).collect(), rest)
}
