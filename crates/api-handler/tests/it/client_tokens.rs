//! Client tokens: the same call twice is one call.

use serde_json::json;
use test_support::fakes::server_id;

use crate::support::{Service, claims, get, group, post};

#[tokio::test]
async fn a_repeated_start_is_the_same_start() {
    let service = Service::new();
    let plan = service.shop().await;
    let body = json!({ "recoveryPlanId": plan, "kind": "DRILL", "clientToken": "once" });
    let first = service.send(&post("/executions", &body)).await;
    for _ in 0..9 {
        let again = service.send(&post("/executions", &body)).await;
        assert_eq!((again.status, &again.body), (202, &first.body));
    }
    let listed = service.send(&get("/executions")).await;
    assert_eq!(listed.body["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_order_of_members_and_white_space_make_no_other_body() {
    let service = Service::new();
    let plan = service.shop().await;
    let one = format!(r#"{{"recoveryPlanId":"{plan}","kind":"DRILL","clientToken":"once"}}"#);
    let other =
        format!(r#"{{ "clientToken": "once", "kind": "DRILL", "recoveryPlanId": "{plan}" }}"#);
    let start = |text: &str| post("/executions", &json!({})).text(text);
    let first = service.send(&start(&one)).await;
    assert_eq!(service.send(&start(&other)).await.body, first.body);
}

#[tokio::test]
async fn the_same_token_with_another_body_is_refused() {
    let service = Service::new();
    service.bench.drs.add_server(1);
    service.bench.drs.add_server(2);
    let mut body = group("Databases", &[server_id(1).to_string()]);
    body["clientToken"] = json!("once");
    let first = service.send(&post("/protection-groups", &body)).await;
    assert_eq!(first.status, 201);
    let again = service.send(&post("/protection-groups", &body)).await;
    assert_eq!((again.status, &again.body), (201, &first.body));
    assert_eq!(again.headers["etag"], "\"1\"");
    body["name"] = json!("Others");
    let reused = service.send(&post("/protection-groups", &body)).await;
    assert_eq!((reused.status, reused.code()), (409, "CLIENT_TOKEN_REUSED"));
}

#[tokio::test]
async fn tokens_of_others_and_of_other_operations_are_other_tokens() {
    let service = Service::new();
    let plan = service.shop().await;
    let id = service.drill(&plan).await;
    service.drive(&id).await;
    let body = json!({ "clientToken": "once" });
    let pause = post(&format!("/executions/{id}/pause"), &body);
    assert_eq!(service.send(&pause).await.status, 200);
    let resume = post(&format!("/executions/{id}/resume"), &body);
    assert_eq!(service.send(&resume).await.status, 200);
    let mut other = claims("drill-operator");
    other["sub"] = json!("somebody-else");
    let repeated = service.send(&pause).await;
    assert_eq!(
        repeated.body["status"], "PAUSING",
        "the first answer, not a second pause"
    );
    assert_eq!(service.execution(&id).await["status"], "RUNNING");
    assert_eq!(service.send(&pause.claims(Some(other))).await.status, 200);
    assert_eq!(service.execution(&id).await["status"], "PAUSING");
}

#[tokio::test]
async fn a_refused_call_gives_its_token_back() {
    let service = Service::new();
    let plan = service.shop().await;
    let id = service.drill(&plan).await;
    let body = json!({ "clientToken": "once" });
    let resume = post(&format!("/executions/{id}/resume"), &body);
    assert_eq!(service.send(&resume).await.status, 409);
    service
        .send(&post(&format!("/executions/{id}/pause"), &json!({})))
        .await;
    assert_eq!(service.send(&resume).await.status, 200);
}

#[tokio::test]
async fn a_change_takes_no_token() {
    let service = Service::new();
    service.bench.drs.add_server(1);
    let mut body = group("Databases", &[server_id(1).to_string()]);
    let id = service
        .send(&post("/protection-groups", &body))
        .await
        .id("protectionGroupId");
    body["clientToken"] = json!("once");
    let path = format!("/protection-groups/{id}");
    let reply = service
        .send(&crate::support::call("PUT", &path).json(&body))
        .await;
    assert_eq!(reply.status, 400);
    assert_eq!(
        reply.faults(),
        [("clientToken".to_owned(), "UNKNOWN_MEMBER".to_owned())]
    );
}
