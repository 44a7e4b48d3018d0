//! Quotas and capacity of DRS in one account and Region.

use domain::Place;
use domain::quota::{Limits, Usage};
use domain::source_server::Replication;

use crate::ports::drs::DrsErrorClass;
use crate::pre_launch_check::usage;
use crate::source_servers::Initialised;
use crate::unusable_place::unusable;
use crate::{Engine, EngineError, InvalidCode};

/// What is used, and what there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuotaReport {
    /// Whether DRS is initialised there.
    pub initialized: Initialised,
    /// The limits.
    pub limits: Limits,
    /// Jobs in progress and servers in them, ours and others'.
    pub usage: Usage,
    /// Source servers.
    pub source_servers: u32,
    /// Those that replicate.
    pub replicating_servers: u32,
}

impl Engine {
    /// Quotas and capacity of a place.
    pub async fn quotas(&self, place: &Place) -> Result<QuotaReport, EngineError> {
        self.check_account(&place.account)?;
        let failed = |error| unusable(place, InvalidCode::Request, error);
        let limits = self.ports.drs.limits(place).await.map_err(failed)?;
        let servers = match self.ports.drs.source_servers(place, None).await {
            Ok(servers) => servers,
            Err(error) if error.class == DrsErrorClass::NotInitialised => {
                return Ok(QuotaReport {
                    initialized: Initialised::No,
                    limits,
                    usage: Usage::default(),
                    source_servers: 0,
                    replicating_servers: 0,
                });
            }
            Err(error) => return Err(failed(error)),
        };
        let replicating = servers
            .iter()
            .filter(|server| {
                !matches!(
                    server.replication,
                    Replication::Stopped | Replication::Disconnected
                )
            })
            .count();
        let jobs = self.jobs_in_progress(place).await.map_err(failed)?;
        Ok(QuotaReport {
            initialized: Initialised::Yes,
            limits,
            usage: usage(&jobs),
            source_servers: u32::try_from(servers.len()).unwrap_or(u32::MAX),
            replicating_servers: u32::try_from(replicating).unwrap_or(u32::MAX),
        })
    }
}
