//! Limits of DRS per account and Region, and the packing of a wave's servers into jobs.

use std::collections::BTreeMap;

use crate::counted::counted;
use crate::ids::SourceServerId;
use crate::place::Place;

/// Limits of DRS in one account and Region. Read at run time; these defaults are the values
/// that Service Quotas gave in December 2025.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Jobs in progress (quota L-D88FAC3A).
    pub concurrent_jobs: u32,
    /// Source servers in one job (quota L-B827C881).
    pub servers_per_job: u32,
    /// Source servers in all jobs in progress (quota L-05AFA8C6).
    pub servers_in_all_jobs: u32,
    /// Replicating source servers of the account (quota L-C1D14A2B).
    pub replicating_servers: u32,
}

impl Limits {
    /// What Service Quotas gave in December 2025.
    pub const DEFAULT: Self = Self {
        concurrent_jobs: 20,
        servers_per_job: 100,
        servers_in_all_jobs: 500,
        replicating_servers: 300,
    };
}

/// The most servers that one batch of ours has: one DRS job takes no more.
pub const SERVERS_PER_BATCH_MAX: usize = 100;

/// What is in progress in one account and Region: launch and terminate jobs, ours and others'.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Jobs that are not COMPLETED.
    pub jobs: u32,
    /// Source servers in those jobs.
    pub servers_in_jobs: u32,
}

impl Usage {
    /// The same with one job more.
    #[must_use]
    pub fn with_job(self, servers: u32) -> Self {
        Self {
            jobs: self.jobs.saturating_add(1),
            servers_in_jobs: self.servers_in_jobs.saturating_add(servers),
        }
    }

    /// Whether a job of `servers` more servers fits, or the sentence that says why not.
    pub fn room_for(self, servers: usize, limits: &Limits) -> Result<(), String> {
        let servers = u32::try_from(servers).unwrap_or(u32::MAX);
        if self.jobs >= limits.concurrent_jobs {
            Err(format!(
                "{} of {} in progress",
                self.jobs,
                counted(
                    limits.concurrent_jobs,
                    "concurrent DRS job is",
                    "concurrent DRS jobs are"
                )
            ))
        } else if self.servers_in_jobs.saturating_add(servers) > limits.servers_in_all_jobs {
            Err(format!(
                "{} of {} in DRS jobs, and {} not fit",
                self.servers_in_jobs,
                counted(limits.servers_in_all_jobs, "server is", "servers are"),
                counted(servers, "more does", "more do")
            ))
        } else {
            Ok(())
        }
    }
}

/// Packs the servers of a wave into batches: one account and Region each, at most
/// [`SERVERS_PER_BATCH_MAX`] servers, as even as they can be, in the order given.
pub fn pack(
    servers: impl IntoIterator<Item = (Place, SourceServerId)>,
) -> Vec<(Place, Vec<SourceServerId>)> {
    let mut by_place: BTreeMap<Place, Vec<SourceServerId>> = BTreeMap::new();
    for (place, server) in servers {
        by_place.entry(place).or_default().push(server);
    }
    let mut batches = Vec::new();
    for (place, servers) in by_place {
        let jobs = servers.len().div_ceil(SERVERS_PER_BATCH_MAX).max(1);
        let size = servers.len().div_ceil(jobs);
        for chunk in servers.chunks(size.max(1)) {
            batches.push((place.clone(), chunk.to_vec()));
        }
    }
    batches
}
