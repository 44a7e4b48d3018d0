//! What the state machine asks and is answered.

use domain::ExecutionId;
use domain::execution::notice::NoticeKind;
use engine::ports::Clock;
use jiff::SignedDuration;
use lambda_support::FailureKind;
use orchestration::handle;
use serde_json::{Value, json};
use test_support::fakes::{Bench, Refusing};
use test_support::memory::{Faults, Rate};

async fn with_drill() -> (Bench, ExecutionId) {
    let bench = Bench::new();
    let stored = bench.start_drill().await.expect("a drill");
    (bench, stored.execution.head.id.clone())
}

fn advance(id: &ExecutionId, start: u32) -> Value {
    json!({ "action": "ADVANCE", "executionId": id, "start": start })
}

fn park(id: &ExecutionId, version: u64) -> Value {
    json!({ "action": "PARK", "park": "BRIEF", "executionId": id, "start": 1,
        "version": version, "taskToken": "token-1" })
}

async fn answer(bench: &Bench, event: Value) -> Value {
    let answer = handle(event, &bench.engine, bench.notifier.as_ref())
        .await
        .expect("an answer");
    serde_json::to_value(answer).expect("an answer is JSON")
}

#[tokio::test]
async fn a_turn_starts_the_first_wave_and_says_to_wait() {
    let (bench, id) = with_drill().await;
    let answer = answer(&bench, advance(&id, 1)).await;
    assert_eq!(answer["next"], "WAIT");
    let version = bench.engine.execution(&id).await.unwrap().version;
    assert_eq!(answer["version"], version);
    assert_eq!(bench.drs.job_ids().len(), 1);
}

#[tokio::test]
async fn a_machine_that_was_superseded_is_told_to_end() {
    let (bench, id) = with_drill().await;
    assert_eq!(bench.machines.started(), [(id.clone(), 1)]);
    let answer = answer(&bench, advance(&id, 0)).await;
    assert_eq!(answer["next"], "ENDED");
    assert!(bench.drs.job_ids().is_empty());
}

#[tokio::test]
async fn a_machine_whose_history_would_soon_be_full_hands_over_to_a_fresh_one() {
    let (bench, id) = with_drill().await;
    let mut turn = advance(&id, 1);
    turn["turns"] = json!(999);
    let ordinary = answer(&bench, turn.clone()).await;
    assert_eq!(
        (&ordinary["next"], &ordinary["turns"]),
        (&json!("WAIT"), &json!(1000))
    );
    turn["turns"] = ordinary["turns"].clone();
    assert_eq!(answer(&bench, turn.clone()).await["next"], "CONTINUE");
    assert_eq!(bench.machines.started(), [(id.clone(), 1), (id.clone(), 2)]);
    assert_eq!(answer(&bench, turn).await["next"], "ENDED");
    assert_eq!(answer(&bench, advance(&id, 2)).await["next"], "WAIT");
}

#[tokio::test]
async fn a_machine_whose_successor_does_not_start_leaves_the_execution_to_the_finder() {
    let (bench, id) = with_drill().await;
    let mut turn = advance(&id, 1);
    turn["turns"] = json!(1000);
    bench.machines.refuse();
    assert_eq!(answer(&bench, turn).await["next"], "CONTINUE");
    let stored = bench.engine.execution(&id).await.unwrap();
    assert!(stored.driven_until <= bench.clock.now());
}

#[tokio::test]
async fn a_paused_drill_is_held_for_a_person() {
    let (bench, id) = with_drill().await;
    let pause = domain::execution::Command::Pause;
    bench.engine.command(&id, "tester", pause).await.unwrap();
    assert_eq!(answer(&bench, advance(&id, 1)).await["next"], "HOLD");
}

#[tokio::test]
async fn a_parked_machine_waits_under_its_token_until_there_is_news() {
    let (bench, id) = with_drill().await;
    let version = answer(&bench, advance(&id, 1)).await["version"]
        .as_u64()
        .unwrap();
    assert_eq!(answer(&bench, park(&id, version)).await, Value::Null);
    assert!(bench.machines.woken().is_empty());
    let cancel = domain::execution::Command::Cancel {
        reason: None,
        give_up_on: Vec::new(),
    };
    bench.engine.command(&id, "tester", cancel).await.unwrap();
    assert_eq!(bench.machines.woken(), ["token-1"]);
}

/// A drill whose machine waits for a person, and its version.
async fn held() -> (Bench, ExecutionId, u64) {
    let (bench, id) = with_drill().await;
    let pause = domain::execution::Command::Pause;
    bench
        .engine
        .command(&id, "tester", pause)
        .await
        .expect("it is done");
    let held = answer(&bench, advance(&id, 1)).await;
    assert_eq!(held["next"], "HOLD");
    let version = held["version"].as_u64().expect("a version");
    (bench, id, version)
}

async fn resumed_and_not_driven(bench: &Bench, id: &ExecutionId) {
    let resume = domain::execution::Command::Resume {
        holds: Vec::new(),
        comment: None,
    };
    bench
        .engine
        .command(id, "tester", resume)
        .await
        .expect("it is done");
    let stored = bench.engine.execution(id).await.expect("it is done");
    let waits = stored.driven_until.duration_since(bench.clock.now());
    assert!((1..=120).contains(&waits.as_secs()), "{waits:?}");
    bench.clock.advance(waits * 2);
    let found = bench
        .engine
        .finder_round(bench.machines.as_ref(), bench.notifier.as_ref())
        .await;
    assert_eq!(found.driven, 1);
    assert_eq!(bench.machines.started().last(), Some(&(id.clone(), 2)));
}

#[tokio::test]
async fn a_machine_that_was_woken_and_does_not_drive_is_replaced_within_minutes() {
    let (bench, id, version) = held().await;
    let mut long = park(&id, version);
    long["park"] = json!("LONG");
    assert_eq!(answer(&bench, long).await, Value::Null);
    resumed_and_not_driven(&bench, &id).await;
    assert_eq!(bench.machines.woken(), ["token-1"]);
}

#[tokio::test]
async fn a_machine_that_waits_without_a_token_is_replaced_within_minutes_of_news() {
    let (bench, id, _) = held().await;
    resumed_and_not_driven(&bench, &id).await;
    assert!(bench.machines.woken().is_empty());
}

#[tokio::test]
async fn news_that_came_before_the_token_sends_the_machine_on_at_once() {
    let (bench, id) = with_drill().await;
    let version = answer(&bench, advance(&id, 1)).await["version"]
        .as_u64()
        .unwrap();
    assert_eq!(answer(&bench, park(&id, version - 1)).await, Value::Null);
    assert_eq!(bench.machines.woken(), ["token-1"]);
}

#[tokio::test]
async fn parking_fails_only_so_that_the_machine_parks_again() {
    let (bench, id) = with_drill().await;
    let nobody: ExecutionId = "ffffffff-0000-4000-8000-000000000000".parse().unwrap();
    assert_eq!(answer(&bench, park(&nobody, 1)).await, Value::Null);
    let unavailable = Faults {
        unavailable: Rate(1_000),
        ..Faults::default()
    };
    bench.store.inject(unavailable, 1);
    let failure = handle(park(&id, 1), &bench.engine, bench.notifier.as_ref())
        .await
        .unwrap_err();
    assert_eq!(failure.kind, FailureKind::Retryable);
}

#[tokio::test]
async fn a_table_out_of_reach_is_retryable_and_a_missing_execution_fatal() {
    let (bench, id) = with_drill().await;
    let nobody: ExecutionId = "ffffffff-0000-4000-8000-000000000000".parse().unwrap();
    let failure = handle(advance(&nobody, 1), &bench.engine, bench.notifier.as_ref())
        .await
        .unwrap_err();
    assert_eq!(failure.kind, FailureKind::Fatal);
    let unavailable = Faults {
        unavailable: Rate(1_000),
        ..Faults::default()
    };
    bench.store.inject(unavailable, 1);
    let failure = handle(advance(&id, 1), &bench.engine, bench.notifier.as_ref())
        .await
        .unwrap_err();
    assert_eq!(failure.kind, FailureKind::Retryable);
}

#[tokio::test]
async fn an_event_that_is_no_question_is_fatal() {
    let bench = Bench::new();
    for event in [
        Value::Null,
        json!({}),
        json!({ "action": "DANCE" }),
        json!({ "action": "ADVANCE", "executionId": "1", "start": 1 }),
        json!({ "action": "ADVANCE", "executionId": "ffffffff-0000-4000-8000-000000000000" }),
    ] {
        let failure = handle(event.clone(), &bench.engine, bench.notifier.as_ref())
            .await
            .unwrap_err();
        assert_eq!(failure.kind, FailureKind::Fatal, "{event}");
    }
}

#[tokio::test]
async fn every_payload_of_the_state_machine_is_a_question() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path.join("../../cfn/state-machine.asl.json")).unwrap();
    let machine: Value = serde_json::from_str(&text).unwrap();
    let mut asked = 0;
    for state in machine["States"].as_object().unwrap().values() {
        let Some(payload) = state["Parameters"]["Payload"].as_object() else {
            continue;
        };
        let filled: serde_json::Map<String, Value> = payload
            .iter()
            .map(|(name, value)| match name.strip_suffix(".$") {
                Some("executionId") => (
                    "executionId".to_owned(),
                    json!("ffffffff-0000-4000-8000-000000000000"),
                ),
                Some("taskToken") => ("taskToken".to_owned(), json!("token")),
                Some(name) => (name.to_owned(), json!(1)),
                None => (name.clone(), value.clone()),
            })
            .collect();
        let question = serde_json::from_value::<orchestration::Question>(Value::Object(filled));
        assert!(question.is_ok(), "{payload:?} {question:?}");
        asked += 1;
    }
    assert_eq!(asked, 3);
}

#[tokio::test]
async fn what_a_turn_makes_worth_telling_is_sent_once_with_it() {
    let (bench, id) = with_drill().await;
    let cancel = domain::execution::Command::Cancel {
        reason: Some("enough".to_owned()),
        give_up_on: Vec::new(),
    };
    bench.engine.command(&id, "tester", cancel).await.unwrap();
    answer(&bench, advance(&id, 1)).await;
    answer(&bench, advance(&id, 1)).await;
    let kinds: Vec<NoticeKind> = bench
        .notifier
        .sent()
        .iter()
        .map(|entry| entry.notice.kind)
        .collect();
    assert_eq!(kinds, [NoticeKind::ExecutionEnded]);
}

#[tokio::test]
async fn a_bus_that_does_not_answer_is_in_nobodys_way_and_is_shown() {
    let (bench, id) = with_drill().await;
    bench.notifier.set_refusing(Refusing::Yes);
    let pause = domain::execution::Command::Pause;
    bench.engine.command(&id, "tester", pause).await.unwrap();
    assert_eq!(answer(&bench, advance(&id, 1)).await["next"], "HOLD");
    let unsent = bench.engine.unsent(&id).await.unwrap();
    assert_eq!(unsent.len(), 1);
    assert!(
        unsent[0]
            .error
            .as_deref()
            .unwrap()
            .contains("does not answer")
    );
    bench.notifier.set_refusing(Refusing::No);
    bench.clock.advance(SignedDuration::from_secs(60));
    assert_eq!(
        bench
            .engine
            .send_due_notifications(bench.notifier.as_ref())
            .await,
        0
    );
    assert_eq!(bench.engine.unsent(&id).await.unwrap(), []);
    assert_eq!(bench.notifier.sent().len(), 1);
    assert_eq!(
        bench
            .engine
            .send_due_notifications(bench.notifier.as_ref())
            .await,
        0
    );
    assert_eq!(bench.notifier.sent().len(), 1, "once");
}
