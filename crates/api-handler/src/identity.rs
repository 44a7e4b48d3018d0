//! Who calls: from the claims that the authorizer verified, and only from those. Whatever does
//! not fit is nobody.

use std::collections::BTreeSet;

use domain::Kind;
use domain::access::{Permission, Role, permissions_of};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use crate::gateway::RequestContext;
use crate::problem::Problem;

/// A person with their rights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Caller {
    id: String,
    name: String,
    roles: BTreeSet<Role>,
}

/// Why nobody is known to call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unidentified {
    #[error("This environment does not say which tokens it takes.")]
    NoUserPool,
    #[error("A token is required.")]
    NoToken,
    #[error("An ID token is required; this is another kind of token.")]
    NotAnIdToken,
    #[error("The token is of another user pool.")]
    OtherIssuer,
    #[error("The token is for another client.")]
    OtherAudience,
    #[error("The token has expired.")]
    Expired,
    #[error("The token does not say who it is for.")]
    Nameless,
}

impl Caller {
    /// Their id in the user pool.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// The name under which their decisions are recorded.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn roles(&self) -> &BTreeSet<Role> {
        &self.roles
    }

    pub(crate) fn permissions(&self) -> BTreeSet<Permission> {
        permissions_of(&self.roles)
    }

    pub(crate) fn has(&self, permission: Permission) -> bool {
        self.permissions().contains(&permission)
    }

    /// Refuses who may not run executions of this kind.
    pub(crate) fn must_run(&self, kind: Kind) -> Result<(), Problem> {
        let permission = Permission::to_run(kind);
        if self.has(permission) {
            Ok(())
        } else {
            Err(Problem::forbidden(permission))
        }
    }
}

/// The person of these claims.
pub(crate) fn identify(context: &RequestContext, now: Timestamp) -> Result<Caller, Unidentified> {
    let (Some(pool), Some(client)) = (
        given(context.user_pool_id.as_deref()),
        given(context.user_pool_client_id.as_deref()),
    ) else {
        return Err(Unidentified::NoUserPool);
    };
    let claims = &context.claims;
    if claims.is_empty() {
        return Err(Unidentified::NoToken);
    }
    if text(claims, "token_use") != Some("id") {
        return Err(Unidentified::NotAnIdToken);
    }
    if !text(claims, "iss").is_some_and(|issuer| is_of_pool(issuer, pool)) {
        return Err(Unidentified::OtherIssuer);
    }
    if text(claims, "aud") != Some(client) {
        return Err(Unidentified::OtherAudience);
    }
    if expiry(claims.get("exp")).is_none_or(|expiry| expiry <= now) {
        return Err(Unidentified::Expired);
    }
    let name = text(claims, "email").or_else(|| text(claims, "cognito:username"));
    let (Some(id), Some(name)) = (text(claims, "sub"), name) else {
        return Err(Unidentified::Nameless);
    };
    Ok(Caller {
        id: id.to_owned(),
        name: name.to_owned(),
        roles: roles(claims.get("cognito:groups")),
    })
}

fn given(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}

fn text<'claims>(claims: &'claims Map<String, Value>, name: &str) -> Option<&'claims str> {
    given(claims.get(name).and_then(Value::as_str))
}

fn is_of_pool(issuer: &str, pool: &str) -> bool {
    issuer
        .strip_suffix(pool)
        .is_some_and(|rest| rest.ends_with('/'))
}

/// The expiry as seconds, as their text, or in words: API Gateway writes
/// `Mon Nov 23 09:00:00 UTC 2026`.
fn expiry(claim: Option<&Value>) -> Option<Timestamp> {
    let seconds = match claim? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => match text.parse() {
            Ok(seconds) => Some(seconds),
            Err(_) => return expiry_in_words(text),
        },
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    Timestamp::from_second(seconds?).ok()
}

fn expiry_in_words(text: &str) -> Option<Timestamp> {
    let time = DateTime::strptime("%a %b %d %H:%M:%S UTC %Y", text).ok()?;
    TimeZone::UTC.to_timestamp(time).ok()
}

/// The roles among the groups: `a`, `a,b`, `[a b]` or a list. Other groups mean nothing here.
fn roles(claim: Option<&Value>) -> BTreeSet<Role> {
    match claim {
        Some(Value::String(text)) => text
            .trim_start_matches('[')
            .trim_end_matches(']')
            .split([',', ' '])
            .filter_map(|name| Role::from_name(name.trim()))
            .collect(),
        Some(Value::Array(names)) => names
            .iter()
            .filter_map(|name| Role::from_name(name.as_str()?))
            .collect(),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_)) | None => {
            BTreeSet::new()
        }
    }
}
