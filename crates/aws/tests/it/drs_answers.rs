//! Answers of DRS that the simulator does not give, and the requests as they go out.

use std::time::Duration;

use domain::execution::batch::JobStatus;
use domain::execution::event::LaunchStatus;
use domain::quota::Limits;
use domain::source_server::{DrillFlag, Replication, Volumes};
use domain::{Kind, SourceServerId};
use engine::ports::drs::{JobFilter, LaunchDisposition};
use engine::ports::{Drs, DrsErrorClass};

use crate::canned::Canned;
use crate::drs::{client, launch};
use crate::samples::{job, place};

const CALL: Duration = Duration::from_secs(5);

async fn canned(status: u16, body: &str) -> (Canned, aws::DrsClient) {
    let server = Canned::start(status, body).await;
    let drs = client(&server.url, CALL);
    (server, drs)
}

fn source_server() -> SourceServerId {
    "s-0123456789abcdef0".parse().unwrap()
}

#[tokio::test]
async fn a_launch_goes_out_with_its_flag_and_its_tags() {
    let (server, drs) = canned(202, r#"{"job":{"jobID":"drsjob-00000000000000001"}}"#).await;
    let answer = drs.start_recovery(&launch(Kind::Drill, 1..=2)).await;
    assert_eq!(answer, Ok(job(1)));
    drs.start_recovery(&launch(Kind::Recovery, 3..=3))
        .await
        .unwrap();
    let requests = server.requests();
    assert!(
        requests[0]
            .head
            .starts_with("post /startrecovery http/1.1\r\n")
    );
    assert!(
        requests[0]
            .head
            .contains("amz-sdk-request: attempt=1; max=1\r\n")
    );
    let region = "credential=111122223333/";
    assert!(requests[0].head.contains(region) && requests[0].head.contains("/us-west-2/drs/"));
    insta::assert_snapshot!(requests[0].body, @r#"{"isDrill":true,"sourceServers":[{"sourceServerID":"s-00000000000000001"},{"sourceServerID":"s-00000000000000002"}],"tags":{"drs-orchestration:attempt":"e.0.0.1"}}"#);
    insta::assert_snapshot!(requests[1].body, @r#"{"isDrill":false,"sourceServers":[{"sourceServerID":"s-00000000000000003"}],"tags":{"drs-orchestration:attempt":"e.0.0.1"}}"#);
}

#[tokio::test]
async fn a_launch_answered_without_a_job_is_in_doubt() {
    for body in [
        "{}",
        r#"{"job":{}}"#,
        r#"{"job":{"jobID":"job-1"}}"#,
        "<html>",
        "[]",
    ] {
        let (_server, drs) = canned(202, body).await;
        let error = drs
            .start_recovery(&launch(Kind::Drill, 1..=1))
            .await
            .unwrap_err();
        assert_eq!(error.class, DrsErrorClass::Transient, "{body}: {error:?}");
    }
}

#[tokio::test]
async fn errors_are_classified_by_code_and_by_status() {
    use DrsErrorClass::{
        Conflict, Denied, Invalid, NotInitialised, NotRecognised, QuotaExceeded, Throttled,
        Transient,
    };
    for (status, code, class) in [
        (429, "ThrottlingException", Throttled),
        (400, "ThrottlingException", Throttled),
        (409, "ConflictException", Conflict),
        (402, "ServiceQuotaExceededException", QuotaExceeded),
        (400, "UninitializedAccountException", NotInitialised),
        (403, "AccessDeniedException", Denied),
        (403, "ExpiredTokenException", Denied),
        (403, "UnrecognizedClientException", NotRecognised),
        (403, "OptInRequired", NotRecognised),
        (400, "ValidationException", Invalid),
        (404, "ResourceNotFoundException", Invalid),
        (500, "InternalServerException", Transient),
        (503, "ConflictException", Transient),
        (429, "SomethingNew", Throttled),
        (402, "SomethingNew", QuotaExceeded),
        (409, "SomethingNew", Conflict),
        (401, "SomethingNew", Denied),
        (400, "SomethingNew", Invalid),
        (408, "SomethingNew", Transient),
        (502, "SomethingNew", Transient),
    ] {
        let body = format!(r#"{{"__type":"{code}","message":"why"}}"#);
        let (server, drs) = canned(status, &body).await;
        let error = drs
            .start_recovery(&launch(Kind::Drill, 1..=1))
            .await
            .unwrap_err();
        assert_eq!(error.class, class, "{status} {code}");
        assert_eq!(error.text.as_str(), format!("{code}: why"));
        assert_eq!(server.requests().len(), 1, "{status} {code}: sent once");
    }
}

#[tokio::test]
async fn a_quota_of_one_job_is_told_from_those_of_all_jobs() {
    for (quota, class) in [
        ("L-B827C881", DrsErrorClass::JobTooLarge),
        ("L-D88FAC3A", DrsErrorClass::QuotaExceeded),
        ("L-05AFA8C6", DrsErrorClass::QuotaExceeded),
    ] {
        let body = format!(
            r#"{{"__type":"ServiceQuotaExceededException","message":"no","quotaCode":"{quota}"}}"#
        );
        let (_server, drs) = canned(402, &body).await;
        let error = drs
            .start_recovery(&launch(Kind::Drill, 1..=1))
            .await
            .unwrap_err();
        assert_eq!(error.class, class, "{quota}");
    }
}

#[tokio::test]
async fn an_error_names_its_resource_and_its_fields() {
    let body = r#"{"__type":"ValidationException","message":"Invalid.","resourceId":"s-0123456789abcdef0",
        "fieldList":[{"name":"sourceServers","message":"is archived"}]}"#;
    let (_server, drs) = canned(400, body).await;
    let error = drs
        .start_recovery(&launch(Kind::Drill, 1..=1))
        .await
        .unwrap_err();
    assert_eq!(error.resource.as_deref(), Some("s-0123456789abcdef0"));
    assert_eq!(
        error.text,
        "ValidationException: Invalid. (sourceServers: is archived)"
    );
}

#[tokio::test]
async fn a_page_of_somebody_else_is_an_error_and_no_panic() {
    for (status, class) in [
        (502, DrsErrorClass::Transient),
        (403, DrsErrorClass::Denied),
    ] {
        let (_server, drs) = canned(status, "<html>Bad Gateway</html>").await;
        let error = drs
            .start_recovery(&launch(Kind::Drill, 1..=1))
            .await
            .unwrap_err();
        assert_eq!(error.class, class);
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_in_doubt() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let answer = client(&url, CALL)
        .start_recovery(&launch(Kind::Drill, 1..=1))
        .await;
    assert_eq!(answer.unwrap_err().class, DrsErrorClass::Transient);
}

#[tokio::test]
async fn words_that_are_not_known_are_kept() {
    let body = r#"{"items":[{"sourceServerID":"s-0123456789abcdef0","somethingNew":{"deep":[1]},
        "dataReplicationInfo":{"dataReplicationState":"HIBERNATING","lagDuration":"P1DT2H0.5S",
            "replicatedDisks":[{"volumeStatus":"REGULAR"},{"volumeStatus":"MISSING_SOMETHING_NEW"}]}}]}"#;
    let (_server, drs) = canned(200, body).await;
    let found = drs.source_servers(&place(), None).await.unwrap();
    assert_eq!(
        found[0].replication,
        Replication::Other("HIBERNATING".to_owned())
    );
    assert_eq!(found[0].lag_seconds, Some(93_600));
    assert_eq!(found[0].volumes, Volumes::Missing);

    let body = r#"{"items":[{"jobID":"drsjob-00000000000000001","status":"FINISHING","type":"REHEARSE",
        "participatingServers":[{"sourceServerID":"s-0123456789abcdef0","launchStatus":"HALF_LAUNCHED"}]}]}"#;
    let (_server, drs) = canned(200, body).await;
    let jobs = drs
        .jobs(&place(), JobFilter::Ids(vec![job(1)]))
        .await
        .unwrap();
    assert_eq!(
        (jobs[0].status, jobs[0].kind.as_str()),
        (JobStatus::Started, "REHEARSE")
    );
    assert_eq!(jobs[0].servers[0].status, LaunchStatus::Pending);

    let body = r#"{"items":[{"event":"LAUNCH_END","logDateTime":"2026-11-23T08:00:00.123456Z",
        "eventData":{"sourceServerID":"s-0123456789abcdef0","attemptCount":1,"maxAttemptsCount":3}}]}"#;
    let (_server, drs) = canned(200, body).await;
    let log = drs.job_log(&place(), &job(1)).await.unwrap();
    assert_eq!(log[0].event, "LAUNCH_END");
    assert_eq!(log[0].attempt, Some((1, 3)));
    assert_eq!(
        log[0].at.unwrap().to_string(),
        "2026-11-23T08:00:00.123456Z"
    );
}

#[tokio::test]
async fn members_that_are_missing_are_missing() {
    let body = r#"{"items":[{"recoveryInstanceID":"i-0123456789abcdef0"}]}"#;
    let (_server, drs) = canned(200, body).await;
    let found = drs
        .recovery_instances(&place(), &[source_server()])
        .await
        .unwrap();
    assert_eq!(found[0].drill, DrillFlag::Unsaid);
    assert_eq!(
        (&found[0].server, &found[0].job, &found[0].ec2_state),
        (&None, &None, &None)
    );
    assert!(
        found[0].is_live(),
        "what is not known to be gone counts as live"
    );

    let (_server, drs) = canned(
        200,
        r#"{"items":[{"sourceServerID":"s-0123456789abcdef0"}]}"#,
    )
    .await;
    let found = drs.source_servers(&place(), None).await.unwrap();
    assert_eq!(
        found[0].replication,
        Replication::Other("NOT_REPORTED".to_owned())
    );
    assert_eq!((found[0].lag_seconds, &found[0].hostname), (None, &None));

    let (_server, drs) = canned(200, r#"{"items":[{"jobID":"drsjob-00000000000000001"}]}"#).await;
    let jobs = drs
        .jobs(&place(), JobFilter::Ids(vec![job(1)]))
        .await
        .unwrap();
    assert_eq!(jobs[0].status, JobStatus::Pending);
    assert_eq!((jobs[0].servers.len(), jobs[0].created_at), (0, None));

    let (_server, drs) = canned(200, "{}").await;
    let disposition = drs.launch_disposition(&place(), &source_server()).await;
    assert_eq!(disposition, Ok(LaunchDisposition::Unknown));
}

#[tokio::test]
async fn a_listing_with_an_entry_that_cannot_be_understood_is_no_listing() {
    let (_server, drs) = canned(200, r#"{"items":[{"hostname":"web-01"}]}"#).await;
    let error = drs.source_servers(&place(), None).await.unwrap_err();
    assert_eq!(error.class, DrsErrorClass::Transient);
}

#[tokio::test]
async fn a_long_log_is_read_in_pages_that_fit_the_memory_and_its_texts_are_cut() {
    let repeated = |letter: &str| letter.repeat(65_536);
    let texts = ["ä", "世", "🚑", "\\\"", "\\u0001"].map(repeated);
    let entry = |error: &String| {
        let data = format!(r#"{{"rawError":"{error}","conversionServerID":"{error}"}}"#);
        format!(r#"{{"event":"LAUNCH_FAILED","eventData":{data}}}"#)
    };
    let entries = texts.each_ref().map(entry).join(",");
    let (server, drs) = canned(200, &format!(r#"{{"items":[{entries}]}}"#)).await;
    let log = drs.job_log(&place(), &job(1)).await.unwrap();
    assert!(server.requests()[0].body.contains(r#""maxResults":200"#));
    assert_eq!(log.len(), 5);
    for entry in &log {
        assert!(entry.error.as_ref().unwrap().ends_with('…'), "{entry:?}");
        assert_eq!(entry.attempt, None);
    }
    // Ten of them are an item of the table.
    let bytes = serde_json::to_string(&log).unwrap().len();
    assert!(bytes / 5 * 10 < 100_000, "{bytes}");
}

/// A DRS whose log of each job has 602 entries, six of each of 100 servers and two of the job: it
/// gives as many at once as it is asked for.
async fn full_logs() -> Canned {
    Canned::answering(|request| {
        let asked: serde_json::Value = serde_json::from_str(&request.body).unwrap();
        let most = asked["maxResults"].as_u64().unwrap();
        let from: u64 = asked["nextToken"]
            .as_str()
            .map_or(0, |token| token.parse().unwrap());
        let to = (from + most).min(602);
        let items: Vec<_> = (from..to)
            .map(|_| r#"{"event":"SNAPSHOT_START"}"#)
            .collect();
        let next = if to < 602 {
            format!(r#","nextToken":"{to}""#)
        } else {
            String::new()
        };
        (200, format!(r#"{{"items":[{}]{next}}}"#, items.join(",")))
    })
    .await
}

#[tokio::test]
async fn the_logs_of_35_jobs_of_100_servers_are_read_in_140_calls() {
    let server = full_logs().await;
    let drs = client(&server.url, CALL);
    for number in 1..=35 {
        let log = drs.job_log(&place(), &job(number)).await.unwrap();
        assert_eq!(log.len(), 602);
    }
    assert_eq!(server.requests().len(), 140);
}

#[tokio::test]
async fn quotas_are_read_once_and_remembered() {
    let server = Canned::answering(|request| {
        if request.body.contains("L-D88FAC3A") {
            (
                200,
                r#"{"Quota":{"QuotaCode":"L-D88FAC3A","Value":25.0}}"#.to_owned(),
            )
        } else if request.body.contains("L-05AFA8C6") {
            (
                200,
                r#"{"Quota":{"QuotaCode":"L-05AFA8C6","Value":600.0}}"#.to_owned(),
            )
        } else if request.body.contains("L-C1D14A2B") {
            (200, r#"{"Quota":{}}"#.to_owned())
        } else {
            let body = r#"{"__type":"NoSuchResourceException","message":"why"}"#;
            (400, body.to_owned())
        }
    })
    .await;
    let drs = client(&server.url, CALL);
    let expected = Limits {
        concurrent_jobs: 25,
        servers_in_all_jobs: 600,
        ..Limits::DEFAULT
    };
    for _ in 0..3 {
        assert_eq!(drs.limits(&place()).await, Ok(expected));
    }
    let mut bodies: Vec<String> = server
        .requests()
        .iter()
        .map(|one| one.body.clone())
        .collect();
    bodies.sort();
    assert_eq!(bodies.len(), 4, "once each");
    insta::assert_snapshot!(bodies[0], @r#"{"ServiceCode":"drs","QuotaCode":"L-05AFA8C6"}"#);
}
