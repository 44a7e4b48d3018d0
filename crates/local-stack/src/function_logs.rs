//! What a deployed function logged, as the emulator keeps it.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::http::Http;
use crate::product::{ENVIRONMENT, PROJECT};

/// Every line of a function's log group, oldest first.
pub async fn read(http: &Http, endpoint: &str, function: &str) -> Result<Vec<String>> {
    let group = format!("/aws/lambda/{PROJECT}-{ENVIRONMENT}-{function}");
    let headers = [
        ("content-type", "application/x-amz-json-1.1"),
        ("x-amz-target", "Logs_20140328.FilterLogEvents"),
    ];
    let mut lines = Vec::new();
    let mut request = json!({ "logGroupName": group });
    loop {
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
        let page: Value = serde_json::from_slice(&body).context("the emulator's answer")?;
        let events = page["events"].as_array().cloned().unwrap_or_default();
        lines.extend(
            events
                .iter()
                .filter_map(|event| event["message"].as_str())
                .map(str::to_owned),
        );
        let Some(token) = page["nextToken"].as_str() else {
            return Ok(lines);
        };
        request["nextToken"] = json!(token);
    }
}
