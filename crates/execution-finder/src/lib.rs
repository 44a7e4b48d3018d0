//! Every minute: executions that nothing drives are driven anew, what dead owners left is
//! undone, and every account and Region with jobs gets a poller.

use std::io::{self, Write};

use engine::Engine;
use engine::find::Found;
use engine::ports::{Notifier, Pollers};
use jiff::Timestamp;
use lambda_support::Failure;
use serde_json::json;
use tracing::info;

/// One round. What triggered it says nothing that is needed.
pub async fn handle(
    engine: &Engine,
    pollers: &dyn Pollers,
    notifier: &dyn Notifier,
) -> Result<Found, Failure> {
    let mut found = engine.find(pollers).await?;
    found.failures += engine.tell_due(notifier).await?;
    info!(
        executions.live = found.live,
        executions.driven = found.driven,
        owners.rolled_back = found.rolled_back,
        pollers.invoked = found.pollers,
        failures = found.failures,
        "looked for executions that nothing drives"
    );
    Ok(found)
}

/// Writes the metric that the alarm on executions that do not advance reads: one line in the
/// embedded metric format of `CloudWatch`.
pub fn write_metric(
    found: &Found,
    environment: &str,
    now: Timestamp,
    mut log: impl Write,
) -> io::Result<()> {
    let line = json!({
        "_aws": {
            "Timestamp": now.as_millisecond(),
            "CloudWatchMetrics": [{
                "Namespace": "DrsOrchestration",
                "Dimensions": [["Environment"]],
                "Metrics": [{ "Name": "SecondsSinceAdvance", "Unit": "Seconds" }],
            }],
        },
        "Environment": environment,
        "SecondsSinceAdvance": found.seconds_since_advance,
    });
    writeln!(log, "{line}")
}
