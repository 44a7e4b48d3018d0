//! What a scenario asks `/_sim/verify` to check beyond the built-in invariants.

use crate::wire::job::LaunchStatus;
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;

/// One expectation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expectation {
    /// No server is in two running jobs.
    NoServerInTwoJobs,
    /// How often a server may be launched.
    StartRecoveryCommits(StartRecoveryCommits),
    /// Which instances may not be ended.
    NeverTerminated(NeverTerminated),
    /// How the last launch of servers went, by id or hostname.
    LastLaunch(BTreeMap<String, LaunchStatus>),
    /// How many recovery instances there are.
    RecoveryInstances(usize),
}

impl Expectation {
    pub(super) fn servers(&self) -> Vec<&str> {
        match self {
            Self::LastLaunch(servers) => servers.keys().map(String::as_str).collect(),
            Self::NoServerInTwoJobs
            | Self::StartRecoveryCommits(_)
            | Self::NeverTerminated(_)
            | Self::RecoveryInstances(_) => Vec::new(),
        }
    }
}

/// How often a server may be launched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StartRecoveryCommits {
    /// The most committed `StartRecovery` requests with one server.
    pub max_per_server: usize,
}

/// Which instances may not be ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NeverTerminated {
    /// Those of real recoveries.
    pub non_drill: bool,
}

const KNOWN: &[&str] = &[
    "no_server_in_two_jobs",
    "start_recovery_commits",
    "never_terminated",
    "last_launch",
    "recovery_instances",
];

impl<'de> Deserialize<'de> for Expectation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ExpectationVisitor)
    }
}

struct ExpectationVisitor;

impl<'de> Visitor<'de> for ExpectationVisitor {
    type Value = Expectation;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "one of {}", KNOWN.join(", "))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Expectation, E> {
        match text {
            "no_server_in_two_jobs" => Ok(Expectation::NoServerInTwoJobs),
            other => Err(E::unknown_variant(other, KNOWN)),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Expectation, A::Error> {
        let name: String = map
            .next_key()?
            .ok_or_else(|| de::Error::custom("an expectation has a name"))?;
        match name.as_str() {
            "start_recovery_commits" => Ok(Expectation::StartRecoveryCommits(map.next_value()?)),
            "never_terminated" => Ok(Expectation::NeverTerminated(map.next_value()?)),
            "last_launch" => Ok(Expectation::LastLaunch(map.next_value()?)),
            "recovery_instances" => Ok(Expectation::RecoveryInstances(map.next_value()?)),
            other => Err(de::Error::unknown_variant(other, KNOWN)),
        }
    }
}
