//! What the finder finds, exports, and writes as metrics.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot prepare its world has failed"
)]

mod export;

use domain::execution::notice::{Notice, NoticeKind};
use engine::drive::MachineTurn;
use engine::ports::execution_store::{OutboxEntry, StoredExecution};
use engine::ports::{Clock, ExecutionStore, GroupStore};
use engine::stalled_executions::FinderRound;
use execution_finder::{Export, handle, write_metrics};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use test_support::fakes::Bench;
use test_support::memory::{Faults, Rate};

/// One round of the finder.
async fn round(bench: &Bench) -> FinderRound {
    handle(
        &bench.engine,
        bench.machines.as_ref(),
        bench.notifier.as_ref(),
    )
    .await
}

#[tokio::test]
async fn with_nothing_to_do_nothing_is_done() {
    let bench = Bench::new();
    let nothing = FinderRound {
        seconds_since_advance: Some(0),
        ..FinderRound::default()
    };
    assert_eq!(round(&bench).await, nothing);
    assert!(bench.machines.polled().is_empty());
}

#[tokio::test]
async fn with_the_tables_out_of_reach_each_part_of_the_round_is_a_failure() {
    let bench = Bench::new();
    let unavailable = Rate(1_000);
    bench.store.inject(
        Faults {
            unavailable,
            ..Faults::default()
        },
        1,
    );
    let found = round(&bench).await;
    assert_eq!((found.failures, found.seconds_since_advance), (3, None));
    let line = metrics(&found, None);
    assert_eq!(line["RoundFailures"], 3);
    // Nobody knows how long an execution has been neglected, and no alarm is told that none was.
    assert_eq!(line["SecondsSinceAdvance"], Value::Null);
}

#[tokio::test]
async fn a_deletion_that_cannot_be_finished_keeps_nothing_else_from_being_done() {
    let bench = Bench::new();
    let execution = bench.start_drill().await.unwrap();
    let stuck = bench.make_group("Stuck", 2).await.unwrap();
    let id = &execution.execution.head.id;
    let turn = MachineTurn {
        start: 1,
        earlier: 0,
    };
    bench.engine.drive(id, turn).await.unwrap();
    let now = bench.clock.now();
    let over = now - SignedDuration::from_secs(1);
    bench.store.mark_group_deleting(&stuck, over).await.unwrap();
    bench.store.put_outbox(&due(&execution, now)).await.unwrap();
    let denied = Faults {
        plans_of_group_denied: Rate(1_000),
        ..Faults::default()
    };
    bench.store.inject(denied, 1);
    bench.clock.advance(SignedDuration::from_hours(1));
    let found = round(&bench).await;
    assert_eq!((found.failures, found.driven, found.pollers), (1, 1, 1));
    assert_eq!(bench.notifier.sent().len(), 1);
    assert!(found.seconds_since_advance.unwrap() > 0);
    bench.store.inject(Faults::default(), 1);
    let found = round(&bench).await;
    assert_eq!((found.failures, found.rolled_back), (0, 1));
}

/// Something of an execution that nobody has been told yet.
fn due(stored: &StoredExecution, now: Timestamp) -> OutboxEntry {
    let head = &stored.execution.head;
    OutboxEntry {
        execution: head.id.clone(),
        number: 1,
        plan: head.plan.id.clone(),
        plan_name: head.plan.name.clone(),
        kind: head.kind,
        wave_key: None,
        notice: Notice {
            kind: NoticeKind::HoldWaits,
            wave: None,
            text: "it waits for a person".into(),
        },
        at: now,
        due_at: now,
        attempts: 0,
        error: None,
        sent_at: None,
    }
}

/// The line of metrics of a round, which the alarms read.
fn metrics(found: &FinderRound, export: Option<Export>) -> Value {
    let now = Bench::new().clock.now();
    let mut log = Vec::new();
    write_metrics(found, export, "drs-orchestration-test", now, &mut log).unwrap();
    let text = String::from_utf8(log).unwrap();
    assert_eq!(text.lines().count(), 1);
    serde_json::from_str(&text).unwrap()
}

#[test]
fn the_metrics_are_one_line_that_the_alarms_can_read() {
    let found = FinderRound {
        seconds_since_advance: Some(615),
        failures: 2,
        ..FinderRound::default()
    };
    let line = metrics(&found, Some(Export::Failed));
    assert_eq!(line["SecondsSinceAdvance"], 615);
    assert_eq!(line["RoundFailures"], 2);
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
    let line = metrics(&FinderRound::default(), None);
    assert!(!line.to_string().contains("ExportsFailed"), "{line}");
}
