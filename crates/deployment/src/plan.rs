//! The plan of a deployment: computed from values, before anything is touched.

mod bucket;
mod shown;
mod stack;
mod step;

use crate::error::Failure;
use crate::observation::Observation;
use crate::release::Release;
use crate::settings::Settings;

pub use bucket::bucket_steps;
pub use stack::{TablesLeft, naming};
pub use step::{Difference, Making, Plan, Step};

/// What has to be done so that `release` runs where `settings` say.
pub fn plan(
    release: &Release,
    settings: &Settings,
    observation: &Observation,
    tables_left: TablesLeft,
) -> Result<Plan, Failure> {
    let mut plan = sync(release, settings, observation)?;
    let changes = stack::steps(release, settings, observation, tables_left)?;
    let is_changed = changes.iter().any(|step| step.making() != Making::Nothing);
    let mut steps = plan.steps.iter();
    let manifest = steps.find(|step| **step == Step::WriteManifest);
    let removed = if is_changed {
        bucket::removals(release, observation, manifest, bucket::When::After)
    } else {
        Vec::new()
    };
    plan.steps.extend(changes.into_iter().chain(removed));
    Ok(plan)
}

/// What has to be done so that the bucket holds `release`.
pub fn sync(
    release: &Release,
    settings: &Settings,
    observation: &Observation,
) -> Result<Plan, Failure> {
    Ok(Plan {
        stack: settings.stack(),
        steps: bucket_steps(release, settings, observation)?,
    })
}
