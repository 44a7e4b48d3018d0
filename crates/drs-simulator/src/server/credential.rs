//! Reads who calls from the credential scope of a signature. The signature itself is not checked.

use super::shared::{Shared, wall_clock};
use crate::call::Caller;
use crate::error::{ApiError, ErrorName};
use axum::http::HeaderMap;
use jiff::SignedDuration;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use std::sync::Arc;

/// The caller of a request that must be signed for this service.
pub(super) async fn caller(
    shared: &Arc<Shared>,
    headers: &HeaderMap,
    service: &str,
) -> Result<Caller, ApiError> {
    let authorization = headers
        .get("authorization")
        .ok_or_else(|| ApiError::plain(ErrorName::MissingAuthenticationToken))?;
    let scope = authorization
        .to_str()
        .ok()
        .and_then(Scope::read)
        .ok_or_else(|| ApiError::plain(ErrorName::IncompleteSignature))?;
    if scope.service != service {
        return Err(ApiError::new(
            ErrorName::InvalidSignature,
            format!("Credential should be scoped to correct service: '{service}'."),
        ));
    }
    let access_key = scope.access_key.to_owned();
    let account = shared
        .with_world(move |world| world.account_of_access_key(&access_key).to_owned())
        .await;
    Ok(Caller {
        account,
        region: scope.region.to_owned(),
        invocation_id: header(headers, "amz-sdk-invocation-id"),
        attempt: header(headers, "amz-sdk-request").and_then(|text| attempt(&text)),
        clock_ahead: header(headers, "x-amz-date").and_then(|text| clock_ahead(&text)),
    })
}

/// The service that a request is signed for.
pub(super) fn scoped_service(headers: &HeaderMap) -> Option<&str> {
    let authorization = headers.get("authorization")?.to_str().ok()?;
    Scope::read(authorization).map(|scope| scope.service)
}

struct Scope<'a> {
    access_key: &'a str,
    region: &'a str,
    service: &'a str,
}

impl<'a> Scope<'a> {
    /// `AWS4-HMAC-SHA256 Credential=KEY/20260101/us-west-2/drs/aws4_request, ...`
    fn read(authorization: &'a str) -> Option<Self> {
        let (_, after) = authorization.split_once("Credential=")?;
        let scope = after.split([',', ' ']).next()?;
        let mut parts = scope.split('/');
        let (access_key, _date) = (parts.next()?, parts.next()?);
        let (region, service) = (parts.next()?, parts.next()?);
        (parts.next() == Some("aws4_request")).then_some(Self {
            access_key,
            region,
            service,
        })
    }
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned)
}

/// How far the clock that wrote `20261123T020000Z` is ahead of ours.
fn clock_ahead(signed_at: &str) -> Option<SignedDuration> {
    let signed_at = DateTime::strptime("%Y%m%dT%H%M%SZ", signed_at).ok()?;
    let signed_at = signed_at.to_zoned(TimeZone::UTC).ok()?.timestamp();
    Some(signed_at.duration_since(wall_clock()))
}

/// The number in `attempt=2; max=3`.
fn attempt(text: &str) -> Option<u32> {
    text.split(';')
        .find_map(|part| part.trim().strip_prefix("attempt=")?.parse().ok())
}
