//! What a handler knows of the call besides its body: the API, who calls, what they call.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use domain::ids::InvalidId;
use domain::{Fault, FaultCode};
use engine::Engine;
use engine::ports::Listing;
use jiff::Timestamp;
use serde::Serialize;
use std::str::FromStr;

use crate::answer::Answer;
use crate::api::Api;
use crate::cursor;
use crate::entity_tag;
use crate::identity::Caller;
use crate::problem::Problem;
use crate::time_budget::TimeBudget;
use crate::wire::page::Page;

/// A call that the guard has admitted.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) api: Api,
    /// The use cases, within the time of this request.
    engine: Engine,
    pub(crate) caller: Caller,
    /// Method and path: what a client token is for.
    pub(crate) operation: String,
    headers: HeaderMap,
}

impl Call {
    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.api.now()
    }

    /// The name under which the caller's decisions are recorded.
    pub(crate) fn by(&self) -> &str {
        self.caller.name()
    }

    /// The version that the caller wants to change, where they say so.
    pub(crate) fn wanted_version(&self) -> Result<Option<u64>, Problem> {
        entity_tag::wanted_version(&self.headers)
    }

    /// A page of `list`, with the cursor of the next one.
    pub(crate) async fn page<T: Serialize>(
        &self,
        list: &str,
        listing: Listing<T>,
    ) -> Result<Answer, Problem> {
        let key = self.api.cursor_key().await?;
        let page = Page::of(listing, |position| cursor::seal(key, list, position));
        Ok(Answer::ok(&page))
    }

    /// The answer, or 304 where the caller has it already.
    pub(crate) fn unless_known(&self, answer: Answer) -> Answer {
        answer.unless_known(|tag| entity_tag::is_known(&self.headers, tag))
    }
}

impl FromRequestParts<Api> for Call {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let caller = parts.extensions.get::<Caller>().cloned();
        let caller = caller.ok_or_else(|| Problem::internal("a handler ran without its guard"))?;
        let budget = parts.extensions.get::<TimeBudget>().copied();
        let budget = budget.unwrap_or_else(|| TimeBudget::of(api.now(), None));
        Ok(Self {
            api: api.clone(),
            engine: api.engine().looking_until(budget.looks_until()),
            caller,
            operation: format!("{} {}", parts.method, parts.uri.path()),
            headers: parts.headers.clone(),
        })
    }
}

/// The id in the path. One of another form is a fault of the path, not a missing thing.
#[derive(Debug, Clone)]
pub(crate) struct PathId<T>(pub(crate) T);

impl<T: FromStr<Err = InvalidId>> FromRequestParts<Api> for PathId<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let unreadable = |_| Problem::bad_request("INVALID_REQUEST", "The path cannot be read.");
        let parameters = RawPathParams::from_request_parts(parts, api)
            .await
            .map_err(unreadable)?;
        let first = parameters.iter().next();
        let (name, text) = first
            .ok_or_else(|| Problem::internal("a path without the id that is taken from it"))?;
        text.parse().map(Self).map_err(|error: InvalidId| {
            let fault = Fault::new(name, FaultCode::InvalidFormat, error.to_string());
            Problem::invalid("INVALID_REQUEST", &[fault])
        })
    }
}
