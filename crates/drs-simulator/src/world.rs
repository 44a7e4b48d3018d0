//! The world: accounts, Regions, servers, jobs and instances, and the events that are due.
//!
//! Nothing here knows a runtime, a socket or the wall clock.

mod access;
mod admission;
mod configuration;
mod control;
mod data;
mod defect;
mod describe;
mod due;
mod dump;
mod foreign;
mod identifier;
mod instance;
mod job;
mod launch;
mod launch_action;
mod launch_template;
mod life;
mod limit;
mod machine;
mod machine_list;
mod machine_view;
mod notice;
mod operation;
mod outcome;
mod page;
mod record;
mod replication;
mod rule;
mod server;
mod settings;
mod site;
mod snapshot;
mod start_recovery;
mod tag;
mod template;
mod terminate;
mod verify;

pub use control::{ControlError, ForcedOutcome};
#[cfg(feature = "planted-defects")]
pub use defect::Defect;
pub use due::Until;
pub use notice::{LaunchNotice, LaunchResult};
pub use record::{InstanceRecord, JobRecord};
pub use verify::{Verdict, Violation, ViolationKind};

use crate::journal::Journal;
use crate::scenario::{Expectation, Scenario, TimelineEntry};
pub(crate) use rule::{Match, Moment, Occasion, denied_action};

use crate::scenario::LAST_MOMENT;
use due::{Due, Queue};
use identifier::Identifiers;
use jiff::{SignedDuration, Timestamp};
use job::JobEffects;
use limit::Buckets;
use rule::Rules;
use settings::Settings;
use site::{Site, SiteIndex};
use std::collections::BTreeMap;
use verify::Findings;

/// One world of DRS, in all its accounts and Regions.
#[derive(Debug, Clone)]
pub struct World {
    started_at: Timestamp,
    now: Timestamp,
    settings: Settings,
    queue: Queue,
    identifiers: Identifiers,
    sites: Vec<Site>,
    site_index: SiteIndex,
    /// The site of each server, by its id and by its hostname.
    whereabouts: BTreeMap<String, (usize, String)>,
    /// The site of each job, by its id.
    job_sites: BTreeMap<String, (usize, u64)>,
    jobs_made: u64,
    rules: Rules,
    buckets: Buckets,
    timeline: Vec<TimelineEntry>,
    expectations: Vec<Expectation>,
    findings: Findings,
    notices: Vec<LaunchNotice>,
    /// What a rule wants of the job that the current request starts.
    next_job: JobEffects,
    /// Whether the current request reads an earlier state.
    reads_stale: bool,
    pub(crate) journal: Journal,
    #[cfg(feature = "planted-defects")]
    defect: Option<Defect>,
}

impl World {
    /// Where every clock stops, the first second of the year 4000.
    pub const LAST_MOMENT: Timestamp = LAST_MOMENT;

    /// A world whose clock stands at the scenario's start.
    pub fn new(scenario: &Scenario) -> Self {
        Self::starting_at(scenario, scenario.clock.start)
    }

    /// A world whose clock stands at `now`.
    pub fn starting_at(scenario: &Scenario, now: Timestamp) -> Self {
        let now = now.min(LAST_MOMENT);
        let mut world = Self {
            started_at: now,
            now,
            settings: Settings::new(scenario),
            queue: Queue::default(),
            identifiers: Identifiers::new(scenario.seed),
            sites: Vec::new(),
            site_index: SiteIndex::new(scenario),
            whereabouts: BTreeMap::new(),
            job_sites: BTreeMap::new(),
            jobs_made: 0,
            rules: Rules::new(&scenario.rules),
            buckets: Buckets::default(),
            timeline: scenario.timeline.clone(),
            expectations: scenario.expect.clone(),
            findings: Findings::default(),
            notices: Vec::new(),
            next_job: JobEffects::default(),
            reads_stale: false,
            journal: Journal::new(scenario.journal.reads),
            #[cfg(feature = "planted-defects")]
            defect: None,
        };
        world.populate(scenario);
        world
    }

    /// The time in this world.
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// Moves the clock on, and does everything that falls due on the way. It stops at
    /// `LAST_MOMENT`.
    pub fn advance(&mut self, duration: std::time::Duration) {
        let duration = SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX);
        self.advance_to(self.now.checked_add(duration).unwrap_or(Timestamp::MAX));
    }

    /// Moves the clock to `until`, and does everything that falls due on the way. A time that has
    /// passed already changes nothing.
    pub fn advance_to(&mut self, until: Timestamp) {
        let until = until.min(LAST_MOMENT);
        while let Some((at, due)) = self.queue.pop_until(until) {
            self.now = self.now.max(at);
            self.happen(due);
        }
        self.now = self.now.max(until);
    }

    /// When the next thing happens by itself, if anything is due before the clock ends.
    pub fn next_event_at(&self) -> Option<Timestamp> {
        self.queue.next_at().filter(|at| *at <= LAST_MOMENT)
    }

    /// Moves from event to event until the condition holds. False when it still does not hold and
    /// nothing is due any more.
    pub fn advance_until(&mut self, until: &Until) -> bool {
        while !self.holds(until) {
            let Some(next) = self.next_event_at() else {
                return false;
            };
            self.advance_to(next);
        }
        true
    }

    /// The launch results since this was last asked, as DRS would publish them.
    pub fn take_notices(&mut self) -> Vec<LaunchNotice> {
        std::mem::take(&mut self.notices)
    }

    /// The journal of the requests that came through `call` or `request`.
    pub const fn journal(&self) -> &Journal {
        &self.journal
    }

    fn happen(&mut self, due: Due) {
        match due {
            Due::JobStarts { site, job } => self.start_job(site, job),
            Due::PhaseEnds { spot, generation } => self.finish_phase(spot, generation),
            Due::JobEnds { site, job } => self.end_job(site, job),
            Due::JobVanishes { site, job } => self.forget_job(site, job),
            Due::MachineEnds { site, instance } => self.go_on_ending(site, &instance),
            Due::MachineDies { site, instance } => {
                self.end_machine(site, &instance);
            }
            Due::RecordGoes { site, instance } => self.remove_record(site, &instance),
            Due::ReplicationGoesOn {
                site,
                server,
                changes,
            } => self.go_on_replicating(site, &server, changes),
            Due::Timeline(entry) => self.happen_on_timeline(entry),
            Due::SomethingShows => {}
        }
    }

    fn populate(&mut self, scenario: &Scenario) {
        for account in &scenario.accounts {
            for (region, settings) in &account.regions {
                let site = self.site_index.open(&mut self.sites, &account.id, region);
                self.sites[site].initialized = settings.initialized;
            }
        }
        for specification in &scenario.servers.0 {
            self.add_server(scenario, specification);
        }
        for existing in &scenario.existing.recovery_instances {
            if let Some((site, server)) = self.whereabouts.get(&existing.server).cloned() {
                self.add_existing_instance(site, &server, existing);
            }
        }
        for (index, entry) in scenario.timeline.iter().enumerate() {
            let at = self.now + self.settings.scaled(entry.at);
            self.queue.push(at, Due::Timeline(index));
        }
    }
}
