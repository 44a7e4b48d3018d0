//! Entity tags: a version in quotes. `CloudFront` makes one weak when it compresses an answer,
//! so a weak one counts as what it was.

use std::collections::BTreeSet;

use axum::http::{HeaderMap, header};
use domain::access::Permission;
use domain::{Fault, FaultCode};
use sha2::{Digest, Sha256};

use crate::problem::Problem;

/// What `If-Match` may be, as a regular expression (ECMA-262): one tag at most, since commas part
/// tags.
pub(crate) const ONE_PATTERN: &str = r"^[ \t,]*[^,]*[ \t,]*$";

/// What no resource ever has as its version: they count from 1.
const NO_VERSION: u64 = 0;

/// The entity tag of a version.
pub(crate) fn of_version(version: u64) -> String {
    format!("\"{version}\"")
}

/// A few digits that differ where permissions do. What a caller may do is no secret to them, so
/// the digits only have to be short.
pub(crate) fn of_permissions(permissions: &BTreeSet<Permission>) -> String {
    let mut hasher = Sha256::new();
    for permission in permissions {
        hasher.update(permission.name());
        hasher.update(",");
    }
    hex::encode(&hasher.finalize()[..4])
}

/// The version that `If-Match` asks for; nothing where it is left out, or asks for any.
pub(crate) fn wanted_version(headers: &HeaderMap) -> Result<Option<u64>, Problem> {
    let tags = tags(headers, &header::IF_MATCH);
    match tags.as_slice() {
        [] => Ok(None),
        [only] if only == "*" => Ok(None),
        // A tag that is none of ours stands for no version there is.
        [only] => Ok(Some(unquoted(only).parse().unwrap_or(NO_VERSION))),
        _ => {
            let message = "it names one version, or `*`";
            let fault = Fault::new("If-Match", FaultCode::InvalidFormat, message);
            Err(Problem::invalid("INVALID_REQUEST", &[fault]))
        }
    }
}

/// Whether `If-None-Match` names this tag: the client has it already.
pub(crate) fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    tags(headers, &header::IF_NONE_MATCH)
        .iter()
        .any(|known| known == "*" || unquoted(known) == unquoted(tag))
}

fn tags(headers: &HeaderMap, name: &header::HeaderName) -> Vec<String> {
    headers
        .get_all(name)
        .iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        .flat_map(|value| {
            value
                .split(',')
                .map(|tag| tag.trim().to_owned())
                .filter(|tag| !tag.is_empty())
                .collect::<Vec<_>>()
        })
        .collect()
}

fn unquoted(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"')
}
