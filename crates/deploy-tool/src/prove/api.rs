//! The product's API as the user of this run.

use anyhow::{Context, Result, bail};
use deployment::proving::{Answered, Asked, Proving, Secret};
use serde_json::Value;

/// Asks at one origin.
#[derive(Debug)]
pub(super) struct Api<'a, P> {
    /// Who sends.
    pub(super) cloud: &'a P,
    /// Address of the console.
    pub(super) origin: String,
}

impl<P: Proving> Api<'_, P> {
    /// One request, whatever it answers.
    pub(super) async fn ask(
        &self,
        (method, path): (&str, &str),
        token: Option<&Secret>,
        body: Option<&Value>,
    ) -> Result<Answered> {
        let path = format!("/api{path}");
        let asked = Asked {
            method,
            origin: &self.origin,
            path: &path,
            token,
            body,
        };
        Ok(self.cloud.ask(asked).await?)
    }
}

/// The body of a success; the problem's own words otherwise.
pub(super) fn success(what: &str, answered: Answered) -> Result<Value> {
    if (200..300).contains(&answered.status) {
        return Ok(answered.body);
    }
    bail!("{}", refusal(what, &answered))
}

/// What the API says where it refuses.
pub(super) fn refusal(what: &str, answered: &Answered) -> String {
    let of = |member: &str| answered.body[member].as_str().unwrap_or("without a word");
    format!(
        "{what}: the API answers {} ({}: {})",
        answered.status,
        of("code"),
        of("detail")
    )
}

/// A member that is a text.
pub(super) fn text<'a>(value: &'a Value, member: &str) -> Result<&'a str> {
    let found = value[member].as_str();
    found.with_context(|| format!("an answer of the API has no `{member}`"))
}
