//! What a deployed function logged, as the emulator keeps it.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::json;

use crate::http::Http;
use crate::product::{ENVIRONMENT, PROJECT};

/// Every line of a function's log group, oldest first.
pub async fn read(http: &Http, endpoint: &str, function: &str) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    // The emulator answers the oldest lines up to its limit, and names no next page.
    let mut since = 0;
    let mut known = BTreeSet::new();
    loop {
        let events = page(http, endpoint, function, since).await?;
        let unknown: Vec<&Event> = events
            .iter()
            .filter(|event| !known.contains(&event.event_id))
            .collect();
        let Some(last) = unknown.last() else {
            return Ok(lines);
        };
        lines.extend(unknown.iter().map(|event| event.message.clone()));
        since = last.timestamp;
        // The next page begins with the lines of the same moment, once more.
        known = events
            .iter()
            .filter(|event| event.timestamp == since)
            .map(|event| event.event_id.clone())
            .collect();
    }
}

#[derive(Debug, Deserialize)]
struct Page {
    #[serde(default)]
    events: Vec<Event>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    event_id: String,
    timestamp: i64,
    message: String,
}

async fn page(http: &Http, endpoint: &str, function: &str, since: i64) -> Result<Vec<Event>> {
    let headers = [
        ("content-type", "application/x-amz-json-1.1"),
        ("x-amz-target", "Logs_20140328.FilterLogEvents"),
    ];
    let group = format!("/aws/lambda/{PROJECT}-{ENVIRONMENT}-{function}");
    let request = json!({ "logGroupName": group, "startTime": since });
    let (status, body) = http
        .post_json(endpoint, &headers, &request)
        .await
        .context("the emulator's logs cannot be read")?;
    if !status.is_success() {
        bail!(
            "the emulator has no log of {function}: {}",
            String::from_utf8_lossy(&body)
        );
    }
    let page: Page = serde_json::from_slice(&body).context("the emulator's answer")?;
    Ok(page.events)
}
