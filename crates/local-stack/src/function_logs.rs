//! What a deployed function logged, as the emulator keeps it.

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
    let mut read_of_that_moment = 0;
    loop {
        let events = page(http, endpoint, function, since).await?;
        // A page begins with the lines of its first moment, once more and in the same order.
        let new = events.get(read_of_that_moment..).unwrap_or_default();
        let Some(last) = new.last() else {
            return Ok(lines);
        };
        lines.extend(new.iter().map(|event| event.message.clone()));
        since = last.timestamp;
        let of_that_moment = events.iter().filter(|event| event.timestamp == since);
        read_of_that_moment = of_that_moment.count();
    }
}

#[derive(Debug, Deserialize)]
struct Page {
    #[serde(default)]
    events: Vec<Event>,
}

#[derive(Debug, Deserialize)]
struct Event {
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
