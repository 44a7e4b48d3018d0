//! Whatever is sent, the answer is a 4xx with a code, and never a 500.

use anyhow::{Result, ensure};
use end_to_end::{Api, Fleet, GroupDraft, Role, Stack};
use hyper::Method;
use hyper::body::Bytes;
use serde_json::{Value, json};

/// A well-formed id that nothing has.
const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

#[tokio::test]
async fn bodies_that_are_wrong_in_any_way_are_refused_with_a_code() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::Administrator).await?;
    let deep = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    let bodies: Vec<String> = [
        "",
        "{",
        "[]",
        "null",
        "0",
        "\"text\"",
        "true",
        "{\"name\":}",
        "{\"name\":\"a\",}",
        "{}",
        "{\"name\":1}",
        "{\"name\":null}",
        "{\"name\":[\"a\"]}",
        "{\"name\":{\"a\":1}}",
        "{\"surprise\":true}",
        "{\"name\":\"a\",\"name\":\"b\"}",
        "\u{0}",
        "{\"name\":\"\u{0}\"}",
        "{\"name\":\"\\ud800\"}",
        "{\"region\":\"nowhere\"}",
        "{\"waves\":{}}",
        "{\"waves\":[1]}",
        "{\"waves\":[{\"key\":7}]}",
        "{\"recoveryPlanId\":7}",
        "{\"kind\":\"PARTY\"}",
        "{\"recoveryPlanId\":\"../x\",\"kind\":\"DRILL\"}",
        "{\"holdIds\":\"h\"}",
        "{\"holdIds\":[1]}",
        "{\"giveUpOn\":[{}]}",
        "{\"clientToken\":7}",
        "{\"waveKey\":[]}",
        "{\"confirm\":7}",
        "1e999",
        "{\"timeLimitMinutes\":-1}",
        "<xml/>",
        "name=a",
    ]
    .into_iter()
    .map(str::to_owned)
    .chain([deep])
    .collect();
    let creations = ["/protection-groups", "/recovery-plans", "/executions"];
    for path in creations {
        for body in &bodies {
            is_refused(&api, Method::POST, path, body).await?;
        }
    }
    for path in ["/protection-groups", "/recovery-plans"] {
        for body in bodies.iter().take(12) {
            is_refused(&api, Method::PUT, &format!("{path}/{NOBODY}"), body).await?;
        }
    }
    for command in [
        "pause",
        "resume",
        "cancel",
        "retry",
        "skip",
        "terminate-instances",
    ] {
        for body in bodies.iter().take(12) {
            let path = format!("/executions/{NOBODY}/{command}");
            is_refused(&api, Method::POST, &path, body).await?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn paths_queries_and_cursors_that_are_wrong_are_refused_with_a_code() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::Administrator).await?;
    let group = some_group(&stack).await?;
    for path in [
        "/protection-groups/x",
        "/protection-groups/..%2f..%2fetc",
        &format!("/protection-groups/{NOBODY}"),
        &format!("/recovery-plans/{group}"),
        &format!("/executions/{group}"),
        &format!("/executions/{group}/events"),
        &format!("/executions/{group}/job-logs"),
        "/executions/s-0000000000000dead",
        "/executions?maxResults=0",
        "/executions?maxResults=1000000",
        "/executions?maxResults=many",
        "/executions?nextToken=nonsense",
        "/executions?nextToken=",
        "/executions?status=HAPPY",
        "/executions?kind=PARTY",
        "/executions?recoveryPlanId=x",
        "/executions?startedAfter=yesterday",
        "/executions?surprise=1",
        "/protection-groups?nextToken=bm9uc2Vuc2U",
        "/recovery-plans?nextToken=%00",
        "/drs/source-servers",
        "/drs/source-servers?region=",
        "/drs/source-servers?region=the-moon",
        "/drs/source-servers?region=us-west-2&accountId=12",
        "/drs/quotas",
        "/drs/quotas?region=..",
        "/no-such-thing",
        "/",
    ] {
        is_refused(&api, Method::GET, path, "").await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_cursor_of_another_list_or_with_a_changed_letter_is_refused() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::Administrator).await?;
    some_group(&stack).await?;
    some_group(&stack).await?;
    let page = api
        .get("/protection-groups?maxResults=1")
        .await?
        .expect(200)?;
    let cursor = page["nextToken"].as_str().unwrap_or_default().to_owned();
    ensure!(
        !cursor.is_empty(),
        "two groups fit on a page of one: {page}"
    );
    let other = format!("/recovery-plans?maxResults=1&nextToken={cursor}");
    is_refused(&api, Method::GET, &other, "").await?;
    let middle = cursor.len() / 2;
    let letter = if cursor.as_bytes()[middle] == b'A' {
        "B"
    } else {
        "A"
    };
    let changed = format!("{}{letter}{}", &cursor[..middle], &cursor[middle + 1..]);
    let changed = format!("/protection-groups?maxResults=1&nextToken={changed}");
    is_refused(&api, Method::GET, &changed, "").await
}

#[tokio::test]
async fn a_body_that_is_too_large_is_413() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::Administrator).await?;
    let body = json!({ "name": "a".repeat(400_000) });
    let answer = api.post("/protection-groups", &body).await?;
    ensure!(answer.status == 413, "{} {}", answer.status, answer.code());
    answer.check_problem()
}

#[tokio::test]
async fn several_faults_of_a_group_are_told_together() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let body = json!({
        "name": " ", "region": "the-moon", "accountId": "12", "sourceServerIds": ["x"],
        "drillIsolation": { "statement": "" },
    });
    let problem = api
        .post("/protection-groups", &body)
        .await?
        .problem(400, "INVALID_GROUP")?;
    let told: Vec<&str> = problem["faults"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|fault| fault["path"].as_str())
        .collect();
    for path in [
        "name",
        "region",
        "accountId",
        "sourceServerIds[0]",
        "drillIsolation.statement",
    ] {
        ensure!(told.contains(&path), "no fault at {path}: {problem:#}");
    }
    Ok(())
}

async fn is_refused(api: &Api, method: Method, path: &str, body: &str) -> Result<()> {
    let bytes = Bytes::from(body.to_owned());
    let answer = api.send(method, path, &[], bytes).await?;
    let shown: String = body.chars().take(60).collect();
    ensure!(
        (400..500).contains(&answer.status),
        "{} with {shown:?} was answered with {}: {}",
        answer.request,
        answer.status,
        answer.text
    );
    ensure!(
        answer.status != 401 && answer.status != 403,
        "{} with {shown:?}: {} {}",
        answer.request,
        answer.status,
        answer.text
    );
    answer.check_problem()
}

async fn some_group(stack: &Stack) -> Result<String> {
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(stack, 1).await?;
    GroupDraft::open(&fleet.servers).create(&api).await
}

#[tokio::test]
async fn members_that_a_request_does_not_have_are_named() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 1).await?;
    let mut body: Value = GroupDraft::open(&fleet.servers).body;
    body["surprise"] = json!(1);
    let answer = api.post("/protection-groups", &body).await?;
    ensure!(answer.status == 400, "{answer:?}");
    ensure!(answer.text.contains("surprise"), "{answer:?}");
    Ok(())
}
