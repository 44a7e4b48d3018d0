//! What a seed says: a fleet, plans, faults, what people do, and what befalls processes.

mod abandoned_take_overs;
mod fast_drs;
mod fault;
mod make;
mod model;
mod shrink;

use domain::Kind;
use drs_simulator::Scenario;
use drs_simulator::scenario::{
    AccountSettings, Consistency, Durations, Fleet, JournalSettings, Limits, RegionSettings, Rule,
    ServerSpecification,
};
use jiff::SignedDuration;

pub use crate::store::{Reasons, TableFaults};
pub use fault::{ALL_FAULTS, Fault, FaultKind};
pub use model::{
    ACCOUNT, Deed, Happening, REGIONS, Story, StoryPlan, StoryServer, Trouble, WorldSettings,
};

impl Story {
    /// The story of a seed.
    pub fn of(seed: u64) -> Self {
        make::story(seed)
    }

    /// A story without trouble, to which a test adds its own: each plan is one wave of so many
    /// servers in the first Region, started at once.
    pub fn plain(kind: Kind, sizes: &[usize]) -> Self {
        make::plain(kind, sizes)
    }

    /// Stories that are simpler by one thing each.
    pub fn simpler(&self) -> Vec<Self> {
        shrink::simpler(self)
    }

    /// The world as it is at the start. `reads` is how many looks its journal keeps.
    pub fn scenario(&self, reads: usize) -> Scenario {
        let share = |seconds: i64| {
            let seconds = seconds * i64::from(self.world.pace) / 100;
            Some(SignedDuration::from_secs(seconds.max(2)))
        };
        Scenario {
            seed: self.seed,
            profile: self.world.profile,
            page_size: self.world.page_size,
            consistency: Consistency {
                job_visible_after_ms: self.world.visible_after_ms,
                status_lag_ms: self.world.status_lag_ms,
                random: true,
            },
            limits: Limits {
                concurrent_jobs: self.world.concurrent_jobs as usize,
                servers_in_all_jobs: self.world.servers_in_jobs as usize,
                servers_per_job: self.world.servers_per_job as usize,
                ..Limits::default()
            },
            durations: Durations {
                cleanup: share(90),
                snapshot: share(90),
                conversion: share(300),
                launch: share(180),
                terminate: share(90),
                ..Durations::default()
            },
            journal: JournalSettings { reads },
            attempt_tag: Some(engine::TAG_ATTEMPT.to_owned()),
            accounts: vec![AccountSettings {
                id: ACCOUNT.to_owned(),
                access_key: None,
                regions: REGIONS
                    .iter()
                    .map(|region| ((*region).to_owned(), RegionSettings { initialized: true }))
                    .collect(),
            }],
            servers: Fleet(self.fleet.iter().map(specification).collect()),
            ..Scenario::default()
        }
    }

    /// Its faults, as rules of a world that are named by their position.
    pub fn rules(&self) -> impl Iterator<Item = Rule> {
        self.faults.iter().enumerate().map(fault::rule)
    }

    /// How many servers its plans launch.
    pub fn servers(&self) -> usize {
        let groups = self.plans.iter().flat_map(|plan| &plan.groups);
        groups.map(|group| group.servers.len()).sum()
    }

    /// How many waves its longest plan has.
    pub fn waves(&self) -> usize {
        let waves = self.plans.iter().map(|plan| plan.draft.waves.len());
        waves.max().unwrap_or(0)
    }
}

fn specification(server: &StoryServer) -> ServerSpecification {
    ServerSpecification {
        id: server.id.clone(),
        hostname: format!("host-{}", &server.id[2..]),
        region: Some(server.region.to_owned()),
        os: server.os,
        ..ServerSpecification::default()
    }
}
