//! Recoveries that carry on with others, as those others show it.

use serde_json::{Value, json};

use crate::support::{Call, Reply, Service, get, post};

/// A recovery of `Shop` that ended too early, with its plan.
async fn cancelled_recovery(service: &Service) -> (String, String) {
    let plan = service.shop().await;
    let recovery = service.recovery(&plan).await;
    cancel(service, &recovery).await;
    (plan, recovery)
}

async fn cancel(service: &Service, id: &str) {
    let call = post(&format!("/executions/{id}/cancel"), &json!({}));
    assert_eq!(service.send(&call).await.status, 200);
    service.drive(id).await;
}

fn continuation(plan: &str, earlier: &str) -> Call {
    let confirm =
        json!({ "recoveryPlanName": "Shop", "serverCount": 6, "reason": "the site is down" });
    let body = json!({
        "recoveryPlanId": plan, "kind": "RECOVERY", "confirm": confirm, "continueFrom": earlier,
    });
    post("/executions", &body)
}

async fn going_on(service: &Service, id: &str) -> Value {
    service.execution(id).await["continuation"].clone()
}

fn tag(reply: &Reply) -> String {
    let tag = reply.headers["etag"].to_str();
    tag.expect("a readable tag").to_owned()
}

#[tokio::test]
async fn a_recovery_is_continued_once_it_has_ended_and_a_drill_never_is() {
    let service = Service::new();
    let plan = service.shop().await;
    let drill = service.drill(&plan).await;
    cancel(&service, &drill).await;
    let refused = going_on(&service, &drill).await;
    assert_eq!(refused["allowed"], false);
    assert!(
        refused["reason"]
            .as_str()
            .unwrap()
            .contains("this is a drill"),
        "{refused}"
    );
    let recovery = service.recovery(&plan).await;
    assert_eq!(going_on(&service, &recovery).await["allowed"], false);
    cancel(&service, &recovery).await;
    assert_eq!(
        going_on(&service, &recovery).await,
        json!({ "allowed": true })
    );
}

#[tokio::test]
async fn who_may_not_run_recoveries_is_told_so() {
    let service = Service::new();
    let (_, recovery) = cancelled_recovery(&service).await;
    let read = get(&format!("/executions/{recovery}")).groups("drill-operator");
    let seen = service.send(&read).await.body;
    let refused = &seen["continuation"];
    assert_eq!(
        refused["reason"],
        "You need the permission `run-recoveries`."
    );
}

#[tokio::test]
async fn a_continued_recovery_names_the_one_that_continues_it_and_is_not_continued_again() {
    let service = Service::new();
    let (plan, first) = cancelled_recovery(&service).await;
    let read = get(&format!("/executions/{first}"));
    let before = service.send(&read).await;
    assert_eq!(before.body["continuedBy"], Value::Null);
    let second = service
        .send(&continuation(&plan, &first))
        .await
        .id("executionId");
    let after = service.send(&read).await;
    assert_eq!(after.body["continuedBy"], second.as_str());
    assert_ne!(tag(&before), tag(&after));
    let known = service
        .send(&read.header("If-None-Match", &tag(&after)))
        .await;
    assert_eq!(known.status, 304);
    let shown = &after.body["continuation"];
    assert_eq!(shown["allowed"], false);
    cancel(&service, &second).await;
    let refused = service.send(&continuation(&plan, &first)).await;
    assert_eq!((refused.status, refused.code()), (409, "NOT_ALLOWED_NOW"));
    assert_eq!(refused.body["detail"], shown["reason"]);
    let third = service.send(&continuation(&plan, &second)).await;
    assert_eq!(third.status, 202, "{third:?}");
}
