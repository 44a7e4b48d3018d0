//! The DRS adapter over HTTP against the simulator.

use std::collections::BTreeMap;
use std::time::Duration;

use aws::DrsClient;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_drs::config::{Credentials, SharedCredentialsProvider};
use domain::execution::batch::JobStatus;
use domain::execution::event::LaunchStatus;
use domain::quota::Limits;
use domain::source_server::{DrillFlag, Replication, Volumes};
use domain::{Kind, Place, SourceServerId};
use drs_simulator::Scenario;
use drs_simulator::server::{Options, Running};
use engine::ports::drs::{JobFilter, LaunchDisposition, StartRecovery};
use engine::ports::{Drs, DrsError, DrsErrorClass};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::canned::request;
use crate::samples::place;

/// A simulator with one fleet, and the adapter that talks to it.
struct Simulator {
    running: Running,
    drs: DrsClient,
}

/// Twelve servers, some of them in trouble; pages of five; a clock that stands.
async fn simulator(extra: &str) -> Simulator {
    simulator_of(12, 5, extra).await
}

async fn simulator_of(servers: u32, page_size: u32, extra: &str) -> Simulator {
    let text = format!(
        r#"
version: 1
seed: 1
clock: {{ mode: manual, start: "2026-11-23T08:00:00Z" }}
page_size: {page_size}
accounts:
  - id: "111122223333"
    regions: {{ us-west-2: {{}}, eu-west-1: {{ initialized: false }} }}
servers:
  - template: {{ os: linux, disk_gib: 50, lag: PT1H2M3S }}
    region: us-west-2
    expand: {{ count: {servers}, hostname: "web-{{n:03}}", id: "s-{{n:017x}}", tags: {{ tier: web }} }}
{extra}
"#
    );
    let scenario = Scenario::parse(&text).unwrap();
    let running = drs_simulator::server::start(scenario, Options::default())
        .await
        .unwrap();
    let drs = client(&running.url(), Duration::from_secs(5));
    Simulator { running, drs }
}

pub(crate) fn config(url: &str) -> SdkConfig {
    let credentials = Credentials::new("111122223333", "x", None, None, "test");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url(url)
        .region(Region::new("us-east-1"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .build()
}

pub(crate) fn client(url: &str, call_timeout: Duration) -> DrsClient {
    DrsClient::new(config(url), "111122223333".parse().unwrap(), call_timeout)
}

fn server(number: u32) -> SourceServerId {
    format!("s-{number:017x}").parse().unwrap()
}

pub(crate) fn launch(kind: Kind, numbers: std::ops::RangeInclusive<u32>) -> StartRecovery {
    StartRecovery {
        place: place(),
        kind,
        servers: numbers.map(server).collect(),
        tags: BTreeMap::from([("drs-orchestration:attempt".to_owned(), "e.0.0.1".to_owned())]),
    }
}

impl Simulator {
    /// The calls of an operation, as the simulator's own record has them.
    async fn calls(&self, operation: &str) -> Vec<Value> {
        let journal = request(&self.running.url(), "GET", "/_sim/journal", "").await;
        let mut calls = journal["requests"].as_array().unwrap().clone();
        calls.retain(|call| call["operation"] == operation);
        calls
    }

    async fn advance(&self, until: &str) {
        let body = format!(r#"{{"until":"{until}"}}"#);
        request(&self.running.url(), "POST", "/_sim/clock/advance", &body).await;
    }

    async fn state(&self) -> Value {
        let state = request(&self.running.url(), "GET", "/_sim/state", "").await;
        state["accounts"]["111122223333"]["us-west-2"].clone()
    }
}

fn class<T: std::fmt::Debug>(answer: Result<T, DrsError>) -> DrsErrorClass {
    answer.unwrap_err().class
}

#[tokio::test]
async fn listings_are_read_to_their_last_page() {
    let simulator = simulator_of(450, 60, "").await;
    let all = simulator.drs.source_servers(&place(), None).await.unwrap();
    assert_eq!(all.len(), 450);
    assert_eq!(simulator.calls("DescribeSourceServers").await.len(), 8);

    // 250 ids are two filters; a repeated id counts once, an unknown one not at all.
    let mut ids: Vec<SourceServerId> = (1..=250).map(server).collect();
    ids.push(server(1));
    ids.push(server(999));
    let some = simulator
        .drs
        .source_servers(&place(), Some(&ids))
        .await
        .unwrap();
    assert_eq!(some.len(), 250);
    let none = simulator.drs.source_servers(&place(), Some(&[])).await;
    assert_eq!(none, Ok(vec![]), "no ids are not all ids");
    let none = simulator.drs.jobs(&place(), JobFilter::Ids(vec![])).await;
    assert_eq!(none, Ok(vec![]));
}

#[tokio::test]
async fn a_source_server_is_read_with_its_facts() {
    let simulator = simulator("").await;
    let found = simulator
        .drs
        .source_servers(&place(), Some(&[server(3)]))
        .await
        .unwrap();
    let seen = &found[0];
    assert_eq!(seen.id, server(3));
    assert_eq!(seen.hostname.as_deref(), Some("web-003"));
    assert_eq!(seen.replication, Replication::Continuous);
    assert_eq!(seen.lag_seconds, Some(3_723));
    assert_eq!(seen.tags["tier"], "web");
    assert_eq!(
        (&seen.recovery_instance, &seen.last_launch_job),
        (&None, &None)
    );
    assert_eq!(seen.volumes, Volumes::Ready);
    let disposition = simulator.drs.launch_disposition(&place(), &server(3)).await;
    assert_eq!(disposition, Ok(LaunchDisposition::Started));
}

#[tokio::test]
async fn a_job_is_followed_to_its_end() {
    let simulator = simulator("").await;
    let drs = &simulator.drs;
    let wish = launch(Kind::Drill, 1..=3);
    let job = drs.start_recovery(&wish).await.unwrap();
    let open = drs
        .jobs(&place(), JobFilter::Ids(vec![job.clone()]))
        .await
        .unwrap();
    assert!(open[0].status < JobStatus::Completed);
    assert_eq!(
        (open[0].kind.as_str(), &open[0].tags),
        ("LAUNCH", &wish.tags)
    );
    assert_eq!(open[0].servers.len(), 3);

    simulator.advance("job:*:COMPLETED").await;
    let since: Timestamp = "2026-11-23T07:59:00Z".parse().unwrap();
    let ended = drs.jobs(&place(), JobFilter::Since(since)).await.unwrap();
    assert_eq!(
        (&ended[0].id, ended[0].status),
        (&job, JobStatus::Completed)
    );
    assert!(ended[0].created_at.is_some_and(|at| at >= since));
    let launched = |status| status == LaunchStatus::Launched;
    assert!(
        ended[0]
            .servers
            .iter()
            .all(|server| launched(server.status))
    );
    let later = JobFilter::Since(since + SignedDuration::from_hours(9));
    assert_eq!(drs.jobs(&place(), later).await, Ok(vec![]));

    let log = drs.job_log(&place(), &job).await.unwrap();
    assert_eq!(
        (log[0].event.as_str(), &log[0].server),
        ("JOB_START", &None)
    );
    assert_eq!(log.last().unwrap().event, "JOB_END");
    // It is in no model, and DRS sends it.
    assert_eq!(
        log.iter()
            .filter(|entry| entry.event == "LAUNCH_END")
            .count(),
        3
    );
    assert!(log.is_sorted_by_key(|entry| entry.at));
}

#[tokio::test]
async fn instances_of_a_drill_are_found_and_terminated() {
    let simulator = simulator("").await;
    let drs = &simulator.drs;
    let wish = launch(Kind::Drill, 1..=3);
    let job = drs.start_recovery(&wish).await.unwrap();
    simulator.advance("job:*:COMPLETED").await;
    let instances = drs
        .recovery_instances(&place(), &wish.servers)
        .await
        .unwrap();
    assert_eq!(instances.len(), 3);
    for instance in &instances {
        assert_eq!(
            (instance.drill, &instance.job),
            (DrillFlag::Drill, &Some(job.clone()))
        );
        assert!(instance.is_live() && instance.server.is_some());
    }
    let known = drs
        .source_servers(&place(), Some(&wish.servers))
        .await
        .unwrap();
    assert!(
        known
            .iter()
            .all(|server| server.last_launch_job.as_ref() == Some(&job))
    );

    let ids: Vec<_> = instances
        .iter()
        .map(|instance| instance.id.clone())
        .collect();
    let terminate = drs.terminate(&place(), &ids).await.unwrap();
    simulator.advance("job:*:COMPLETED").await;
    let gone = drs
        .jobs(&place(), JobFilter::Ids(vec![terminate]))
        .await
        .unwrap();
    let end = (gone[0].kind.as_str(), gone[0].status);
    assert_eq!(end, ("TERMINATE", JobStatus::Completed));
    // DRS may show what is gone for a while; none of it is live.
    let left = drs
        .recovery_instances(&place(), &wish.servers)
        .await
        .unwrap();
    assert!(left.iter().all(|instance| !instance.is_live()), "{left:?}");
    assert_eq!(drs.recovery_instances(&place(), &[]).await, Ok(vec![]));
}

#[tokio::test]
async fn a_recovery_is_marked_as_one() {
    let simulator = simulator("").await;
    simulator
        .drs
        .start_recovery(&launch(Kind::Recovery, 1..=2))
        .await
        .unwrap();
    simulator.advance("job:*:COMPLETED").await;
    let wanted = [server(1), server(2)];
    let instances = simulator
        .drs
        .recovery_instances(&place(), &wanted)
        .await
        .unwrap();
    assert!(
        instances
            .iter()
            .all(|instance| instance.drill == DrillFlag::Recovery)
    );
    let calls = simulator.calls("StartRecovery").await;
    assert_eq!(calls[0]["request"]["isDrill"], Value::Bool(false));
}

#[tokio::test]
async fn a_launch_whose_answer_is_lost_is_in_doubt_and_sent_once() {
    for effect in [
        "{ lose_response: after_commit }",
        "{ error: InternalServerException, commit: true }",
        "{ hold: PT60S, when: after_commit }",
    ] {
        let rule = format!("rules: [ {{ when: {{ op: StartRecovery }}, do: {effect} }} ]");
        let simulator = simulator(&rule).await;
        let drs = client(&simulator.running.url(), Duration::from_millis(400));
        let answer = drs.start_recovery(&launch(Kind::Drill, 1..=3)).await;
        assert_eq!(class(answer), DrsErrorClass::Transient, "{effect}");
        let jobs = simulator.state().await["jobs"].as_array().unwrap().len();
        assert_eq!(jobs, 1, "{effect}: it was done all the same, once");
        // A held answer stands in no journal before it is given.
        let calls = simulator.calls("StartRecovery").await;
        assert!(calls.len() <= 1, "{effect}: sent once");
    }
}

#[tokio::test]
async fn a_terminate_call_is_sent_once_too() {
    let rule = "rules: [ { when: { op: TerminateRecoveryInstances }, do: { error: InternalServerException } } ]";
    let simulator = simulator(rule).await;
    let instance = "i-0123456789abcdef0".parse().unwrap();
    let answer = simulator.drs.terminate(&place(), &[instance]).await;
    assert_eq!(class(answer), DrsErrorClass::Transient);
    assert_eq!(simulator.calls("TerminateRecoveryInstances").await.len(), 1);
}

#[tokio::test]
async fn a_throttled_read_is_sent_again_and_a_throttled_launch_is_not() {
    let rules = "
rules:
  - { when: { op: DescribeSourceServers }, do: { error: ThrottlingException }, times: 2 }
  - { when: { op: StartRecovery }, do: { error: ThrottlingException } }
";
    let simulator = simulator_of(3, 5, rules).await;
    let found = simulator.drs.source_servers(&place(), None).await.unwrap();
    assert_eq!(found.len(), 3);
    assert_eq!(simulator.calls("DescribeSourceServers").await.len(), 3);
    let answer = simulator
        .drs
        .start_recovery(&launch(Kind::Drill, 1..=2))
        .await;
    assert_eq!(class(answer), DrsErrorClass::Throttled);
    assert_eq!(simulator.calls("StartRecovery").await.len(), 1);
}

#[tokio::test]
async fn a_read_that_stays_broken_is_transient() {
    let rule = "rules: [ { when: { op: DescribeJobs }, do: { error: InternalServerException } } ]";
    let simulator = simulator(rule).await;
    let answer = simulator
        .drs
        .jobs(&place(), JobFilter::Ids(vec![crate::samples::job(1)]))
        .await;
    assert_eq!(class(answer), DrsErrorClass::Transient);
    assert_eq!(simulator.calls("DescribeJobs").await.len(), 3);
}

#[tokio::test]
async fn definite_refusals_are_told_apart() {
    let limits = "limits: { concurrent_jobs: 1 }";
    let simulator = simulator(limits).await;
    let drs = &simulator.drs;
    drs.start_recovery(&launch(Kind::Drill, 1..=3))
        .await
        .unwrap();
    let conflict = drs
        .start_recovery(&launch(Kind::Drill, 3..=4))
        .await
        .unwrap_err();
    let quota = drs
        .start_recovery(&launch(Kind::Drill, 5..=6))
        .await
        .unwrap_err();
    // Which of the two DRS looks at first is its own affair; each is definite.
    assert_eq!(quota.class, DrsErrorClass::QuotaExceeded, "{quota:?}");
    assert!(
        matches!(
            conflict.class,
            DrsErrorClass::Conflict | DrsErrorClass::QuotaExceeded
        ),
        "{conflict:?}"
    );
    assert!(
        quota.text.starts_with("ServiceQuotaExceededException: "),
        "{quota:?}"
    );
    let unknown = drs.start_recovery(&launch(Kind::Drill, 99..=99)).await;
    assert!(matches!(
        class(unknown),
        DrsErrorClass::Invalid | DrsErrorClass::QuotaExceeded
    ));
}

#[tokio::test]
async fn a_server_in_a_job_is_a_conflict() {
    let simulator = simulator("").await;
    simulator
        .drs
        .start_recovery(&launch(Kind::Drill, 1..=3))
        .await
        .unwrap();
    let answer = simulator
        .drs
        .start_recovery(&launch(Kind::Drill, 3..=4))
        .await;
    assert_eq!(class(answer), DrsErrorClass::Conflict);
    let unknown = simulator
        .drs
        .start_recovery(&launch(Kind::Drill, 99..=99))
        .await;
    assert_eq!(class(unknown), DrsErrorClass::Invalid);
}

#[tokio::test]
async fn a_region_without_drs_is_not_initialised() {
    let simulator = simulator("").await;
    let elsewhere = Place {
        region: "eu-west-1".parse().unwrap(),
        ..place()
    };
    let answer = simulator.drs.source_servers(&elsewhere, None).await;
    assert_eq!(class(answer), DrsErrorClass::NotInitialised);
}

#[tokio::test]
async fn what_is_denied_is_denied() {
    let rule = r#"rules: [ { when: { deny: ["drs:StartRecovery"] } } ]"#;
    let simulator = simulator(rule).await;
    let answer = simulator
        .drs
        .start_recovery(&launch(Kind::Drill, 1..=1))
        .await;
    assert_eq!(class(answer), DrsErrorClass::Denied);
}

#[tokio::test]
async fn another_account_is_denied_without_a_call() {
    let simulator = simulator("").await;
    let elsewhere = Place {
        account: "444455556666".parse().unwrap(),
        ..place()
    };
    let error = simulator
        .drs
        .source_servers(&elsewhere, None)
        .await
        .unwrap_err();
    assert_eq!(error.class, DrsErrorClass::Denied);
    assert!(
        error.text.contains("has no role in account 444455556666"),
        "{error:?}"
    );
    assert_eq!(
        class(simulator.drs.limits(&elsewhere).await),
        DrsErrorClass::Denied
    );
    assert_eq!(simulator.calls("DescribeSourceServers").await.len(), 0);
}

#[tokio::test]
async fn the_usual_limits_count_where_service_quotas_does_not_answer() {
    let simulator = simulator("").await;
    assert_eq!(simulator.drs.limits(&place()).await, Ok(Limits::DEFAULT));
}
