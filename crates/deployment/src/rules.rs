//! The rules of the environments: who may change what, from where.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::Failure;
use crate::release::Tree;

/// The environments, in the order in which a change passes through them.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    /// Where a change begins.
    Dev,
    /// Where it is tested.
    Test,
    /// Where its quality is judged.
    Qa,
    /// Where its users accept it.
    Uat,
    /// What people depend on.
    Prod,
}

/// What an environment takes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Takes {
    /// Whatever somebody tries.
    Anything,
    /// What is committed.
    Commits,
}

impl Environment {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Dev, Self::Test, Self::Qa, Self::Uat, Self::Prod];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Test => "test",
            Self::Qa => "qa",
            Self::Uat => "uat",
            Self::Prod => "prod",
        }
    }

    fn takes(self) -> Takes {
        match self {
            Self::Dev | Self::Test | Self::Qa => Takes::Anything,
            Self::Uat | Self::Prod => Takes::Commits,
        }
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Environment {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        let mut all = Self::ALL.into_iter();
        all.find(|environment| environment.as_str() == text)
            .ok_or_else(|| {
                Failure::Refused(format!(
                    "`{text}` is no environment: it is one of {}",
                    Self::ALL.map(Self::as_str).join(", ")
                ))
            })
    }
}

/// Where a command is given.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Place {
    /// A machine of somebody.
    Desk,
    /// A job of the pipeline on a protected branch, for an environment that is protected.
    ProtectedPipeline,
}

/// Where the release comes from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Source {
    /// A checkout, with its tree.
    Checkout(Tree),
    /// The bucket.
    Bucket,
}

/// The variables that a GitLab runner sets in each job.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Variables {
    /// `CI`.
    pub ci: Option<String>,
    /// `CI_COMMIT_REF_PROTECTED`.
    pub ref_protected: Option<String>,
    /// `CI_ENVIRONMENT_TIER`.
    pub environment_tier: Option<String>,
}

impl Place {
    /// Where these variables say that a command is given.
    pub fn of(variables: &Variables) -> Self {
        let says = |variable: &Option<String>, text: &str| variable.as_deref() == Some(text);
        let protected = says(&variables.ci, "true")
            && says(&variables.ref_protected, "true")
            && says(&variables.environment_tier, "production");
        if protected {
            Self::ProtectedPipeline
        } else {
            Self::Desk
        }
    }
}

/// Refuses a change that the environment's rules forbid. `break_glass` is the reason of somebody
/// who cannot wait for the pipeline.
pub fn check(
    environment: Environment,
    place: Place,
    source: Source,
    break_glass: Option<&str>,
) -> Result<(), Failure> {
    let refused = |text: String| Err(Failure::Refused(text));
    if environment == Environment::Prod && place == Place::Desk {
        let pipeline = "production is changed by the pipeline alone (a job on a protected branch, \
                        whose environment's tier is production); in an emergency";
        match (break_glass, source) {
            (None, Source::Checkout(_)) => {
                return refused(format!(
                    "{pipeline} use `deploy --from-bucket --break-glass REASON`"
                ));
            }
            (None, Source::Bucket) => {
                return refused(format!("{pipeline} say --break-glass REASON"));
            }
            (Some(_), Source::Checkout(_)) => {
                return refused(
                    "--break-glass takes what the bucket holds and nothing else: add --from-bucket"
                        .to_owned(),
                );
            }
            (Some(_), Source::Bucket) => {}
        }
    }
    if environment.takes() == Takes::Commits && source == Source::Checkout(Tree::Dirty) {
        return refused(format!(
            "{environment} takes only what is committed, and this working tree differs from its \
             commit: commit or put aside what differs"
        ));
    }
    Ok(())
}
