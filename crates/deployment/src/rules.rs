//! The rules of the environments: who may change what, from where.

use crate::error::Failure;
use crate::release::Tree;

/// The environment that people depend on.
pub const PRODUCTION: &str = "prod";

/// The environments, in the order in which a change passes through them.
pub const ENVIRONMENTS: [&str; 5] = ["dev", "test", "qa", "uat", PRODUCTION];

/// Environments that only take what is committed.
const COMMITTED_ONLY: [&str; 2] = ["uat", PRODUCTION];

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
    environment: &str,
    place: Place,
    source: Source,
    break_glass: Option<&str>,
) -> Result<(), Failure> {
    let refused = |text: String| Err(Failure::Refused(text));
    if environment == PRODUCTION && place == Place::Desk {
        match (break_glass, source) {
            (None, _) => {
                return refused(
                    "production is changed by the pipeline alone (a job on a protected branch, \
                     whose environment's tier is production); in an emergency use --from-bucket \
                     --break-glass REASON"
                        .to_owned(),
                );
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
    if COMMITTED_ONLY.contains(&environment) && source == Source::Checkout(Tree::Dirty) {
        return refused(format!(
            "{environment} takes only what is committed, and this working tree differs from its \
             commit: commit or put aside what differs"
        ));
    }
    Ok(())
}
