//! The templates that CloudFormation has now, of the master stack and of the nested ones.

use futures::future::try_join_all;

use crate::cloud::{Cloud, Nested};
use crate::error::Failure;

/// One of them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DeployedTemplate {
    /// What the master's template calls the nested stack; empty for the master itself.
    pub resource: String,
    /// Its text; empty where the stack has none yet.
    pub text: String,
}

/// Reads them, the master's first.
pub async fn read(
    cloud: &dyn Cloud,
    master: &str,
    nested: &[Nested],
) -> Result<Vec<DeployedTemplate>, Failure> {
    let ids = std::iter::once(master).chain(nested.iter().map(|nested| nested.id.as_str()));
    let texts = try_join_all(ids.map(|id| cloud.template(id))).await?;
    let resources =
        std::iter::once(String::new()).chain(nested.iter().map(|nested| nested.resource.clone()));
    let templates = resources.zip(texts);
    Ok(templates
        .map(|(resource, text)| DeployedTemplate { resource, text })
        .collect())
}
