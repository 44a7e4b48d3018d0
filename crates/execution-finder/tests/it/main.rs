//! What the finder finds, exports, and writes as metrics.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot prepare its world has failed"
)]

mod export;

use engine::find::Found;
use engine::memory::{Faults, Rate};
use engine::ports::Clock;
use execution_finder::{Export, handle, write_metrics};
use lambda_support::FailureKind;
use lambda_support::fakes::Bench;
use serde_json::{Value, json};

#[tokio::test]
async fn with_nothing_to_do_nothing_is_done() {
    let bench = Bench::new();
    let found = handle(
        &bench.engine,
        bench.machines.as_ref(),
        bench.notifier.as_ref(),
    )
    .await
    .unwrap();
    assert_eq!(found, Found::default());
    assert!(bench.machines.polled().is_empty());
}

#[tokio::test]
async fn a_table_out_of_reach_is_retryable() {
    let bench = Bench::new();
    bench.store.inject(
        Faults {
            unavailable: Rate(1_000),
            ..Faults::default()
        },
        1,
    );
    let failure = handle(
        &bench.engine,
        bench.machines.as_ref(),
        bench.notifier.as_ref(),
    )
    .await
    .unwrap_err();
    assert_eq!(failure.kind, FailureKind::Retryable);
}

#[test]
fn the_metrics_are_one_line_that_the_alarms_can_read() {
    let found = Found {
        seconds_since_advance: 615,
        ..Found::default()
    };
    let now = Bench::new().clock.now();
    let mut log = Vec::new();
    let export = Some(Export::Failed);
    write_metrics(&found, export, "drs-orchestration-test", now, &mut log).unwrap();
    let text = String::from_utf8(log).unwrap();
    assert_eq!(text.lines().count(), 1);
    let line: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(line["SecondsSinceAdvance"], 615);
    assert_eq!(line["ExportsFailed"], 1);
    assert_eq!(line["Environment"], "drs-orchestration-test");
    assert_eq!(line["_aws"]["Timestamp"], 1_795_424_400_000_i64);
    let metric = &line["_aws"]["CloudWatchMetrics"][0];
    assert_eq!(metric["Dimensions"], json!([["Environment"]]));
    let template = concat!(env!("CARGO_MANIFEST_DIR"), "/../../cfn/security-stack.yaml");
    let template = std::fs::read_to_string(template).unwrap();
    for named in metric["Metrics"].as_array().unwrap() {
        let name = named["Name"].as_str().unwrap();
        assert!(line[name].is_number(), "{name}");
        assert!(template.contains(&format!("MetricName: {name}")));
    }
    assert!(template.contains(&format!(
        "Namespace: {}",
        metric["Namespace"].as_str().unwrap()
    )));
}

#[test]
fn without_a_replica_nothing_is_said_of_exports() {
    let now = Bench::new().clock.now();
    let mut log = Vec::new();
    write_metrics(&Found::default(), None, "test", now, &mut log).unwrap();
    assert!(!String::from_utf8(log).unwrap().contains("ExportsFailed"));
}
