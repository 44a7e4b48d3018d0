//! The plan of a deployment: computed from values, before anything is touched.

use std::fmt;

use crate::error::Failure;
use crate::observation::{Observation, Stack, Standing};
use crate::progress::short;
use crate::release::Release;
use crate::settings::Settings;

/// The steps, in the order in which they are carried out. Empty when everything is as it shall be.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Plan {
    /// Name of the master stack.
    pub stack: String,
    /// What is to be done.
    pub steps: Vec<Step>,
}

/// One step of a plan.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Step {
    /// Make the deployment bucket: private, versioned, encrypted.
    CreateBucket {
        /// Its name.
        bucket: String,
    },
    /// Put an object into the bucket.
    Upload {
        /// Where.
        key: String,
        /// Its size in bytes.
        size: u64,
    },
    /// Delete what a failed creation or deletion left.
    DeleteStack {
        /// The status that it is stuck in.
        status: String,
    },
    /// Finish the way back from a failed update.
    ContinueRollback,
    /// Create the stack, through a change set.
    CreateStack,
    /// Update the stack, through a change set.
    UpdateStack {
        /// What differs.
        differences: Vec<Difference>,
    },
}

/// One reason to update the stack.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Difference {
    /// The master template's text.
    Template,
    /// A parameter.
    Parameter {
        /// Its name.
        name: String,
        /// Its value in the stack, if it has one.
        from: Option<String>,
        /// Its value in the release.
        to: String,
    },
    /// The stack is to be rolled back first; what differs then is for the change set to say.
    AfterRollback,
}

/// What has to be done so that `release` runs where `settings` say.
pub fn plan(
    release: &Release,
    settings: &Settings,
    observation: &Observation,
) -> Result<Plan, Failure> {
    let mut steps = bucket_steps(release, settings, observation);
    steps.extend(stack_steps(release, settings, observation.stack.as_ref())?);
    Ok(Plan {
        stack: settings.stack(),
        steps,
    })
}

fn bucket_steps(release: &Release, settings: &Settings, observation: &Observation) -> Vec<Step> {
    let creation = observation.bucket.is_none().then(|| Step::CreateBucket {
        bucket: settings.bucket.clone(),
    });
    let is_there = |key: &str| {
        observation
            .bucket
            .as_ref()
            .is_some_and(|present| present.contains(key))
    };
    let uploads = release
        .objects()
        .filter(|object| !is_there(&object.key))
        .map(|object| Step::Upload {
            key: object.key.clone(),
            size: object.size,
        });
    creation.into_iter().chain(uploads).collect()
}

fn stack_steps(
    release: &Release,
    settings: &Settings,
    stack: Option<&Stack>,
) -> Result<Vec<Step>, Failure> {
    let Some(stack) = stack else {
        return Ok(vec![Step::CreateStack]);
    };
    let status = stack.status.clone();
    match Standing::of(&stack.status) {
        Standing::Stands => {
            let differences = differences(release, settings, stack);
            let update = (!differences.is_empty()).then_some(Step::UpdateStack { differences });
            Ok(update.into_iter().collect())
        }
        Standing::NeverCreated => Ok(vec![Step::CreateStack]),
        Standing::Ruined => Ok(vec![Step::DeleteStack { status }, Step::CreateStack]),
        Standing::HalfWayBack => {
            let update = Step::UpdateStack {
                differences: vec![Difference::AfterRollback],
            };
            Ok(vec![Step::ContinueRollback, update])
        }
        Standing::Busy => Err(Failure::Busy {
            stack: settings.stack(),
            status,
        }),
        Standing::Unknown => Err(Failure::UnknownStatus {
            stack: settings.stack(),
            status,
        }),
    }
}

fn differences(release: &Release, settings: &Settings, stack: &Stack) -> Vec<Difference> {
    let template =
        (release.master().sha256 != stack.template_sha256).then_some(Difference::Template);
    let parameters = settings
        .parameters(release)
        .into_iter()
        .filter_map(|(name, to)| {
            let from = stack.parameters.get(&name).cloned();
            (from.as_ref() != Some(&to)).then_some(Difference::Parameter { name, from, to })
        });
    template.into_iter().chain(parameters).collect()
}

impl fmt::Display for Plan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.steps.is_empty() {
            return writeln!(formatter, "stack {}: nothing to do", self.stack);
        }
        writeln!(formatter, "stack {}:", self.stack)?;
        self.steps
            .iter()
            .try_for_each(|step| writeln!(formatter, "  {step}"))
    }
}

impl fmt::Display for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CreateBucket { bucket } => write!(formatter, "create bucket {bucket}"),
            Self::Upload { key, size } => write!(formatter, "upload {} ({size} bytes)", short(key)),
            Self::DeleteStack { status } => write!(formatter, "delete stack, which is {status}"),
            Self::ContinueRollback => write!(formatter, "continue the update's rollback"),
            Self::CreateStack => write!(formatter, "create stack"),
            Self::UpdateStack { differences } => {
                write!(formatter, "update stack")?;
                differences
                    .iter()
                    .try_for_each(|difference| write!(formatter, "\n    {difference}"))
            }
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Template => write!(formatter, "master template"),
            Self::Parameter {
                name,
                from: Some(from),
                to,
            } => {
                write!(formatter, "{name}: {} -> {}", short(from), short(to))
            }
            Self::Parameter {
                name,
                from: None,
                to,
            } => write!(formatter, "{name}: (none) -> {}", short(to)),
            Self::AfterRollback => write!(formatter, "what the rollback leaves to change"),
        }
    }
}
