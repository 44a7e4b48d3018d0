//! Rules as they are written, with the checks that a type cannot make.

use super::effect::EffectEntry;
use super::{Effect, Rule, ServerPhase, ServerSelector, When};
use crate::scenario::name::{Action, OperationName};
use crate::wire::Tags;
use jiff::SignedDuration;
use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

/// A fault: under which conditions, and what it does. The first that matches wins.
#[derive(Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    // Either it denies actions, or it says what it does.
    schemars(rename = "Rule", extend("oneOf" = [
        { "required": ["do"] },
        { "properties": { "when": { "required": ["deny"] } } }
    ]))
)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct Entry {
    /// Its name, for deletion.
    #[serde(default)]
    id: Option<String>,
    /// When it applies; all conditions must hold.
    when: WhenEntry,
    /// What it does.
    #[serde(default, rename = "do")]
    effect: Option<EffectEntry>,
    /// How often; for ever when left out.
    #[serde(default, deserialize_with = "at_least_once")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    times: Option<u32>,
}

fn at_least_once<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    match Option::<u32>::deserialize(deserializer)? {
        Some(0) => Err(D::Error::custom(
            "a rule that applies 0 times never does; give 1 or more, or leave `times` out",
        )),
        times => Ok(times),
    }
}

/// The conditions of a rule.
#[derive(Deserialize, Default)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "When")
)]
#[serde(deny_unknown_fields, default)]
struct WhenEntry {
    /// The operation; those of EC2 are like `ec2:TerminateInstances`.
    #[serde(alias = "operation")]
    op: Option<OperationName>,
    /// Tags of the request, or of the job of the phase.
    #[serde(alias = "tags")]
    tag: Tags,
    /// From this time of the world on.
    #[serde(deserialize_with = "crate::scenario::amount::optional_duration")]
    after: Option<SignedDuration>,
    /// Up to this time of the world.
    #[serde(deserialize_with = "crate::scenario::amount::optional_duration")]
    until: Option<SignedDuration>,
    /// The account.
    account: Option<String>,
    /// The Region.
    region: Option<String>,
    /// A server of the request, or of the phase.
    server: Option<ServerSelector>,
    /// A phase of a server in a job, instead of a request.
    phase: Option<ServerPhase>,
    /// Actions that are denied, such as `drs:StartRecovery` or `ec2:RunInstances`.
    deny: Option<Vec<Action>>,
}

impl TryFrom<Entry> for Rule {
    type Error = String;

    fn try_from(entry: Entry) -> Result<Self, String> {
        let effect = match (entry.when.deny, entry.when.phase, entry.effect) {
            (Some(actions), None, None) => {
                Effect::Deny(actions.into_iter().map(|action| action.0).collect())
            }
            (None, Some(phase), Some(written)) => {
                if entry.when.op.is_some() {
                    return Err("`when` has either `op` or `phase`".to_owned());
                }
                Effect::Phase {
                    phase,
                    effect: written.phase(phase)?,
                }
            }
            (None, None, Some(written)) => written.call()?,
            (None, Some(_) | None, None) => return Err("a rule needs `do`".to_owned()),
            (Some(_), Some(_) | None, Some(_) | None) => {
                return Err("`when.deny` stands with neither `phase` nor `do`".to_owned());
            }
        };
        Ok(Self {
            id: entry.id,
            when: When {
                operation: entry.when.op.map(|operation| operation.0),
                tags: entry.when.tag,
                after: entry.when.after,
                until: entry.when.until,
                account: entry.when.account,
                region: entry.when.region,
                server: entry.when.server,
            },
            effect,
            times: entry.times,
        })
    }
}
