//! What the past says: ended executions counted, and each plan's last runs.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::{Service, get, post};

/// Cancels an execution before it has done anything, and drives it to its end.
async fn cancel(service: &Service, id: &str) {
    let call = post(&format!("/executions/{id}/cancel"), &json!({}));
    assert_eq!(service.send(&call).await.status, 200);
    service.drive(id).await;
}

async fn body(service: &Service, path: &str) -> Value {
    let reply = service.send(&get(path)).await;
    assert_eq!(reply.status, 200, "{path} {reply:?}");
    reply.body
}

#[tokio::test]
async fn a_service_without_a_past_says_so() {
    let service = Service::new();
    let executions = body(&service, "/statistics/executions").await;
    assert_eq!(executions["from"], "2026-08-25");
    assert_eq!(executions["days"], json!([]));
    assert_eq!(executions["failures"]["count"], 0);
    assert_eq!(executions["failures"]["last"], json!([]));
    let plans = body(&service, "/statistics/recovery-plans").await;
    assert_eq!(plans, json!({ "items": [] }));
}

#[tokio::test]
async fn executions_are_counted_by_day_and_kind_once_they_have_ended() {
    let service = Service::new();
    let plan = service.shop().await;
    for _ in 0..2 {
        let drill = service.drill(&plan).await;
        cancel(&service, &drill).await;
    }
    service.bench.clock.advance(SignedDuration::from_hours(24));
    let recovery = service.recovery(&plan).await;
    let running = body(&service, "/statistics/executions").await;
    assert_eq!(running["days"].as_array().map(Vec::len), Some(1));
    cancel(&service, &recovery).await;
    let ended = body(&service, "/statistics/executions").await;
    let day = |date: &str, kind: &str, cancelled: u32| {
        json!({
            "date": date, "kind": kind, "completed": 0, "partial": 0, "failed": 0,
            "cancelled": cancelled, "timedOut": 0,
        })
    };
    let expected = json!([
        day("2026-11-23", "DRILL", 2),
        day("2026-11-24", "RECOVERY", 1)
    ]);
    assert_eq!(ended["days"], expected);
    // What a person cancels is no failure.
    assert_eq!(ended["failures"]["count"], 0);
}

#[tokio::test]
async fn a_failure_is_shown_with_its_reason_for_thirty_days_and_counted_for_ninety() {
    let service = Service::new();
    let plan = service.shop().await;
    let drill = service.drill(&plan).await;
    service.drive(&drill).await;
    service.bench.clock.advance(SignedDuration::from_hours(5));
    service.drive(&drill).await;
    service.drive(&drill).await;
    let ended = service.execution(&drill).await;
    assert_eq!(ended["status"], "TIMED_OUT", "{ended}");
    let now = body(&service, "/statistics/executions").await;
    assert_eq!(now["failures"]["count"], 1);
    let shown = &now["failures"]["last"][0];
    assert_eq!(shown["executionId"], drill.as_str());
    assert_eq!(shown["recoveryPlanName"], "Shop");
    assert_eq!(shown["statusReason"], ended["statusReason"]);
    for (days, failures, counted) in [(31, 0, 1), (60, 0, 0)] {
        service
            .bench
            .clock
            .advance(SignedDuration::from_hours(24 * days));
        let later = body(&service, "/statistics/executions").await;
        assert_eq!(later["failures"]["count"], failures);
        assert_eq!(later["days"].as_array().map(Vec::len), Some(counted));
    }
}

#[tokio::test]
async fn the_last_drill_and_the_last_recovery_of_each_plan_are_known() {
    let service = Service::new();
    let plan = service.shop().await;
    let first = service.drill(&plan).await;
    service.drive(&first).await;
    service.finish_jobs(&first).await;
    service.finish_jobs(&first).await;
    let resume = post(&format!("/executions/{first}/resume"), &json!({}));
    assert_eq!(service.send(&resume).await.status, 200);
    service.drive(&first).await;
    service.finish_jobs(&first).await;
    service.bench.clock.advance(SignedDuration::from_secs(60));
    let recovery = service.recovery(&plan).await;
    cancel(&service, &recovery).await;
    let second = service.drill(&plan).await;
    cancel(&service, &second).await;
    let plans = body(&service, "/statistics/recovery-plans").await;
    let known = &plans["items"][0];
    assert_eq!(plans["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(known["recoveryPlanId"], plan.as_str());
    let run = |name: &str| {
        (
            known[name]["executionId"].clone(),
            known[name]["status"].clone(),
        )
    };
    assert_eq!(run("lastDrill"), (json!(second), json!("CANCELLED")));
    assert_eq!(
        run("lastCompletedDrill"),
        (json!(first), json!("COMPLETED"))
    );
    assert_eq!(run("lastRecovery"), (json!(recovery), json!("CANCELLED")));
}

#[tokio::test]
async fn what_is_active_is_listed_apart_from_what_has_ended() {
    let service = Service::new();
    let plan = service.shop().await;
    let over = service.drill(&plan).await;
    cancel(&service, &over).await;
    let running = service.drill(&plan).await;
    let ids = async |query: &str| {
        let list = body(&service, &format!("/executions{query}")).await;
        let items = list["items"].as_array().unwrap().clone();
        items
            .iter()
            .map(|item| item["executionId"].clone())
            .collect::<Vec<Value>>()
    };
    assert_eq!(ids("?activity=ACTIVE").await, [json!(running)]);
    assert_eq!(ids("?activity=ENDED").await, [json!(over)]);
    assert_eq!(
        ids("?activity=ACTIVE&kind=RECOVERY").await,
        Vec::<Value>::new()
    );
    let reply = service.send(&get("/executions?activity=RUNNING")).await;
    assert_eq!(reply.faults()[0].0, "activity");
}
