//! Which GitLab may sign the tokens that the roles of the pipeline trust.
//!
//! The roles trust a project and a branch by name. Before 18.2.2 a pipeline for a merge request from
//! a fork, started in this project, got a token with this project's name and the fork's branch, which
//! may be called as the protected one is (<https://gitlab.com/gitlab-org/gitlab/-/issues/561735>).

use anyhow::{Context, Result, bail};

/// The oldest one whose tokens name the fork.
pub const OLDEST_SAFE: [u32; 3] = [18, 2, 2];

/// Refuses an older GitLab in a job of GitLab; elsewhere nobody signs tokens.
pub fn check() -> Result<()> {
    // What is no text is no version either.
    let variable = |name: &str| {
        let value = std::env::var_os(name).unwrap_or_default();
        value.to_string_lossy().into_owned()
    };
    judge(&variable("GITLAB_CI"), &variable("CI_SERVER_VERSION"))
}

/// The same for what the variables of these names say. In a job a version that cannot be read is
/// no safe one.
pub fn judge(gitlab_ci: &str, server_version: &str) -> Result<()> {
    if gitlab_ci != "true" {
        return Ok(());
    }
    let version = read(server_version)
        .with_context(|| format!("CI_SERVER_VERSION is `{server_version}`, which is no version"))?;
    if version < OLDEST_SAFE {
        let oldest = OLDEST_SAFE.map(|part| part.to_string()).join(".");
        bail!(
            "this is GitLab {server_version}: a fork can get a token that the roles in AWS trust; \
             {oldest} is the oldest that they may trust (docs/pipeline.md)"
        );
    }
    Ok(())
}

/// `18.2.2-ee` and the like.
fn read(version: &str) -> Option<[u32; 3]> {
    let numbers = version.split('-').next()?;
    let parts: Vec<u32> = numbers
        .split('.')
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    parts.try_into().ok()
}
