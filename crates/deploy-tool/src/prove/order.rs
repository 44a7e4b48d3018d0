//! Which step comes next, and why one does not: pure, so that every order of ends can be tried.

use std::collections::{BTreeMap, BTreeSet};

use super::record::Standing;
use super::step::{Need, Step};

/// How every step stands that was tried.
pub type Steps = BTreeMap<Step, Standing>;

/// What can be said of a step.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Chance {
    /// It may run.
    Open,
    /// It is proved already.
    Proved,
    /// It waits for another one.
    Needs(Step),
    /// What it needs has been removed again.
    Removed(Step),
}

/// The next step of a run that has tried these already. A step that was not proved in an earlier run
/// is tried once more; one that is proved never is.
pub fn next(steps: &Steps, tried: &BTreeSet<Step>) -> Option<Step> {
    let mut open = Step::ALL
        .into_iter()
        .filter(|step| chance(*step, steps) == Chance::Open);
    open.find(|step| !tried.contains(step))
}

/// Whether a step may run.
pub fn chance(step: Step, steps: &Steps) -> Chance {
    if is_proved(step, steps) {
        return Chance::Proved;
    }
    if let Some(end) = removed_by(step, steps) {
        return Chance::Removed(end);
    }
    let missing = step.needs().iter().find_map(|need| match *need {
        Need::Proved(other) => (!is_proved(other, steps)).then_some(other),
        Need::Begun(other) => (!steps.contains_key(&other)).then_some(other),
    });
    missing.map_or(Chance::Open, Chance::Needs)
}

fn is_proved(step: Step, steps: &Steps) -> bool {
    matches!(steps.get(&step), Some(Standing::Proved { .. }))
}

/// After the removal nothing is left to sign in with; after the destruction nothing at all.
fn removed_by(step: Step, steps: &Steps) -> Option<Step> {
    let ends = [Step::Destruction, Step::Removal];
    ends.into_iter()
        .find(|end| step < *end && is_proved(*end, steps))
}
