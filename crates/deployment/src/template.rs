//! What can be known of a template's text without understanding all of it.

use std::collections::BTreeMap;

use crate::error::Failure;

/// What somebody has chosen, as far as a template knows it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Chosen {
    /// The parameters with their values.
    pub parameters: BTreeMap<String, String>,
    /// Names that were remembered and that the template no longer has.
    pub dropped: Vec<String>,
}

/// Sorts what is said now and what was chosen before. A name that is said and that the template does
/// not have is refused.
pub fn chosen(
    template: &str,
    said: &BTreeMap<String, String>,
    remembered: &BTreeMap<String, String>,
) -> Result<Chosen, Failure> {
    let known = parameters(template);
    let is_known = |name: &str| known.contains(&name);
    let names = said.keys().map(String::as_str);
    let unknown: Vec<&str> = names.filter(|name| !is_known(name)).collect();
    if !unknown.is_empty() {
        return Err(Failure::UnknownParameters {
            names: unknown.join(", "),
            known: known.join(", "),
        });
    }
    let (mut kept, dropped): (BTreeMap<_, _>, BTreeMap<_, _>) = remembered
        .clone()
        .into_iter()
        .partition(|(name, _)| is_known(name));
    kept.extend(said.clone());
    Ok(Chosen {
        parameters: kept,
        dropped: dropped.into_keys().collect(),
    })
}

/// Names of its parameters, in its order.
pub fn parameters(template: &str) -> Vec<&str> {
    let lines = template.lines();
    let section = lines.skip_while(|line| *line != "Parameters:").skip(1);
    section
        .take_while(|line| line.is_empty() || line.starts_with([' ', '#']))
        .filter_map(|line| line.strip_prefix("  ")?.split_once(':'))
        .map(|(name, _)| name)
        .filter(|name| name.chars().all(|letter| letter.is_ascii_alphanumeric()))
        .collect()
}
