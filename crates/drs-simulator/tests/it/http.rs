//! The server (S1, S2, S4, S19, S25), as a client of the wire meets it.

use crate::support::client::{Answer, Client, NoAnswer};
use crate::support::{FLEET, server};
use serde_json::{Value, json};

fn start_of(number: usize) -> Value {
    json!({ "isDrill": true, "sourceServers": [{ "sourceServerID": server(number) }], "tags": { "attempt": "a-1" } })
}

async fn client(more: &str) -> Client {
    Client::of(&format!("{FLEET}{more}")).await
}

#[tokio::test]
async fn operations_answer_with_their_own_statuses_and_json() {
    let client = client("").await;
    let started = client.drs("StartRecovery", &start_of(1)).await.unwrap();
    assert_eq!(started.status, 202);
    assert_eq!(started.header("content-type"), "application/json");
    assert!(!started.header("x-amzn-requestid").is_empty());
    assert_eq!(started.body["job"]["status"], "PENDING");
    let listed = client.drs("DescribeJobs", &json!({})).await.unwrap();
    assert_eq!(
        (listed.status, &listed.body["items"][0]["jobID"]),
        (200, &started.body["job"]["jobID"])
    );
}

#[tokio::test]
async fn initializing_takes_no_body_and_answers_none() {
    let client = client("").await;
    let answer = client
        .signed("POST", "/InitializeService", "eu-west-1", "")
        .await
        .unwrap();
    assert_eq!((answer.status, answer.body), (204, Value::Null));
    let listed = client
        .signed("POST", "/DescribeSourceServers", "eu-west-1", "")
        .await
        .unwrap();
    assert_eq!((listed.status, listed.body), (200, json!({ "items": [] })));
}

#[tokio::test]
async fn errors_are_named_by_their_header_with_the_members_of_the_model() {
    let client = client("").await;
    client.drs("StartRecovery", &start_of(1)).await.unwrap();
    let conflict = client.drs("StartRecovery", &start_of(1)).await.unwrap();
    assert_eq!(
        (conflict.status, conflict.header("x-amzn-errortype")),
        (409, "ConflictException")
    );
    assert!(
        conflict.body["message"]
            .as_str()
            .unwrap()
            .contains("being processed by a Job")
    );
    assert_eq!(conflict.body["code"], "ConflictException");
    let invalid = client.drs("StartRecovery", &json!({})).await.unwrap();
    assert_eq!(
        (invalid.status, invalid.header("x-amzn-errortype")),
        (400, "ValidationException")
    );
    assert_eq!(invalid.body["reason"], "fieldValidationFailed");
    assert_eq!(invalid.body["fieldList"][0]["name"], "sourceServers");
    let unknown = client.drs("CreateRecoveryPlan", &json!({})).await.unwrap();
    assert_eq!(
        (unknown.status, &unknown.body["reason"]),
        (400, &json!("unknownOperation"))
    );
    let unreadable = client
        .signed("POST", "/DescribeJobs", "us-west-2", "{")
        .await
        .unwrap();
    assert_eq!(
        (unreadable.status, &unreadable.body["reason"]),
        (400, &json!("cannotParse"))
    );
}

#[tokio::test]
async fn a_code_can_be_made_to_mislead_those_who_read_the_body() {
    let client = client("switches: { misleading_code: true }\n").await;
    let answer = client.drs("StartRecovery", &json!({})).await.unwrap();
    assert_eq!(answer.header("x-amzn-errortype"), "ValidationException");
    assert_ne!(answer.body["code"], "ValidationException");
}

#[tokio::test]
async fn a_throttle_carries_its_retry_after() {
    let client = client("rules: [ { when: { op: DescribeJobs }, do: { error: ThrottlingException, retry_after: 3 }, times: 1 } ]\n").await;
    let answer = client.drs("DescribeJobs", &json!({})).await.unwrap();
    assert_eq!((answer.status, answer.header("retry-after")), (429, "3"));
    assert_eq!(
        client.drs("DescribeJobs", &json!({})).await.unwrap().status,
        200
    );
}

#[tokio::test]
async fn a_request_without_a_signature_is_refused() {
    let client = client("").await;
    let answer = client.plain("POST", "/DescribeJobs", "{}").await.unwrap();
    assert_eq!(
        (answer.status, answer.header("x-amzn-errortype")),
        (403, "MissingAuthenticationToken")
    );
    let scope = client
        .with_authorization("POST", "/DescribeJobs", "nonsense")
        .await
        .unwrap();
    assert_eq!(
        (scope.status, scope.header("x-amzn-errortype")),
        (400, "IncompleteSignature")
    );
    let other =
        "AWS4-HMAC-SHA256 Credential=111122223333/20260101/us-west-2/ec2/aws4_request, Signature=0";
    let scope = client
        .with_authorization("POST", "/DescribeJobs", other)
        .await
        .unwrap();
    assert_eq!(
        (scope.status, scope.header("x-amzn-errortype")),
        (403, "InvalidSignatureException")
    );
}

#[tokio::test]
async fn account_and_region_come_from_the_credential_scope() {
    let client =
        client("  - { id: s-000000000000000f1, account: \"444455556666\", region: us-west-2 }\n")
            .await;
    for (key, id) in [
        ("111122223333", server(1)),
        ("AKIATARGET", server(1)),
        ("AKIAUNKNOWN", server(1)),
        ("444455556666", server(0xf1)),
    ] {
        let answer = client
            .with_key(key, "DescribeSourceServers", "us-west-2")
            .await
            .unwrap();
        assert_eq!(answer.body["items"][0]["sourceServerID"], id, "{key}");
    }
    let foreign = client
        .with_key("777788889999", "DescribeSourceServers", "us-west-2")
        .await
        .unwrap();
    assert_eq!(
        (foreign.status, foreign.header("x-amzn-errortype")),
        (400, "UninitializedAccountException")
    );
}

#[tokio::test]
async fn assuming_a_role_gives_a_key_of_its_account() {
    let client = client("").await;
    let body = "Action=AssumeRole&RoleArn=arn%3Aaws%3Aiam%3A%3A444455556666%3Arole%2Fdrill&RoleSessionName=s";
    let answer = client.plain("POST", "/", body).await.unwrap();
    assert_eq!(answer.status, 200);
    assert!(
        answer
            .text
            .contains("<AccessKeyId>444455556666</AccessKeyId>"),
        "{}",
        answer.text
    );
}

#[tokio::test]
async fn tags_are_reached_by_an_encoded_arn() {
    let client = client("").await;
    let path = format!(
        "/tags/arn%3Aaws%3Adrs%3Aus-west-2%3A111122223333%3Asource-server%2F{}",
        server(1)
    );
    let added = client
        .signed(
            "POST",
            &path,
            "us-west-2",
            r#"{"tags":{"a b":"1","c":"2"}}"#,
        )
        .await
        .unwrap();
    assert_eq!(added.status, 200);
    let listed = client.signed("GET", &path, "us-west-2", "").await.unwrap();
    assert_eq!(
        listed.body,
        json!({ "tags": { "a b": "1", "c": "2", "tier": "web" } })
    );
    let removed = client
        .signed(
            "DELETE",
            &format!("{path}?tagKeys=a%20b&tagKeys=c"),
            "us-west-2",
            "",
        )
        .await
        .unwrap();
    assert_eq!(removed.status, 200);
    let listed = client.signed("GET", &path, "us-west-2", "").await.unwrap();
    assert_eq!(listed.body, json!({ "tags": { "tier": "web" } }));
}

#[tokio::test]
async fn a_lost_answer_closes_the_connection_after_the_commit() {
    let client = client("rules: [ { when: { op: StartRecovery }, do: { lose_response: after_commit }, times: 1 } ]\n").await;
    let lost: Result<Answer, NoAnswer> = client.drs("StartRecovery", &start_of(1)).await;
    assert!(lost.is_err());
    let listed = client.drs("DescribeJobs", &json!({})).await.unwrap();
    assert_eq!(listed.body["items"].as_array().unwrap().len(), 1);
    let journal = client.sim("GET", "journal", "").await.body;
    assert_eq!(journal["requests"][0]["committed"], true);
    assert_eq!(journal["requests"][0]["delivered"], false);
}

#[tokio::test]
async fn a_held_answer_comes_late_while_others_are_answered() {
    let client = client(
        "rules: [ { when: { op: StartRecovery }, do: { hold: PT0.4S, when: after_commit } } ]\n",
    )
    .await;
    let begun = std::time::Instant::now();
    let request = start_of(1);
    let (held, elsewhere) = tokio::join!(client.drs("StartRecovery", &request), async {
        let listed = client
            .drs("DescribeSourceServers", &json!({}))
            .await
            .unwrap();
        (listed.status, begun.elapsed())
    });
    assert_eq!(held.unwrap().status, 202);
    assert!(begun.elapsed().as_millis() >= 400);
    assert_eq!(elsewhere.0, 200);
    assert!(elsewhere.1.as_millis() < 400, "{elsewhere:?}");
}

#[tokio::test]
async fn a_request_held_before_the_commit_arrives_even_when_its_caller_has_gone() {
    let client = client(
        "rules: [ { when: { op: StartRecovery }, do: { hold: PT0.2S, when: before_commit } } ]\n",
    )
    .await;
    let request = start_of(1);
    let given_up = tokio::time::timeout(
        std::time::Duration::from_millis(50),
        client.drs("StartRecovery", &request),
    );
    assert!(given_up.await.is_err());
    let jobs = async || {
        client.drs("DescribeJobs", &json!({})).await.unwrap().body["items"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(jobs().await, 0);
    client.until(async || jobs().await == 1).await;
}

#[tokio::test]
async fn the_functions_that_ask_are_known_and_no_other_session_is() {
    let client = client("").await;
    for _ in 0..2 {
        client.with_session("function/poller", "DescribeJobs").await;
    }
    client
        .with_session("the session of a person", "DescribeSourceServers")
        .await;
    client
        .drs("DescribeSourceServers", &json!({}))
        .await
        .unwrap();
    let callers = client.sim("GET", "callers", "").await.body;
    let poller = json!({ "function": "poller", "action": "drs:DescribeJobs" });
    assert_eq!(callers, json!({ "callers": [poller] }));
}
