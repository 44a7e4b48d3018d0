//! Whose a deployment bucket is: what the bucket itself records, never what somebody says.

use std::fmt;

use serde::Deserialize;

use crate::error::Failure;
use crate::settings::Settings;

/// One environment of one project.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Owner {
    /// The project.
    pub project: String,
    /// The environment.
    pub environment: String,
}

impl fmt::Display for Owner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}-{}", self.project, self.environment)
    }
}

/// What a bucket records about its owner.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Recorded {
    /// There is no bucket.
    NoBucket,
    /// Neither its manifest nor a copy of an earlier one says anything.
    Nobody,
    /// This environment.
    By(Owner),
}

/// Refuses a bucket that records another owner.
pub fn check(recorded: &Recorded, settings: &Settings) -> Result<(), Failure> {
    let Recorded::By(owner) = recorded else {
        return Ok(());
    };
    if (&owner.project, &owner.environment) == (&settings.project, &settings.environment) {
        return Ok(());
    }
    Err(Failure::OthersBucket {
        bucket: settings.bucket.clone(),
        owner: owner.to_string(),
        meant: settings.stack(),
    })
}
