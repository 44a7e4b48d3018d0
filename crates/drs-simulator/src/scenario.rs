//! Scenario files: the fleet, the clock, the limits, the faults and the timeline of one world.
//!
//! A file is YAML (JSON is YAML too). Unknown members are refused; a fault names line and field.

mod clock;
mod duration;
mod expectation;
mod fleet;
mod rule;
mod timeline;

pub use clock::{Clock, ClockMode};
pub use duration::Durations;
pub use expectation::{Expectation, NeverTerminated, StartRecoveryCommits};
pub use fleet::{
    Fleet, LaunchSettings, OperatingSystemFamily, PointPolicy, ReplicationChange,
    ServerSpecification, StagingSettings,
};
pub use rule::{
    Answer, Commitment, Effect, ForeignJobSettings, PhaseEffect, PhaseEnding, Rule, ServerPhase,
    ServerSelector, Stall, When,
};
pub use timeline::{
    ForeignJobEntry, InstanceChange, InstanceSettings, TimelineAction, TimelineEntry,
};

use crate::wire::recovery_instance::{Ec2InstanceState, FailbackState};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// Everything that a world is made from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Scenario {
    /// The version of this format; only 1 exists.
    pub version: u32,
    /// Where every random choice comes from.
    pub seed: u64,
    /// How time passes.
    pub clock: Clock,
    /// The named set of switches for what is not known about DRS.
    pub profile: Profile,
    /// Single switches that differ from the profile.
    pub switches: Switches,
    /// The most items on any page.
    pub page_size: usize,
    /// How late reads are.
    pub consistency: Consistency,
    /// Quotas and call rates.
    pub limits: Limits,
    /// How long phases take.
    pub durations: Durations,
    /// How much the journal keeps.
    pub journal: JournalSettings,
    /// The tag that names an attempt at a launch; two commits with one value are a violation.
    /// Left out, two commits whose tags are all the same, one of them naming an attempt, are.
    pub attempt_tag: Option<String>,
    /// Accounts with their access keys and Regions; requests of unknown keys go to the first.
    pub accounts: Vec<AccountSettings>,
    /// The source servers.
    pub servers: Fleet,
    /// What exists before the first request.
    pub existing: Existing,
    /// Faults; the first that matches wins.
    pub rules: Vec<Rule>,
    /// What happens by itself.
    pub timeline: Vec<TimelineEntry>,
    /// What `/_sim/verify` checks beyond what it always checks.
    pub expect: Vec<Expectation>,
}

impl Default for Scenario {
    fn default() -> Self {
        Self {
            version: 1,
            seed: 0,
            clock: Clock::default(),
            profile: Profile::Observed,
            switches: Switches::default(),
            page_size: 5,
            consistency: Consistency::default(),
            limits: Limits::default(),
            durations: Durations::default(),
            journal: JournalSettings::default(),
            attempt_tag: None,
            accounts: Vec::new(),
            servers: Fleet::default(),
            existing: Existing::default(),
            rules: Vec::new(),
            timeline: Vec::new(),
            expect: Vec::new(),
        }
    }
}

/// A scenario that cannot be used, with the place of the fault.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    /// The text is no YAML, has an unknown member, or a value of the wrong kind.
    #[error("the scenario cannot be read: {0}")]
    Unreadable(#[from] serde_yaml_ng::Error),
    /// A member does not fit the others.
    #[error("the scenario is not valid: line {line}, {field}: {message}")]
    Invalid {
        /// The line of the value, 0 when it does not stand in the text.
        line: usize,
        /// The member's path.
        field: String,
        /// What is wrong.
        message: String,
    },
}

impl Scenario {
    /// Reads a scenario from YAML or JSON and checks that its parts fit together.
    pub fn parse(text: &str) -> Result<Self, ScenarioError> {
        let scenario: Self = serde_yaml_ng::from_str(text)?;
        match scenario.first_fault() {
            None => Ok(scenario),
            Some(Fault {
                needle,
                field,
                message,
            }) => {
                let line = text
                    .lines()
                    .position(|line| line.contains(&needle))
                    .map_or(0, |at| at + 1);
                Err(ScenarioError::Invalid {
                    line,
                    field,
                    message,
                })
            }
        }
    }

    /// The account of a server that names none: the first one.
    pub(crate) fn default_account(&self) -> &str {
        self.accounts
            .first()
            .map_or("111122223333", |account| account.id.as_str())
    }

    /// The Region of a server that names none: the account's first initialised one.
    pub(crate) fn default_region(&self, account: &str) -> &str {
        self.accounts
            .iter()
            .find(|settings| settings.id == account)
            .and_then(|settings| {
                settings
                    .regions
                    .iter()
                    .find(|(_, region)| region.initialized)
            })
            .map_or("us-east-1", |(name, _)| name.as_str())
    }

    fn first_fault(&self) -> Option<Fault> {
        if self.version != 1 {
            return Some(Fault::new("version", "version", "only version 1 exists"));
        }
        if self.page_size == 0 {
            return Some(Fault::new(
                "page_size",
                "page_size",
                "a page has at least one item",
            ));
        }
        if self.clock.scale == 0 {
            return Some(Fault::new(
                "scale",
                "clock.scale",
                "the scale is at least 1",
            ));
        }
        self.account_fault()
            .or_else(|| self.fleet_fault())
            .or_else(|| self.reference_fault())
    }

    fn account_fault(&self) -> Option<Fault> {
        self.accounts.iter().enumerate().find_map(|(at, account)| {
            let digits = account.id.len() == 12 && account.id.bytes().all(|b| b.is_ascii_digit());
            (!digits).then(|| {
                Fault::new(
                    &account.id,
                    format!("accounts[{at}].id"),
                    "an account id has 12 digits",
                )
            })
        })
    }

    fn fleet_fault(&self) -> Option<Fault> {
        let mut seen = BTreeSet::new();
        self.servers.0.iter().find_map(|server| {
            let field = format!("servers: {}", server.id);
            if !crate::validation::is_id("s-", &server.id) {
                let message = "a source server id is s- and 17 letters or digits";
                return Some(Fault::new(&server.id, field, message));
            }
            (!seen.insert(&server.id))
                .then(|| Fault::new(&server.id, field, "this id is given to two servers"))
        })
    }

    fn reference_fault(&self) -> Option<Fault> {
        let known = |name: &str| {
            self.servers
                .0
                .iter()
                .any(|s| s.id == name || s.hostname == name)
        };
        let unknown = |name: &str, field: String| {
            (!known(name)).then(|| Fault::new(name, field, format!("there is no server {name}")))
        };
        let existing = self
            .existing
            .recovery_instances
            .iter()
            .enumerate()
            .find_map(|(at, entry)| {
                unknown(
                    &entry.server,
                    format!("existing.recovery_instances[{at}].server"),
                )
            });
        existing.or_else(|| {
            self.timeline.iter().enumerate().find_map(|(at, entry)| {
                let names = entry.action.servers();
                names
                    .into_iter()
                    .find_map(|name| unknown(name, format!("timeline[{at}]")))
            })
        })
    }
}

struct Fault {
    needle: String,
    field: String,
    message: String,
}

impl Fault {
    fn new(
        needle: impl Into<String>,
        field: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            needle: needle.into(),
            field: field.into(),
            message: message.into(),
        }
    }
}

/// A named set of switches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// What people have seen DRS do.
    Observed,
    /// What the service model says and nothing else.
    StrictModel,
}

/// Single switches; one that is left out follows the profile.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Switches {
    /// Whether the log says `LAUNCH_END`, which the model does not know.
    pub launch_end_event: Option<bool>,
    /// Whether a terminate job loses its `participatingServers` when it completes.
    pub empty_terminate_jobs: Option<bool>,
    /// Whether a launch destroys the earlier instance of a real recovery too.
    pub relaunch_destroys_recoveries: Option<bool>,
    /// Whether an old launch job's entry reads TERMINATED once its instance is gone.
    pub old_entries_read_terminated: Option<bool>,
    /// Whether `StartRecovery` and `TerminateRecoveryInstances` answer errors outside their model.
    pub unmodelled_errors: Option<bool>,
    /// Whether the body's `code` is another text than the error's name.
    pub misleading_code: Option<bool>,
}

/// How late reads are.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Consistency {
    /// How long a new job is missing from `DescribeJobs`.
    pub job_visible_after_ms: u32,
    /// How long `launchStatus` and `recoveryInstanceID` of a job lag behind its log.
    pub status_lag_ms: u32,
    /// Whether each of these is a random time up to the number, instead of the number.
    pub random: bool,
}

/// Quotas per account and Region, and call rates per account.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Jobs in progress.
    pub concurrent_jobs: usize,
    /// Source servers in one job.
    pub servers_per_job: usize,
    /// Source servers in all jobs in progress.
    pub servers_in_all_jobs: usize,
    /// Token buckets by operation, or by the beginning of operations' names.
    pub rate: BTreeMap<String, RateLimit>,
    /// Whether rates are multiplied by the clock's scale.
    pub scale_limits: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            concurrent_jobs: 20,
            servers_per_job: 100,
            servers_in_all_jobs: 500,
            rate: BTreeMap::new(),
            scale_limits: false,
        }
    }
}

/// One token bucket.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateLimit {
    /// Calls a second in the long run.
    pub per_s: f64,
    /// Calls at once.
    pub burst: f64,
}

/// How much the journal keeps. Requests that change something are always kept.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct JournalSettings {
    /// How many requests that only read are kept, the newest.
    pub reads: usize,
}

impl Default for JournalSettings {
    fn default() -> Self {
        Self { reads: 5_000 }
    }
}

/// One account.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountSettings {
    /// Twelve digits.
    pub id: String,
    /// The access key whose requests belong to this account.
    #[serde(default)]
    pub access_key: Option<String>,
    /// The Regions; in others DRS is not initialised.
    #[serde(default)]
    pub regions: BTreeMap<String, RegionSettings>,
}

/// One Region of an account.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegionSettings {
    /// Whether DRS is initialised there.
    #[serde(default = "initialized")]
    pub initialized: bool,
}

const fn initialized() -> bool {
    true
}

/// What exists before the first request.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Existing {
    /// Recovery instances of earlier launches.
    pub recovery_instances: Vec<ExistingInstance>,
}

/// A recovery instance of an earlier launch.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExistingInstance {
    /// Id or hostname of its source server.
    pub server: String,
    /// Whether a drill launched it.
    pub is_drill: bool,
    /// How the EC2 instance stands.
    #[serde(default = "running")]
    pub state: Ec2InstanceState,
    /// How failback stands.
    #[serde(default)]
    pub failback: Option<FailbackState>,
}

const fn running() -> Ec2InstanceState {
    Ec2InstanceState::Running
}
