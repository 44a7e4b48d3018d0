//! Where the poller looks, and what it makes of events.

use domain::ExecutionId;
use domain::execution::ServerState;
use engine::drive::MachineTurn;
use execution_poller::handle;
use jiff::SignedDuration;
use lambda_support::FailureKind;
use serde_json::{Value, json};
use test_support::fakes::{ACCOUNT, Bench, REGION};

const WINDOW: SignedDuration = SignedDuration::from_secs(5);

/// A drill with one job in flight.
async fn launching() -> (Bench, ExecutionId) {
    let bench = Bench::new();
    let stored = bench.start_drill().await.expect("a drill");
    let id = stored.execution.head.id.clone();
    bench
        .engine
        .drive(
            &id,
            MachineTurn {
                start: 1,
                earlier: 0,
            },
        )
        .await
        .expect("a turn");
    (bench, id)
}

fn from_finder() -> Value {
    json!({ "accountId": ACCOUNT, "region": REGION })
}

fn from_drs() -> Value {
    json!({
        "version": "0", "id": "e-1", "source": "aws.drs", "account": ACCOUNT, "region": REGION,
        "detail-type": "DRS Source Server Launch Result", "time": "2026-11-23T09:00:00Z",
        "resources": [], "detail": { "state": "RECOVERY_LAUNCH_SUCCEEDED", "job-id": "drsjob-1" },
    })
}

#[tokio::test]
async fn the_finder_and_drs_both_say_where_to_look() {
    for event in [from_finder(), from_drs()] {
        let (bench, id) = launching().await;
        bench.drs.finish_jobs();
        let polled = handle(event, "invocation-1", WINDOW, &bench.engine)
            .await
            .unwrap();
        assert_eq!((polled.looks, polled.changed, polled.failures), (1, 1, 0));
        let stored = bench.engine.execution(&id).await.unwrap();
        let instances = stored
            .execution
            .servers()
            .filter(|server| server.instance.is_some());
        assert_eq!(instances.count(), 1);
    }
}

#[tokio::test]
async fn what_a_job_that_is_no_longer_shown_has_launched_is_known_by_its_instances() {
    let (bench, id) = launching().await;
    bench.drs.finish_jobs();
    bench.drs.forget_jobs();
    handle(from_finder(), "invocation-1", WINDOW, &bench.engine)
        .await
        .unwrap();
    let stored = bench.engine.execution(&id).await.unwrap();
    let server = stored.execution.servers().next().unwrap();
    assert_eq!(server.state, ServerState::Launched);
    assert!(server.instance.is_some());
    assert!(server.warnings[0].contains("no longer shows"), "{server:?}");
}

#[tokio::test]
async fn without_jobs_in_flight_drs_is_not_asked() {
    let bench = Bench::new();
    let polled = handle(from_finder(), "invocation-1", WINDOW, &bench.engine)
        .await
        .unwrap();
    assert_eq!(polled.looks, 0);
}

#[tokio::test]
async fn two_pollers_of_one_place_do_not_both_look() {
    let (bench, _) = launching().await;
    let now = engine::ports::Clock::now(bench.clock.as_ref());
    let until = now + SignedDuration::from_secs(60);
    let place = test_support::fakes::place();
    let store = bench.store.as_ref();
    engine::ports::ExecutionStore::take_lease(store, &place, "another", now, until)
        .await
        .unwrap();
    let polled = handle(from_drs(), "invocation-2", WINDOW, &bench.engine)
        .await
        .unwrap();
    assert_eq!(polled.looks, 0);
}

#[tokio::test]
async fn an_event_that_names_no_place_is_fatal() {
    let bench = Bench::new();
    for event in [
        Value::Null,
        json!({}),
        json!({ "accountId": ACCOUNT }),
        json!({ "accountId": "1", "region": REGION }),
        json!({ "accountId": ACCOUNT, "region": "everywhere" }),
    ] {
        let failure = handle(event.clone(), "invocation-1", WINDOW, &bench.engine)
            .await
            .unwrap_err();
        assert_eq!(failure.kind, FailureKind::Fatal, "{event}");
    }
}

#[tokio::test]
async fn the_log_of_a_job_that_is_over_is_asked_for_once_however_often_the_job_is_looked_at() {
    let (bench, id) = launching().await;
    bench.drs.end_jobs_without_results();
    let before = bench.drs.log_reads();
    let mut looks = 0;
    for invocation in ["invocation-1", "invocation-2", "invocation-3"] {
        let window = SignedDuration::from_secs(20);
        let polled = handle(from_finder(), invocation, window, &bench.engine);
        looks += polled.await.unwrap().looks;
    }
    assert!(looks > 3, "{looks}");
    assert_eq!(bench.drs.log_reads() - before, 1);
    let stored = bench.engine.execution(&id).await.unwrap();
    let server = stored.execution.servers().next().unwrap();
    assert_eq!(server.state, ServerState::Unknown);
}
