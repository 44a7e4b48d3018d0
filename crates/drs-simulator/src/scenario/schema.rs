//! The JSON Schema of scenario files, for editors that complete and check YAML.

use super::expectation::{NeverTerminated, StartRecoveryCommits};
use super::{Expectation, Fleet, Rule, Scenario, TimelineEntry, fleet, rule, timeline};
use crate::wire::job::LaunchStatus;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What is read through another type has the schema of that type.
macro_rules! read_as {
    ($($type:ty => $written:ty;)*) => {
        $(impl JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                <$written as JsonSchema>::schema_name()
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                generator.subschema_for::<$written>()
            }
        })*
    };
}

read_as! {
    Fleet => Vec<fleet::expand::Entry>;
    Rule => rule::parse::Entry;
    TimelineEntry => timeline::Entry;
    Expectation => WrittenExpectation;
}

/// What `verify` checks beyond what it always checks.
#[derive(JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Expectation")]
#[expect(dead_code, reason = "it lends its shape to the schema, and no values")]
enum WrittenExpectation {
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

impl Scenario {
    /// The JSON Schema of scenario files, as text.
    pub fn schema() -> String {
        let schema = schemars::schema_for!(Self);
        let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
        text.push('\n');
        text
    }
}
