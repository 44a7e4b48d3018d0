//! Faults after a launch: the instance is there, and all is not well.

use super::{advance, ask, both_ways, finish, instances, jobs, launch_statuses, start};
use crate::support::FLEET;
use crate::support::client::Client;
use serde_json::{Value, json};

fn rule(effect: &str) -> String {
    format!("{{ when: {{ phase: launch, server: {{ hostname: web-01 }} }}, do: {{ {effect} }} }}")
}

#[tokio::test]
async fn f23_an_instance_is_ended_by_hand() {
    both_ways(&[&rule("end_instance_after: PT5M")], async |client| {
        start(client, &[1]).await;
        assert!(finish(client).await);
        let mut states = Vec::new();
        for seconds in [0, 300, 60, 3600] {
            advance(client, seconds).await;
            states.push(instances(client).await[0]["ec2InstanceState"].clone());
        }
        assert_eq!(
            states,
            ["RUNNING", "SHUTTING-DOWN", "TERMINATED", "NOT_FOUND"]
        );
        let request =
            json!({ "recoveryInstanceIDs": [instances(client).await[0]["recoveryInstanceID"]] });
        assert_eq!(
            ask(client, "TerminateRecoveryInstances", request)
                .await
                .status,
            200
        );
        assert!(finish(client).await);
        advance(client, 60).await;
        assert!(instances(client).await.is_empty());
    })
    .await;
}

fn runs(job: &Value) -> Vec<(String, String)> {
    let runs = &job["participatingServers"][0]["launchActionsStatus"]["runs"];
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let run = |run: &Value| (text(&run["action"]["name"]), text(&run["status"]));
    runs.as_array().unwrap().iter().map(run).collect()
}

#[tokio::test]
async fn f27_an_action_after_the_launch_fails_and_another_never_ends() {
    let rule = rule(
        "launch_actions: [ { name: check, status: SUCCEEDED, after: PT1M }, \
         { name: smoke test, status: FAILED, after: PT2M, optional: true }, \
         { name: register, status: IN_PROGRESS } ]",
    );
    both_ways(&[&rule], async |client| {
        start(client, &[1]).await;
        assert!(finish(client).await);
        assert_eq!(launch_statuses(client).await, ["LAUNCHED"]);
        assert!(
            runs(&jobs(client).await[0])
                .iter()
                .all(|(_, status)| status == "IN_PROGRESS")
        );
        advance(client, 3600).await;
        let job = &jobs(client).await[0];
        let seen = runs(job);
        let statuses: Vec<_> = seen.iter().map(|(_, status)| status.as_str()).collect();
        assert_eq!(statuses, ["SUCCEEDED", "FAILED", "IN_PROGRESS"]);
        let failed = &job["participatingServers"][0]["launchActionsStatus"]["runs"][1];
        assert!(failed["failureReason"].is_string() && failed["action"]["optional"] == true);
    })
    .await;
}

#[tokio::test]
async fn f27_a_strict_model_waits_for_the_actions_before_it_completes() {
    for (action, completes) in [
        ("status: FAILED, after: PT30M", true),
        ("status: IN_PROGRESS", false),
    ] {
        let rule = rule(&format!("launch_actions: [ {{ name: check, {action} }} ]"));
        let scenario = format!("{FLEET}profile: strict-model\nrules: [ {rule} ]\n");
        let client = Client::of(&scenario).await;
        start(&client, &[1]).await;
        advance(&client, 1200).await;
        assert_eq!(launch_statuses(&client).await, ["LAUNCHED"]);
        assert_eq!(jobs(&client).await[0]["status"], "STARTED");
        assert_eq!(finish(&client).await, completes);
    }
}

#[tokio::test]
async fn f28_an_instance_is_up_and_fails_its_status_checks() {
    both_ways(&[&rule("impaired: true")], async |client| {
        start(client, &[1, 2]).await;
        assert!(finish(client).await);
        assert_eq!(launch_statuses(client).await, ["LAUNCHED", "LAUNCHED"]);
        let early = client.ec2("Action=DescribeInstanceStatus").await.unwrap();
        assert_eq!(early.text.matches("<status>initializing</status>").count(), 8, "{}", early.text);
        advance(client, 180).await;
        let impaired = "Action=DescribeInstanceStatus&Filter.1.Name=instance-status.status&Filter.1.Value.1=impaired";
        let answer = client.ec2(impaired).await.unwrap();
        let servers = instances(client).await;
        let broken = servers.iter().find(|one| one["sourceServerID"] == crate::support::server(1)).unwrap();
        let id = broken["ec2InstanceID"].as_str().unwrap();
        assert!(answer.text.contains(id), "{}", answer.text);
        assert_eq!(answer.text.matches("<instanceId>").count(), 1);
    })
    .await;
}
