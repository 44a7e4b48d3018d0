//! `/_sim`: what a test may see and do besides calling DRS.

use crate::support::client::Client;
use crate::support::{FLEET, server};
use serde_json::{Value, json};

fn start_of(number: usize) -> Value {
    json!({ "isDrill": true, "sourceServers": [{ "sourceServerID": server(number) }], "tags": { "attempt": "a-1" } })
}

async fn client(more: &str) -> Client {
    Client::of(&format!("{FLEET}{more}")).await
}

#[tokio::test]
async fn the_journal_tells_requests_in_order_without_credentials() {
    let client = client("").await;
    client.drs("StartRecovery", &start_of(1)).await.unwrap();
    client.drs("DescribeJobs", &json!({})).await.unwrap();
    let answer = client.sim("GET", "journal", "").await;
    let requests = answer.body["requests"].as_array().unwrap();
    let first = &requests[0];
    assert_eq!(first["operation"], "StartRecovery");
    assert_eq!(first["accountId"], "111122223333");
    assert_eq!(first["region"], "us-west-2");
    assert_eq!(first["request"], start_of(1));
    assert_eq!(first["status"], 202);
    assert!(first["response"]["job"]["jobID"].is_string());
    assert_eq!(
        (&first["invocationId"], &first["attempt"]),
        (&json!("invocation-1"), &json!(2))
    );
    assert!(first["at"].as_str().unwrap().ends_with('Z'));
    assert_eq!(requests[1]["operation"], "DescribeJobs");
    assert!(!answer.text.contains("AWS4-HMAC") && !answer.text.contains("Signature"));
}

#[tokio::test]
async fn the_state_has_servers_jobs_and_instances_by_account_and_region() {
    let client = client("").await;
    client.drs("StartRecovery", &start_of(1)).await.unwrap();
    client
        .sim("POST", "clock/advance", r#"{"until":"job:*:COMPLETED"}"#)
        .await;
    let state = client.sim("GET", "state", "").await.body;
    let west = &state["accounts"]["111122223333"]["us-west-2"];
    assert_eq!(west["sourceServers"].as_array().unwrap().len(), 10);
    assert_eq!(
        west["jobs"][0]["participatingServers"][0]["launchStatus"],
        "LAUNCHED"
    );
    assert_eq!(west["recoveryInstances"][0]["sourceServerID"], server(1));
    assert_eq!(
        state["accounts"]["444455556666"]["us-west-2"]["jobs"],
        json!([])
    );
}

#[tokio::test]
async fn a_manual_clock_stands_until_it_is_moved() {
    let client = client("clock: { start: \"2026-03-01T00:00:00Z\" }\n").await;
    let clock = client.sim("GET", "clock", "").await.body;
    assert_eq!(
        (&clock["mode"], &clock["now"]),
        (&json!("manual"), &json!("2026-03-01T00:00:00Z"))
    );
    let moved = client
        .sim("POST", "clock/advance", r#"{"seconds":90}"#)
        .await
        .body;
    assert_eq!(moved["now"], "2026-03-01T00:01:30Z");
    let refused = client
        .sim("POST", "clock/advance", r#"{"until":"whenever"}"#)
        .await;
    assert_eq!(refused.status, 400);
    assert_eq!(client.sim("POST", "clock/advance", "{}").await.status, 400);
}

#[tokio::test]
async fn what_is_less_than_nothing_is_refused_and_changes_nothing() {
    let client = client("").await;
    let before = client.sim("GET", "state", "").await.text;
    for (method, path, body, field) in [
        ("PATCH", "servers/web-01", r#"{"lag":"-PT5M"}"#, "lag: "),
        ("PATCH", "servers/web-01", r#"{"eta":"-PT5M"}"#, "eta: "),
        ("POST", "clock/advance", r#"{"seconds":-1}"#, "seconds: "),
        (
            "POST",
            "faults",
            "{ when: { op: DescribeJobs }, do: { hold: -PT4S } }",
            "do.hold: ",
        ),
    ] {
        let refused = client.sim(method, path, body).await;
        let sentence = refused.body["message"].as_str().unwrap();
        assert_eq!(refused.status, 400, "{sentence}");
        assert!(
            sentence.starts_with("line 1, ") && sentence.contains(field),
            "{sentence}"
        );
    }
    assert_eq!(client.sim("GET", "state", "").await.text, before);
}

#[tokio::test]
async fn a_posted_fault_is_checked_as_one_of_a_file() {
    let rule = "rules: [ { id: one, when: { op: DescribeJobs }, do: { stale: true } } ]\n";
    let client = client(rule).await;
    for (rule, sentence) in [
        (
            "when: { server: { hostname: nope }, phase: launch }\ndo: { stall: forever }",
            "line 1, column 29: when.server.hostname: there is no server nope",
        ),
        (
            "when: { op: DescribeJobs }\ndo: { stale: true }\nid: one",
            "line 3, column 5: id: there is a rule one already; give another id, or none",
        ),
        (
            "when: { deny: [\"drs:Foo\"] }",
            "line 1, column 16: when.deny[0]: there is no action",
        ),
        (
            "when: { op: DescribeJobs }\ndo: { stale: true }\ntimes: 0",
            "line 3, column 8: times: ",
        ),
    ] {
        let refused = client.sim("POST", "faults", rule).await;
        let said = refused.body["message"].as_str().unwrap();
        assert_eq!(refused.status, 400, "{said}");
        assert!(said.starts_with(sentence), "{said}");
    }
    let faults = client.sim("GET", "faults", "").await;
    assert_eq!(faults.body["faults"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_path_of_nothing_is_not_answered_as_drs_would() {
    let client = client("").await;
    let answer = client.sim("GET", "nope", "").await;
    assert_eq!(
        (answer.status, answer.header("x-amzn-errortype")),
        (404, "")
    );
    let sentence = answer.body["message"].as_str().unwrap();
    assert!(sentence.contains("nothing at /_sim/nope;"), "{sentence}");
}

#[tokio::test]
async fn tags_whose_keys_are_reserved_are_refused() {
    let client = client("").await;
    let mut start = start_of(1);
    start["tags"] = json!({ "aws:owner": "me" });
    let refused = client.drs("StartRecovery", &start).await.unwrap();
    assert_eq!(refused.status, 400, "{}", refused.text);
    assert_eq!(refused.body["fieldList"][0]["name"], "tags.aws:owner");
}

#[tokio::test]
async fn a_scaled_clock_moves_by_itself_and_cannot_be_moved() {
    let client = client("clock: { mode: scaled, scale: 6000 }\n").await;
    client.drs("StartRecovery", &start_of(1)).await.unwrap();
    client
        .until(async || {
            let listed = client.drs("DescribeJobs", &json!({})).await.unwrap();
            listed.body["items"][0]["status"] == "COMPLETED"
        })
        .await;
    assert_eq!(
        client
            .sim("POST", "clock/advance", r#"{"seconds":1}"#)
            .await
            .status,
        409
    );
}

#[tokio::test]
async fn faults_are_added_counted_and_removed() {
    let client = client("").await;
    let rule =
        r#"{"id":"mine","when":{"op":"DescribeJobs"},"do":{"error":"InternalServerException"}}"#;
    let added = client.sim("POST", "faults", rule).await;
    assert_eq!((added.status, &added.body["id"]), (201, &json!("mine")));
    assert_eq!(
        client.drs("DescribeJobs", &json!({})).await.unwrap().status,
        500
    );
    let listed = client.sim("GET", "faults", "").await.body;
    assert_eq!(
        listed["faults"],
        json!([{ "id": "mine", "applied": 1, "left": null }])
    );
    assert_eq!(client.sim("DELETE", "faults/mine", "").await.status, 204);
    assert_eq!(client.sim("DELETE", "faults/mine", "").await.status, 404);
    assert_eq!(
        client.drs("DescribeJobs", &json!({})).await.unwrap().status,
        200
    );
    client.sim("POST", "faults", rule).await;
    assert_eq!(client.sim("DELETE", "faults", "").await.status, 204);
    assert_eq!(
        client.drs("DescribeJobs", &json!({})).await.unwrap().status,
        200
    );
    let wrong = client
        .sim(
            "POST",
            "faults",
            r#"{"when":{"op":"DescribeJobs"},"do":{"explode":true}}"#,
        )
        .await;
    assert_eq!(wrong.status, 400);
    assert!(wrong.body["message"].as_str().unwrap().contains("explode"));
}

#[tokio::test]
async fn servers_and_instances_can_be_changed() {
    let client = client("").await;
    assert_eq!(
        client
            .sim("PATCH", "servers/web-02", r#"{"state":"DISCONNECTED"}"#)
            .await
            .status,
        204
    );
    assert_eq!(
        client
            .drs("StartRecovery", &start_of(2))
            .await
            .unwrap()
            .status,
        409
    );
    assert_eq!(
        client
            .sim("PATCH", "servers/web-99", r#"{"state":"STALLED"}"#)
            .await
            .status,
        404
    );
    assert_eq!(
        client
            .sim("PATCH", "servers/web-01", r#"{"state":"SLEEPY"}"#)
            .await
            .status,
        400
    );
    let made = client
        .sim(
            "POST",
            "instances",
            &json!({ "serverId": server(3), "isDrill": false }).to_string(),
        )
        .await;
    assert_eq!(made.status, 201);
    let id = made.body["recoveryInstanceID"].as_str().unwrap();
    let path = format!("instances/{id}");
    assert_eq!(
        client
            .sim("PATCH", &path, r#"{"state":"STOPPED"}"#)
            .await
            .status,
        204
    );
    let listed = client
        .drs("DescribeRecoveryInstances", &json!({}))
        .await
        .unwrap()
        .body;
    assert_eq!(listed["items"][0]["ec2InstanceState"], "STOPPED");
    assert_eq!(listed["items"][0]["isDrill"], false);
}

#[tokio::test]
async fn an_outcome_can_be_forced_while_the_server_has_not_ended() {
    let client = client("").await;
    let job = client
        .drs("StartRecovery", &start_of(1))
        .await
        .unwrap()
        .body["job"]["jobID"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("jobs/{job}/servers/{}", server(1));
    let forced = client
        .sim(
            "POST",
            &path,
            r#"{"outcome":"FAILED","rawError":"by hand"}"#,
        )
        .await;
    assert_eq!(forced.status, 204);
    let listed = client.drs("DescribeJobs", &json!({})).await.unwrap().body;
    assert_eq!(
        listed["items"][0]["participatingServers"][0]["launchStatus"],
        "FAILED"
    );
    assert_eq!(
        client
            .sim("POST", &path, r#"{"outcome":"LAUNCHED"}"#)
            .await
            .status,
        409
    );
}

#[tokio::test]
async fn a_reset_starts_anew_and_a_scenario_replaces_the_world() {
    let client = client("").await;
    client.drs("StartRecovery", &start_of(1)).await.unwrap();
    assert_eq!(client.sim("POST", "reset", "").await.status, 200);
    assert_eq!(
        client.drs("DescribeJobs", &json!({})).await.unwrap().body["items"],
        json!([])
    );
    assert_eq!(
        client.sim("GET", "journal", "").await.body["requests"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let other = "accounts: [ { id: \"111122223333\", regions: { us-west-2: {} } } ]\nservers: [ { id: s-0000000000000beef } ]\n";
    assert_eq!(client.sim("PUT", "scenario", other).await.status, 200);
    let listed = client
        .drs("DescribeSourceServers", &json!({}))
        .await
        .unwrap()
        .body;
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    let wrong = client.sim("PUT", "scenario", "speed: 1\n").await;
    assert_eq!(wrong.status, 400);
    assert!(
        wrong.body["message"].as_str().unwrap().contains("line 1"),
        "{}",
        wrong.text
    );
    let listed = client
        .drs("DescribeSourceServers", &json!({}))
        .await
        .unwrap()
        .body;
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_verdict_is_ok_until_something_is_violated() {
    let client =
        client("existing: { recovery_instances: [ { server: web-01, is_drill: false } ] }\n").await;
    assert_eq!(
        client.sim("GET", "verify", "").await.body,
        json!({ "ok": true, "violations": [] })
    );
    client.drs("StartRecovery", &start_of(1)).await.unwrap();
    client
        .sim("POST", "clock/advance", r#"{"seconds":60}"#)
        .await;
    let verdict = client.sim("GET", "verify", "").await.body;
    assert_eq!(verdict["ok"], false);
    assert_eq!(
        verdict["violations"][0]["kind"],
        "RECOVERY_INSTANCE_DESTROYED_BY_DRILL"
    );
    assert_eq!(verdict["violations"][0]["sourceServerId"], server(1));
}

#[tokio::test]
async fn health_needs_no_signature() {
    let client = client("").await;
    let health = client.sim("GET", "health", "").await;
    assert_eq!((health.status, &health.body["status"]), (200, &json!("ok")));
}
