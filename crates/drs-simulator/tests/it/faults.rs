//! One test for each fault of the catalogue, by its number: as a rule of a scenario, and the same
//! rule posted to `/_sim/faults`. What a client should make of it is not judged here.

mod after_launch;
mod in_jobs;
mod of_requests;

use crate::support::FLEET;
use crate::support::client::{Answer, Client};
use serde_json::{Value, json};

/// Tries the claim in a world whose scenario has these rules, and in one that is given them later.
async fn both_ways(rules: &[&str], claim: impl AsyncFn(&Client)) {
    let listed = format!("  - {}\n", rules.join("\n  - "));
    claim(&Client::of(&format!("{FLEET}rules:\n{listed}")).await).await;
    let client = Client::of(FLEET).await;
    for rule in rules {
        let posted = client.sim("POST", "faults", rule).await;
        assert_eq!(posted.status, 201, "{rule}: {}", posted.text);
    }
    claim(&client).await;
}

async fn ask(client: &Client, operation: &str, body: Value) -> Answer {
    client.drs(operation, &body).await.unwrap()
}

fn start_of(numbers: &[usize]) -> Value {
    let servers: Vec<_> = numbers
        .iter()
        .map(|number| json!({ "sourceServerID": crate::support::server(*number) }))
        .collect();
    json!({ "sourceServers": servers, "isDrill": true, "tags": { "attempt": "1" } })
}

/// Starts a drill, which is accepted, and gives its job's id.
async fn start(client: &Client, numbers: &[usize]) -> String {
    let answer = ask(client, "StartRecovery", start_of(numbers)).await;
    assert_eq!(answer.status, 202, "{}", answer.text);
    answer.body["job"]["jobID"].as_str().unwrap().to_owned()
}

async fn advance(client: &Client, seconds: u32) {
    let body = json!({ "seconds": seconds }).to_string();
    assert_eq!(client.sim("POST", "clock/advance", &body).await.status, 200);
}

/// Moves the clock until every job has ended; false when one never does.
async fn finish(client: &Client) -> bool {
    let body = json!({ "until": "job:*:COMPLETED" }).to_string();
    client.sim("POST", "clock/advance", &body).await.body["reached"] == true
}

async fn jobs(client: &Client) -> Vec<Value> {
    let answer = ask(client, "DescribeJobs", json!({})).await;
    answer.body["items"].as_array().unwrap().clone()
}

async fn launch_statuses(client: &Client) -> Vec<String> {
    let jobs = jobs(client).await;
    let participants = jobs[0]["participatingServers"].as_array().unwrap();
    let status = |one: &Value| one["launchStatus"].as_str().unwrap().to_owned();
    participants.iter().map(status).collect()
}

/// The items of a job's log.
async fn log(client: &Client, job: &str) -> Vec<Value> {
    let answer = ask(client, "DescribeJobLogItems", json!({ "jobID": job })).await;
    answer.body["items"].as_array().unwrap().clone()
}

async fn events(client: &Client, job: &str) -> Vec<String> {
    let items = log(client, job).await;
    let event = |item: &Value| item["event"].as_str().unwrap().to_owned();
    items.iter().map(event).collect()
}

/// The recovery instances, oldest id first.
async fn instances(client: &Client) -> Vec<Value> {
    let answer = ask(client, "DescribeRecoveryInstances", json!({})).await;
    answer.body["items"].as_array().unwrap().clone()
}
