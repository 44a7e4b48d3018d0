//! Faults of single requests, and of what they find.

use super::{advance, ask, both_ways, finish, jobs, launch_statuses, start, start_of};
use crate::support::client::Client;
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn f01_a_burst_of_throttling_passes() {
    let rule = "{ when: { op: DescribeJobs }, do: { error: ThrottlingException, retry_after: 2 }, times: 3 }";
    both_ways(&[rule], async |client| {
        for _ in 0..3 {
            let refused = ask(client, "DescribeJobs", json!({})).await;
            assert_eq!((refused.status, refused.header("retry-after")), (429, "2"));
            assert_eq!(refused.header("x-amzn-errortype"), "ThrottlingException");
        }
        assert_eq!(ask(client, "DescribeJobs", json!({})).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn f02_an_answer_is_lost_after_the_job_was_made() {
    let rule = "{ when: { op: StartRecovery }, do: { lose_response: after_commit }, times: 1 }";
    both_ways(&[rule], async |client| {
        assert!(client.drs("StartRecovery", &start_of(&[1])).await.is_err());
        assert_eq!(jobs(client).await[0]["tags"]["attempt"], "1");
    })
    .await;
}

#[tokio::test]
async fn f03_a_500_comes_after_the_job_was_made() {
    let rule = "{ when: { op: StartRecovery }, do: { error: InternalServerException, commit: true }, times: 1 }";
    both_ways(&[rule], async |client| {
        assert_eq!(
            ask(client, "StartRecovery", start_of(&[1])).await.status,
            500
        );
        assert_eq!(
            ask(client, "StartRecovery", start_of(&[1])).await.status,
            409
        );
        assert_eq!(jobs(client).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn f04_a_500_comes_before_anything_was_made() {
    let rule = "{ when: { op: StartRecovery }, do: { error: InternalServerException }, times: 1 }";
    both_ways(&[rule], async |client| {
        assert_eq!(
            ask(client, "StartRecovery", start_of(&[1])).await.status,
            500
        );
        assert!(jobs(client).await.is_empty());
        start(client, &[1]).await;
    })
    .await;
}

#[tokio::test]
async fn f05_somebody_elses_job_holds_a_server() {
    let rule = "{ when: { op: StartRecovery }, do: { foreign_job: { duration: PT10M, tags: { owner: others } } }, times: 1 }";
    both_ways(&[rule], async |client| {
        let refused = ask(client, "StartRecovery", start_of(&[1, 2])).await;
        assert_eq!(refused.status, 409);
        assert!(refused.text.contains("currently being processed by a Job"));
        assert_eq!(jobs(client).await[0]["tags"]["owner"], "others");
        assert!(finish(client).await);
        start(client, &[1, 2]).await;
    })
    .await;
}

#[tokio::test]
async fn f13_a_new_job_has_no_participants_at_first() {
    let rule = "{ when: { op: StartRecovery }, do: { hide_participants: PT30S } }";
    both_ways(&[rule], async |client| {
        start(client, &[1]).await;
        assert_eq!(jobs(client).await[0]["participatingServers"], json!([]));
        advance(client, 31).await;
        assert_eq!(launch_statuses(client).await, ["IN_PROGRESS"]);
    })
    .await;
}

#[tokio::test]
async fn f14_a_new_job_is_invisible_for_thirty_seconds() {
    let rule = "{ when: { op: StartRecovery }, do: { hide_job: PT30S } }";
    both_ways(&[rule], async |client| {
        start(client, &[1]).await;
        assert!(jobs(client).await.is_empty());
        advance(client, 31).await;
        assert_eq!(jobs(client).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn f15_a_job_vanishes_while_its_launch_goes_on() {
    let rule = "{ when: { op: StartRecovery }, do: { vanish_after: PT1M } }";
    both_ways(&[rule], async |client| {
        let job = start(client, &[1]).await;
        advance(client, 61).await;
        assert!(jobs(client).await.is_empty());
        assert!(finish(client).await);
        let servers = ask(client, "DescribeSourceServers", json!({})).await;
        let launch = &servers.body["items"][0]["lifeCycle"]["lastLaunch"];
        assert_eq!(
            (&launch["initiated"]["jobID"], &launch["status"]),
            (&json!(job), &json!("LAUNCHED"))
        );
    })
    .await;
}

#[tokio::test]
async fn f16_a_read_is_stale() {
    let rule = "{ when: { op: DescribeJobs, after: PT20S }, do: { stale: true }, times: 1 }";
    both_ways(&[rule], async |client| {
        start(client, &[1]).await;
        advance(client, 15).await;
        assert_eq!(jobs(client).await[0]["status"], "STARTED");
        advance(client, 15).await;
        assert_eq!(jobs(client).await[0]["status"], "PENDING");
        assert_eq!(jobs(client).await[0]["status"], "STARTED");
    })
    .await;
}

#[tokio::test]
async fn f17_an_agent_falls_silent_just_before_the_launch() {
    for (state, status) in [
        ("DISCONNECTED", 409),
        ("INITIAL_SYNC", 409),
        ("STALLED", 202),
    ] {
        let rule = format!(
            "{{ when: {{ op: StartRecovery }}, do: {{ set_servers: {{ state: {state}, lag: PT20M }} }} }}"
        );
        both_ways(&[&rule], async |client| {
            let answer = ask(client, "StartRecovery", start_of(&[1])).await;
            assert_eq!(answer.status, status, "{state}: {}", answer.text);
            let servers = ask(client, "DescribeSourceServers", json!({})).await;
            let replication = &servers.body["items"][0]["dataReplicationInfo"];
            assert_eq!(replication["dataReplicationState"], state);
        })
        .await;
    }
}

#[tokio::test]
async fn f18_a_pinned_point_has_expired() {
    let rule = "{ when: { op: StartRecovery }, do: { expire_points: true }, times: 1 }";
    both_ways(&[rule], async |client| {
        let server = json!({ "sourceServerID": crate::support::server(1) });
        let points = ask(client, "DescribeRecoverySnapshots", server).await;
        let mut request = start_of(&[1, 2]);
        request["sourceServers"][0]["recoverySnapshotID"] =
            points.body["items"][0]["snapshotID"].clone();
        let refused = ask(client, "StartRecovery", request.clone()).await;
        assert_eq!(
            (refused.status, &refused.body["resourceType"]),
            (400, &json!("RecoverySnapshot"))
        );
        assert!(jobs(client).await.is_empty());
        assert_eq!(ask(client, "StartRecovery", request).await.status, 202);
    })
    .await;
}

#[tokio::test]
async fn f19_drs_is_not_initialised() {
    let rule = "{ when: { region: us-west-2, until: PT1M }, do: { error: UninitializedAccountException } }";
    both_ways(&[rule], async |client| {
        let refused = ask(client, "DescribeSourceServers", json!({})).await;
        assert_eq!(
            refused.header("x-amzn-errortype"),
            "UninitializedAccountException"
        );
        advance(client, 61).await;
        assert_eq!(
            ask(client, "DescribeSourceServers", json!({})).await.status,
            200
        );
    })
    .await;
}

#[tokio::test]
async fn f20_a_quota_is_used_up() {
    let rule =
        "{ when: { op: StartRecovery }, do: { error: ServiceQuotaExceededException }, times: 1 }";
    both_ways(&[rule], async |client| {
        let refused = ask(client, "StartRecovery", start_of(&[1])).await;
        assert_eq!(
            (refused.status, &refused.body["serviceCode"]),
            (402, &json!("drs"))
        );
        assert_eq!(refused.body["quotaCode"], "L-D88FAC3A");
        start(client, &[1]).await;
    })
    .await;
}

#[tokio::test]
async fn f21_a_session_ends_and_a_permission_goes() {
    let rules = [
        "{ when: { op: DescribeJobs }, do: { error: ExpiredTokenException }, times: 1 }",
        "{ when: { deny: [\"drs:DescribeJobs\"] }, times: 1 }",
    ];
    both_ways(&rules, async |client| {
        for error in ["ExpiredTokenException", "AccessDeniedException"] {
            let refused = ask(client, "DescribeJobs", json!({})).await;
            assert_eq!(
                (refused.status, refused.header("x-amzn-errortype")),
                (403, error)
            );
        }
        assert_eq!(ask(client, "DescribeJobs", json!({})).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn f22_a_skewed_clock_is_refused_until_the_caller_follows_the_date() {
    both_ways(
        &["{ when: { op: DescribeJobs }, do: { clock_skew: PT10M } }"],
        async |client| {
            let refused = ask(client, "DescribeJobs", json!({})).await;
            assert_eq!(
                (refused.status, refused.header("x-amzn-errortype")),
                (403, "InvalidSignatureException")
            );
            assert!(refused.text.contains("Signature expired"));
            let date = refused.header("date");
            let date = jiff::civil::DateTime::strptime("%a, %d %b %Y %H:%M:%S GMT", date).unwrap();
            let signed_at = date.strftime("%Y%m%dT%H%M%SZ").to_string();
            let answer = client.signed_at(&signed_at, "DescribeJobs").await.unwrap();
            assert_eq!(answer.status, 200, "{}", answer.text);
        },
    )
    .await;
}

#[tokio::test]
async fn f22_a_signature_for_another_region_or_service_is_refused() {
    let rule = "{ when: { region: us-east-1 }, do: { error: InvalidSignatureException, message: \"Credential should be scoped to a valid region.\" } }";
    both_ways(&[rule], async |client| {
        let refused = client
            .with_key("111122223333", "DescribeJobs", "us-east-1")
            .await
            .unwrap();
        assert_eq!(
            (refused.status, refused.header("x-amzn-errortype")),
            (403, "InvalidSignatureException")
        );
        assert!(refused.text.contains("valid region"));
        assert_eq!(ask(client, "DescribeJobs", json!({})).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn f25_an_answer_is_slow() {
    both_ways(
        &["{ when: { op: DescribeJobs }, do: { hold: PT0.2S } }"],
        async |client| {
            let begun = std::time::Instant::now();
            assert_eq!(ask(client, "DescribeJobs", json!({})).await.status, 200);
            assert!(begun.elapsed() >= Duration::from_millis(200));
        },
    )
    .await;
}

#[tokio::test]
async fn f25_a_request_hangs_before_or_after_it_took_effect() {
    for (when, made) in [("before_commit", 0), ("after_commit", 1)] {
        let rule = format!("{{ when: {{ op: StartRecovery }}, do: {{ hang: {when} }} }}");
        both_ways(&[&rule], async |client| {
            let request = start_of(&[1]);
            let answer = tokio::time::timeout(
                Duration::from_millis(300),
                client.drs("StartRecovery", &request),
            );
            assert!(answer.await.is_err(), "there is an answer");
            assert_eq!(jobs(client).await.len(), made, "{when}");
        })
        .await;
    }
}

#[tokio::test]
async fn f25_an_answer_ends_in_its_middle() {
    for (when, made) in [("before_commit", 0), ("after_commit", 1)] {
        let rule = format!(
            "{{ when: {{ op: StartRecovery }}, do: {{ half_response: {when} }}, times: 1 }}"
        );
        both_ways(&[&rule], async |client| {
            assert!(client.drs("StartRecovery", &start_of(&[1])).await.is_err());
            assert_eq!(jobs(client).await.len(), made, "{when}");
        })
        .await;
    }
}

#[tokio::test]
async fn f26_answers_have_unknown_values_and_members_and_lack_others() {
    let rule = "{ when: { op: DescribeJobs }, do: { surprise: { set: { /items/*/status: PAUSED_BY_AWS, /items/0/novelty: { deep: [1] } }, remove: [/items/*/participatingServers, /items/*/tags], fractional_seconds: true } } }";
    both_ways(&[rule], async |client| {
        start(client, &[1]).await;
        start(client, &[2]).await;
        advance(client, 60).await;
        let jobs = jobs(client).await;
        for job in &jobs {
            assert_eq!(job["status"], "PAUSED_BY_AWS");
            assert!(job.get("participatingServers").is_none() && job.get("tags").is_none());
            let made_at = job["creationDateTime"].as_str().unwrap();
            assert!(
                made_at.contains('.') && made_at.parse::<jiff::Timestamp>().is_ok(),
                "{made_at}"
            );
        }
        assert_eq!(jobs[0]["novelty"], json!({ "deep": [1] }));
        assert!(jobs[1].get("novelty").is_none());
    })
    .await;
}

#[tokio::test]
async fn f29_a_region_cannot_be_reached_for_a_while() {
    let rule = "{ when: { region: us-west-2, until: PT2M }, do: { lose_response: before_commit } }";
    let reached = async |client: &Client| {
        assert!(client.drs("DescribeJobs", &json!({})).await.is_err());
        assert!(client.ec2("Action=DescribeInstances").await.is_err());
        let elsewhere = client
            .with_key("111122223333", "DescribeJobs", "us-east-1")
            .await;
        assert_eq!(elsewhere.unwrap().status, 200);
        advance(client, 121).await;
        assert_eq!(ask(client, "DescribeJobs", json!({})).await.status, 200);
    };
    both_ways(&[rule], reached).await;
    let timeline = "timeline: [ { at: PT0S, region: us-west-2, outage: PT2M } ]\n";
    let client = Client::of(&format!("{}{timeline}", crate::support::FLEET)).await;
    advance(&client, 0).await;
    reached(&client).await;
}

#[tokio::test]
async fn f30_a_caller_dies_between_the_commit_and_its_answer() {
    both_ways(
        &["{ when: { op: StartRecovery }, do: { hold: PT1H }, times: 1 }"],
        async |client| {
            let request = start_of(&[1]);
            // Dropping the request in flight is what the end of its process does to the connection.
            let dead = tokio::time::timeout(
                Duration::from_millis(200),
                client.drs("StartRecovery", &request),
            );
            assert!(dead.await.is_err());
            assert_eq!(jobs(client).await[0]["tags"]["attempt"], "1");
            assert_eq!(
                ask(client, "StartRecovery", start_of(&[1])).await.status,
                409
            );
        },
    )
    .await;
}
