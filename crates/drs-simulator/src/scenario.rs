//! Scenario files: the fleet, the clock, the limits, the faults and the timeline of one world.
//!
//! A file is YAML (JSON is YAML too). Unknown members are refused; a fault names line and field.

mod check;
mod clock;
mod duration;
mod expectation;
mod fleet;
mod rule;
mod settings;
mod timeline;

pub use clock::{Clock, ClockMode};
pub use duration::Durations;
pub use expectation::{Expectation, NeverTerminated, StartRecoveryCommits};
pub use fleet::{
    Fleet, LaunchSettings, OperatingSystemFamily, PointPolicy, ReplicationChange,
    ServerSpecification, StagingSettings,
};
pub use rule::{
    Answer, Commitment, Effect, ForeignJobSettings, LaunchActionEffect, PhaseEffect, PhaseEnding,
    Rule, ServerPhase, ServerSelector, Stall, Surprise, When,
};
pub use settings::{
    AccountSettings, Consistency, Existing, ExistingInstance, JournalSettings, Limits, Profile,
    RateLimit, RegionSettings, Switches,
};
pub use timeline::{
    ForeignJobEntry, InstanceChange, InstanceSettings, TimelineAction, TimelineEntry,
};

use check::Fault;
use serde::Deserialize;

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
    Unreadable(String),
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
        let scenario: Self =
            serde_yaml_ng::from_str(text).map_err(|error| unreadable(&error.to_string(), text))?;
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
}

/// Adds the line where the reader has left it out, which it does at the very beginning.
fn unreadable(message: &str, text: &str) -> ScenarioError {
    let needle = message
        .split('`')
        .nth(1)
        .filter(|_| !message.contains(" at line "));
    let line = needle.and_then(|needle| text.lines().position(|line| line.contains(needle)));
    ScenarioError::Unreadable(match line {
        Some(at) => format!("{message} at line {}", at + 1),
        None => message.to_owned(),
    })
}
