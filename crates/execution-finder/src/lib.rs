//! Every minute: executions that nothing drives are driven anew, what dead owners left is
//! undone, every account and Region with jobs gets a poller, and groups and plans are exported.

mod export;

use std::io::{self, Write};

use engine::Engine;
use engine::ports::{Notifier, Pollers};
use engine::stalled_executions::FinderRound;
use jiff::Timestamp;
use serde_json::json;
use tracing::info;

pub use export::{Export, export};

/// One round. What triggered it says nothing that is needed.
pub async fn handle(
    engine: &Engine,
    pollers: &dyn Pollers,
    notifier: &dyn Notifier,
) -> FinderRound {
    let found = engine.finder_round(pollers, notifier).await;
    info!(
        executions.live = found.live,
        executions.driven = found.driven,
        owners.rolled_back = found.rolled_back,
        pollers.invoked = found.pollers,
        failures = found.failures,
        "looked for executions that nothing drives"
    );
    found
}

/// Writes the metrics that the alarms on executions that do not advance, on rounds in which
/// something fails, and on exports that fail read: one line in the embedded metric format of
/// `CloudWatch`. What could not be known is left out, and is a failure of the round; without a
/// replica there is no export to speak of.
pub fn write_metrics(
    found: &FinderRound,
    export: Option<Export>,
    environment: &str,
    now: Timestamp,
    mut log: impl Write,
) -> io::Result<()> {
    let mut metrics = vec![json!({ "Name": "RoundFailures", "Unit": "Count" })];
    let neglected = found.seconds_since_advance;
    metrics.extend(neglected.map(|_| json!({ "Name": "SecondsSinceAdvance", "Unit": "Seconds" })));
    metrics.extend(export.map(|_| json!({ "Name": "ExportsFailed", "Unit": "Count" })));
    let mut line = json!({
        "_aws": {
            "Timestamp": now.as_millisecond(),
            "CloudWatchMetrics": [{
                "Namespace": "DrsOrchestration",
                "Dimensions": [["Environment"]],
                "Metrics": metrics,
            }],
        },
        "Environment": environment,
        "RoundFailures": found.failures,
    });
    if let Some(seconds) = neglected {
        line["SecondsSinceAdvance"] = seconds.into();
    }
    if let Some(export) = export {
        line["ExportsFailed"] = match export {
            Export::Current => 0.into(),
            Export::Failed => 1.into(),
        };
    }
    writeln!(log, "{line}")
}
