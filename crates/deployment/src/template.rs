//! What can be known of a template's text without understanding all of it.

pub mod creation;
mod parameter;

use std::collections::BTreeMap;

use crate::error::Failure;

pub use parameter::{Parameter, ValueFault};

/// Parameters that follow from where and what is deployed, and the option that says so.
const FOLLOWING: [(&str, &str); 6] = [
    ("ProjectName", "--project"),
    ("Environment", "--environment"),
    ("DeploymentBucket", "--bucket"),
    ("Architecture", "--architecture"),
    ("ReplicaRegion", "--replica-region"),
    ("ReplicaBucket", "--replica-region"),
];

/// What somebody has chosen, as far as a template knows it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Chosen {
    /// The parameters with their values.
    pub parameters: BTreeMap<String, String>,
    /// Names that were remembered and that the template no longer has.
    pub dropped: Vec<String>,
}

/// Sorts what is said now and what was chosen before.
///
/// # Errors
///
/// A name that is said and that the template does not have or that follows from something else, and
/// a value that CloudFormation would refuse: it says so only once everything is built and uploaded.
pub fn chosen(
    template: &str,
    said: &BTreeMap<String, String>,
    remembered: &BTreeMap<String, String>,
) -> Result<Chosen, Failure> {
    let known = parameter::read(template);
    let is_known = |name: &str| known.iter().any(|parameter| parameter.name == name);
    let names = || said.keys().map(String::as_str);
    let unknown: Vec<&str> = names().filter(|name| !is_known(name)).collect();
    if !unknown.is_empty() {
        let names = known.iter().map(|parameter| parameter.name.as_str());
        let choosable: Vec<&str> = names.filter(|name| follows(name).is_none()).collect();
        return Err(Failure::UnknownParameters {
            names: unknown.join(", "),
            known: choosable.join(", "),
        });
    }
    if let Some((name, from)) = names().find_map(|name| Some((name, follows(name)?))) {
        return Err(Failure::FollowingParameter {
            name: name.to_owned(),
            from: from.to_owned(),
        });
    }
    let (mut kept, dropped): (BTreeMap<_, _>, BTreeMap<_, _>) = remembered
        .clone()
        .into_iter()
        .partition(|(name, _)| is_known(name));
    kept.extend(said.clone());
    let value = |parameter: &Parameter| parameter.fault(kept.get(&parameter.name)?);
    let faults: Vec<String> = known
        .iter()
        .filter_map(|parameter| value(parameter).map(|fault| fault.to_string()))
        .collect();
    if !faults.is_empty() {
        return Err(Failure::ParameterValues(faults.join("; ")));
    }
    Ok(Chosen {
        parameters: kept,
        dropped: dropped.into_keys().collect(),
    })
}

/// What a parameter follows from that is nobody's choice.
fn follows(name: &str) -> Option<&'static str> {
    let named = FOLLOWING.into_iter().find(|(known, _)| *known == name);
    match named {
        Some((_, option)) => Some(option),
        None => name.ends_with("Key").then_some("what is deployed"),
    }
}

/// Refuses a stack for which nobody has given what the template cannot do without.
///
/// # Errors
///
/// [`Failure::ParametersMissing`] with the names that are not among the given ones.
pub fn check_nothing_is_missing(
    template: &str,
    is_given: impl Fn(&str) -> bool,
) -> Result<(), Failure> {
    let parameters = parameter::read(template).into_iter();
    let missing: Vec<String> = parameters
        .filter(|parameter| parameter.is_needed() && !is_given(&parameter.name))
        .map(|parameter| parameter.name)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Failure::ParametersMissing {
        names: missing.join(", "),
    })
}

/// Its parameters, in its order.
pub fn parameters(template: &str) -> Vec<Parameter> {
    parameter::read(template)
}
