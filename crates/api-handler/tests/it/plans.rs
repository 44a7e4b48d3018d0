//! Recovery plans.

use insta::assert_json_snapshot;
use serde_json::json;

use crate::support::{Service, call, get, post};

#[tokio::test]
async fn a_plan_is_made_read_changed_and_deleted_in_one_representation() {
    let service = Service::new();
    let groups = service.three_groups().await;
    let body = json!({ "name": "Shop", "waves": [
        { "key": "db", "name": "Databases", "protectionGroupIds": [groups[0]], "dependsOn": [] },
        { "key": "app", "protectionGroupIds": [groups[1]], "pauseBefore": true },
        { "key": "web", "protectionGroupIds": [groups[2]], "dependsOn": ["db"],
          "need": { "type": "PERCENT", "percent": 50 }, "onFailure": "PAUSE",
          "timeLimitMinutes": 90 },
    ] });
    let created = service.send(&post("/recovery-plans", &body)).await;
    assert_json_snapshot!("plan_created", created.shown());
    let path = format!("/recovery-plans/{}", created.id("recoveryPlanId"));
    let read = service.send(&get(&path)).await;
    assert_eq!((read.status, &read.body), (200, &created.body));

    let body = json!({ "name": "Shop", "waves": [
        { "key": "db", "protectionGroupIds": [groups[0]], "need": { "type": "COUNT", "count": 1 } },
    ] });
    let updated = service
        .send(&call("PUT", &path).json(&body).header("If-Match", "\"1\""))
        .await;
    assert_json_snapshot!("plan_updated", updated.shown());
    let stale = service
        .send(&call("PUT", &path).json(&body).header("If-Match", "\"1\""))
        .await;
    assert_eq!((stale.status, stale.code()), (412, "STALE_VERSION"));
    assert_eq!(service.send(&call("DELETE", &path)).await.status, 204);
    assert_eq!(service.send(&get(&path)).await.status, 404);
}

#[tokio::test]
async fn every_kind_of_fault_of_a_plan_is_told_in_one_answer() {
    let service = Service::new();
    let groups = service.three_groups().await;
    let unknown = "ffffffff-0000-4000-8000-000000000000";
    let body = json!({ "name": " ", "description": "d".repeat(1_001), "waves": [
        { "key": "a", "protectionGroupIds": [groups[0]], "dependsOn": ["b", "nowhere"] },
        { "key": "b", "protectionGroupIds": [groups[0], unknown, "x"], "dependsOn": ["a"],
          "need": { "type": "COUNT", "count": 9 } },
        { "key": "a", "protectionGroupIds": [], "need": { "type": "PERCENT", "percent": 101 },
          "onFailure": "EXPLODE", "timeLimitMinutes": 0 },
        { "key": "UPPER", "protectionGroupIds": [groups[1]],
          "sourceServerIds": ["s-00000000000000001"], "need": { "type": "SOME" } },
        { "protectionGroupIds": [groups[2]], "need": { "type": "ALL", "count": 1 } },
        { "key": "f", "protectionGroupIds": [groups[2]], "need": { "type": "PERCENT" },
          "timeLimitMinutes": -5 },
    ] });
    let reply = service.send(&post("/recovery-plans", &body)).await;
    assert_json_snapshot!(reply.shown());
}

#[tokio::test]
async fn a_plan_with_an_active_execution_cannot_be_changed() {
    let service = Service::new();
    let plan = service.shop().await;
    service.drill(&plan).await;
    let path = format!("/recovery-plans/{plan}");
    let reply = service.send(&call("DELETE", &path)).await;
    assert_json_snapshot!(reply.shown());
}
