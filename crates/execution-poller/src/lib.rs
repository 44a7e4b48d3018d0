//! The eyes of all executions with jobs in one account and Region: woken by the finder every
//! minute, and by DRS whenever it says that a launch has ended.

use domain::{AccountId, Place, Region};
use engine::Engine;
use engine::poll::Polled;
use jiff::SignedDuration;
use lambda_support::Failure;
use serde::Deserialize;
use serde_json::Value;
use tracing::info;

/// Where to look. The finder says `accountId`; an event of `EventBridge` says `account`, and
/// more, none of which is needed: an event is a hint to look, and looking is the truth.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Hint {
    #[serde(alias = "account", rename = "accountId")]
    account: AccountId,
    region: Region,
}

/// Looks for as long as there are jobs in flight, within `window`. `holder` tells this
/// invocation from every other.
pub async fn handle(
    event: Value,
    holder: &str,
    window: SignedDuration,
    engine: &Engine,
) -> Result<Polled, Failure> {
    let hint: Hint = serde_json::from_value(event)
        .map_err(|error| Failure::fatal(format!("the event names no place: {error}")))?;
    let place = Place {
        account: hint.account,
        region: hint.region,
    };
    let polled = engine.poll(&place, holder, window).await?;
    info!(
        drs.account = %place.account,
        drs.region = %place.region,
        drs.looks = polled.looks,
        executions.changed = polled.changed,
        failures = polled.failures,
        "looked at the jobs in {place}"
    );
    Ok(polled)
}
