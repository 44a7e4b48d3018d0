//! Faults inside jobs: the request is accepted, and something goes wrong later.

use super::{advance, ask, both_ways, events, finish, instances, launch_statuses, log, start};
use serde_json::json;

/// A rule for one phase of `web-01`.
fn rule(phase: &str, effect: &str) -> String {
    format!("{{ when: {{ phase: {phase}, server: {{ hostname: web-01 }} }}, do: {{ {effect} }} }}")
}

#[tokio::test]
async fn f06_a_snapshot_fails_and_the_previous_one_is_used() {
    both_ways(
        &[&rule("snapshot", "fall_back_to_previous: true")],
        async |client| {
            let job = start(client, &[1]).await;
            assert!(finish(client).await);
            assert_eq!(launch_statuses(client).await, ["LAUNCHED"]);
            let events = events(client, &job).await;
            assert!(
                events
                    .windows(2)
                    .any(|two| two == ["SNAPSHOT_FAIL", "USING_PREVIOUS_SNAPSHOT"])
            );
        },
    )
    .await;
}

#[tokio::test]
async fn f07_a_snapshot_fails_and_there_is_no_previous_one() {
    let rule = rule("snapshot", "fail: USING_PREVIOUS_SNAPSHOT_FAILED");
    both_ways(&[&rule], async |client| {
        let job = start(client, &[1]).await;
        assert!(finish(client).await);
        assert_eq!(launch_statuses(client).await, ["FAILED"]);
        let events = events(client, &job).await;
        assert!(events.contains(&"USING_PREVIOUS_SNAPSHOT_FAILED".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn f08_conversions_fail_and_are_tried_again() {
    for (ending, status) in [("", "LAUNCHED"), (", fail: CONVERSION_FAIL", "FAILED")] {
        let rule = rule("conversion", &format!("attempts: 3{ending}"));
        both_ways(&[&rule], async |client| {
            let job = start(client, &[1]).await;
            assert!(finish(client).await);
            assert_eq!(launch_statuses(client).await, [status]);
            let log = log(client, &job).await;
            let failed = log.iter().filter(|item| item["event"] == "CONVERSION_FAIL");
            let counts: Vec<_> = failed
                .map(|item| item["eventData"]["attemptCount"].as_u64())
                .collect();
            assert_eq!(counts[..3], [Some(1), Some(2), Some(3)]);
        })
        .await;
    }
}

#[tokio::test]
async fn f09_one_launch_of_several_fails() {
    let rule = rule(
        "launch",
        "fail: LAUNCH_FAILED, raw_error: InsufficientInstanceCapacity",
    );
    both_ways(&[&rule], async |client| {
        let job = start(client, &[1, 2]).await;
        assert!(finish(client).await);
        assert_eq!(launch_statuses(client).await, ["FAILED", "LAUNCHED"]);
        let log = log(client, &job).await;
        let failure = log
            .iter()
            .find(|item| item["event"] == "LAUNCH_FAILED")
            .unwrap();
        assert_eq!(
            failure["eventData"]["rawError"],
            "InsufficientInstanceCapacity"
        );
    })
    .await;
}

#[tokio::test]
async fn f10_a_server_is_stuck_for_ever() {
    both_ways(&[&rule("conversion", "stall: forever")], async |client| {
        start(client, &[1, 2]).await;
        assert!(!finish(client).await);
        advance(client, 86_400).await;
        assert_eq!(launch_statuses(client).await, ["IN_PROGRESS", "LAUNCHED"]);
        assert_eq!(super::jobs(client).await[0]["status"], "STARTED");
    })
    .await;
}

#[tokio::test]
async fn f11_a_job_completes_with_a_server_in_progress() {
    both_ways(
        &[&rule("launch", "leave_in_progress: true")],
        async |client| {
            start(client, &[1, 2]).await;
            assert!(finish(client).await);
            assert_eq!(launch_statuses(client).await, ["IN_PROGRESS", "LAUNCHED"]);
        },
    )
    .await;
}

#[tokio::test]
async fn f12_a_job_completes_with_nothing_launched() {
    let silent = "{ when: { phase: conversion }, do: { fail_silently: true } }";
    both_ways(&[silent], async |client| {
        let job = start(client, &[1]).await;
        assert!(finish(client).await);
        assert_eq!(launch_statuses(client).await, ["FAILED"]);
        let events = events(client, &job).await;
        assert!(!events.contains(&"LAUNCH_START".to_owned()));
    })
    .await;
    let denied = "{ when: { deny: [\"drs:CreateRecoveryInstanceForDrs\"] } }";
    both_ways(&[denied], async |client| {
        let job = start(client, &[1, 2]).await;
        assert!(finish(client).await);
        assert_eq!(launch_statuses(client).await, ["FAILED", "FAILED"]);
        let log = log(client, &job).await;
        let failure = log
            .iter()
            .find(|item| item["event"] == "LAUNCH_FAILED")
            .unwrap();
        let reason = failure["eventData"]["rawError"].as_str().unwrap();
        assert!(reason.contains("CreateRecoveryInstanceForDrs"));
        assert!(instances(client).await.is_empty());
        let orphans = client.ec2("Action=DescribeInstances").await.unwrap();
        assert_eq!(
            orphans.text.matches("<instanceId>").count(),
            2,
            "{}",
            orphans.text
        );
    })
    .await;
}

#[tokio::test]
async fn f24_instances_are_refused_or_fail_to_end() {
    let rules = [
        "{ when: { op: TerminateRecoveryInstances }, do: { error: ConflictException }, times: 1 }"
            .to_owned(),
        rule(
            "terminate",
            "fail: CLEANUP_FAIL, raw_error: OperationNotPermitted",
        ),
    ];
    let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
    both_ways(&rules, async |client| {
        start(client, &[1, 2]).await;
        assert!(finish(client).await);
        let ids: Vec<_> = instances(client)
            .await
            .iter()
            .map(|one| one["recoveryInstanceID"].clone())
            .collect();
        let request = json!({ "recoveryInstanceIDs": ids });
        assert_eq!(
            ask(client, "TerminateRecoveryInstances", request.clone())
                .await
                .status,
            409
        );
        assert_eq!(
            ask(client, "TerminateRecoveryInstances", request)
                .await
                .status,
            200
        );
        assert!(finish(client).await);
        advance(client, 60).await;
        let left = instances(client).await;
        assert_eq!(left.len(), 1);
        assert_eq!(left[0]["sourceServerID"], crate::support::server(1));
        assert_eq!(left[0]["ec2InstanceState"], "RUNNING");
    })
    .await;
}
