//! Scenario files: the fleet, the clock, the limits, the faults and the timeline of one world.
//!
//! A file is YAML (JSON is YAML too). Unknown members are refused; a fault names line and field.

pub(crate) mod amount;
mod check;
mod clock;
mod duration;
mod expectation;
mod fleet;
mod locate;
mod name;
mod rule;
#[cfg(feature = "schema")]
mod schema;
mod settings;
mod surrogates;
mod timeline;

pub(crate) use clock::LAST_MOMENT;
pub use clock::{Clock, ClockMode};
pub use duration::Durations;
pub use expectation::{Expectation, NeverTerminated, StartRecoveryCommits};
pub use fleet::{
    Fleet, LaunchSettings, OperatingSystemFamily, PointPolicy, ReplicationChange,
    ServerSpecification, StagingSettings,
};
pub(crate) use rule::NEVER;
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

use check::Subject;
#[cfg(feature = "server")]
pub(crate) use check::{RuleFault, rule_fault};
use locate::Place;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Everything that a world is made from.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Scenario {
    /// The version of this format; only 1 exists.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1)))]
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
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
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

/// A scenario that cannot be used: where, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {}{message}", prefix(.field))]
pub struct ScenarioError {
    /// The line of the fault, from 1.
    pub line: usize,
    /// Its column, from 1.
    pub column: usize,
    /// The path of the member, such as `rules[0].do`; empty for the file as a whole.
    pub field: String,
    /// What is wrong.
    pub message: String,
}

fn prefix(field: &str) -> String {
    if field.is_empty() {
        String::new()
    } else {
        format!("{field}: ")
    }
}

impl Scenario {
    /// Reads a scenario from YAML or JSON and checks that its parts fit together.
    pub fn parse(text: &str) -> Result<Self, ScenarioError> {
        let scenario: Self = read(text)?;
        let Some(fault) = scenario.first_fault() else {
            return Ok(scenario);
        };
        let field = match fault.subject {
            Subject::Field(field) => field,
            Subject::Server { place, member } => fleet::written_at(text, place, member),
        };
        Err(error_at(text, field, fault.message))
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

/// What is wrong with the member that has this path.
fn error_at(text: &str, field: String, message: String) -> ScenarioError {
    let place = locate::place_of(text, &field).unwrap_or(Place { line: 1, column: 1 });
    ScenarioError {
        line: place.line,
        column: place.column,
        field,
        message,
    }
}

/// A rule that was read by itself, with what a world finds wrong with it.
#[cfg(feature = "server")]
pub(crate) fn rule_error(text: &str, (field, message): RuleFault) -> ScenarioError {
    error_at(text, field, message)
}

/// Reads a value from YAML or JSON; a fault has its place and its path.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, ScenarioError> {
    let text = &*surrogates::written_out(text);
    let document = serde_yaml_ng::Deserializer::from_str(text);
    serde_path_to_error::deserialize(document).map_err(|error| {
        let path = error.path().to_string();
        let reader = error.into_inner();
        let said = reader.to_string();
        // The reader says the place again at the end of its sentence, and the path before it.
        let message = said
            .rsplit_once(" at line ")
            .map_or(said.as_str(), |(said, _)| said);
        let (written, message) = split_path(message);
        let field = if written.len() > path.len() {
            written.to_owned()
        } else {
            path
        };
        let field = field.trim_matches('.');
        let field = match locate::given_twice(message) {
            Some(name) => member_of(field, name),
            None => field.to_owned(),
        };
        let place = locate::place_of_fault(text, &field, message)
            .or_else(|| Place::of(&reader))
            .or_else(|| Place::of_text(text, said.split('`').nth(1)?))
            .unwrap_or(Place { line: 1, column: 1 });
        ScenarioError {
            line: place.line,
            column: place.column,
            field: field.trim_end_matches(".?").to_owned(),
            message: message.to_owned(),
        }
    })
}

/// The path of a member, where the path of its mapping may name it already.
fn member_of(path: &str, name: &str) -> String {
    let named = path.rsplit('.').next() == Some(name);
    match path {
        "" => name.to_owned(),
        path if named => path.to_owned(),
        path => format!("{path}.{name}"),
    }
}

/// The path before a sentence, as in `rules[0].when: unknown field`.
fn split_path(message: &str) -> (&str, &str) {
    match message.split_once(": ") {
        Some((path, rest)) if !path.contains(' ') && !path.contains('`') => (path, rest),
        Some(_) | None => ("", message),
    }
}
