//! The EC2 adapter over HTTP against the simulator.

#![expect(
    clippy::unwrap_used,
    reason = "in a test, and in what serves tests alone, a panic is the report"
)]

use std::collections::BTreeSet;
use std::fmt::Write;

use aws::Connection;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_ec2::Ec2Client;
use aws_sdk_ec2::config::{Credentials, SharedCredentialsProvider};
use domain::ec2_instance::{Ec2Instance, Ec2State};
use domain::execution::event::{FaultClass, WorldFault};
use domain::{Place, RecoveryInstanceId, SourceServerId};
use drs_simulator::Scenario;
use drs_simulator::server::{Options, Running};
use engine::ports::Ec2;

const ACCOUNT: &str = "111122223333";

/// A simulator in which so many servers have an instance, and the first one's has ended.
async fn simulator(servers: u32, extra: &str) -> Running {
    let mut existing = String::new();
    for number in 1..=servers {
        let state = if number == 1 { "TERMINATED" } else { "RUNNING" };
        writeln!(
            existing,
            "    - {{ server: web-{number:03}, is_drill: true, state: {state} }}"
        )
        .unwrap();
    }
    let text = format!(
        r#"
version: 1
seed: 1
clock: {{ mode: manual, start: "2026-11-23T08:00:00Z" }}
page_size: 7
accounts: [ {{ id: "{ACCOUNT}", regions: {{ us-west-2: {{}} }} }} ]
servers:
  - template: {{ os: linux, disk_gib: 50 }}
    region: us-west-2
    expand: {{ count: {servers}, hostname: "web-{{n:03}}", id: "s-{{n:017x}}" }}
existing:
  recovery_instances:
{existing}
{extra}
"#
    );
    let scenario = Scenario::parse(&text).unwrap();
    let running = drs_simulator::server::start(scenario, Options::default());
    running.await.unwrap()
}

fn ec2(running: &Running) -> Ec2Client {
    let credentials = Credentials::new(ACCOUNT, "x", None, None, "test");
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url(running.url())
        .region(Region::new("us-east-1"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .build();
    Ec2Client::new(&Connection::with(config), ACCOUNT.parse().unwrap())
}

fn place() -> Place {
    Place {
        account: ACCOUNT.parse().unwrap(),
        region: "us-west-2".parse().unwrap(),
    }
}

fn server(number: u32) -> SourceServerId {
    format!("s-{number:017x}").parse().unwrap()
}

async fn ask(
    ec2: &Ec2Client,
    ids: &[RecoveryInstanceId],
    servers: &[SourceServerId],
) -> Result<Vec<Ec2Instance>, WorldFault> {
    ec2.instances(&place(), ids, servers).await
}

#[tokio::test]
async fn instances_are_found_by_the_tags_of_their_servers_with_state_and_time() {
    let running = simulator(3, "").await;
    let ec2 = ec2(&running);
    let servers = [server(1), server(2), server(9)];
    let mut shown = ask(&ec2, &[], &servers).await.unwrap();
    shown.sort_by_key(|one| one.server.clone());
    let [ended, running] = shown.as_slice() else {
        panic!("{shown:?}");
    };
    assert_eq!(ended.server, Some(server(1)));
    assert_eq!(ended.state, Ec2State::Gone);
    assert_eq!(running.server, Some(server(2)));
    assert_eq!(running.state, Ec2State::Alive);
    assert_eq!(running.name.as_deref(), Some("web-002"));
    let launched_at = "2026-11-23T08:00:00Z".parse().unwrap();
    assert_eq!(running.launched_at, Some(launched_at));
}

#[tokio::test]
async fn an_id_that_ec2_does_not_know_spoils_nothing() {
    let running = simulator(2, "").await;
    let ec2 = ec2(&running);
    let known = ask(&ec2, &[], &[server(2)]).await.unwrap()[0].id.clone();
    let unknown: RecoveryInstanceId = "i-0fffffffffffffff1".parse().unwrap();
    let shown = ask(&ec2, &[unknown, known.clone()], &[]).await.unwrap();
    let ids: Vec<_> = shown.into_iter().map(|one| one.id).collect();
    assert_eq!(ids, [known]);
}

#[tokio::test]
async fn more_servers_than_a_filter_takes_are_asked_for_in_parts_and_read_to_the_last_page() {
    let running = simulator(450, "").await;
    let servers: Vec<_> = (1..=450).map(server).collect();
    let shown = ask(&ec2(&running), &[], &servers).await.unwrap();
    let ids: BTreeSet<_> = shown.iter().map(|one| &one.id).collect();
    assert_eq!((shown.len(), ids.len()), (450, 450));
}

#[tokio::test]
async fn what_may_not_be_asked_is_told_from_what_may_work_in_a_moment() {
    let denied = "rules: [ { when: { deny: [\"ec2:DescribeInstances\"] } } ]";
    let running = simulator(1, denied).await;
    let fault = ask(&ec2(&running), &[], &[server(1)]).await.unwrap_err();
    assert_eq!(fault.class, FaultClass::Denied, "{fault:?}");
    assert!(fault.text.contains("UnauthorizedOperation"), "{fault:?}");
    let throttled = "rules: [ { when: { op: \"ec2:DescribeInstances\" }, \
                     do: { error: ThrottlingException } } ]";
    let running = simulator(1, throttled).await;
    let fault = ask(&ec2(&running), &[], &[server(1)]).await.unwrap_err();
    assert_eq!(fault.class, FaultClass::Passing, "{fault:?}");
}

#[tokio::test]
async fn another_account_is_not_asked() {
    let running = simulator(1, "").await;
    let place = Place {
        account: "999988887777".parse().unwrap(),
        ..place()
    };
    let answer = ec2(&running).instances(&place, &[], &[server(1)]).await;
    let fault = answer.unwrap_err();
    assert_eq!(fault.class, FaultClass::Denied);
    assert!(fault.text.contains("999988887777"), "{fault:?}");
}
