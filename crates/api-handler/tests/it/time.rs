//! A Region that takes calls and never answers them: there is an answer in every case, well
//! before the gateway's 29 seconds.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use test_support::fakes::{Operation, server_id};

use crate::support::{Call, Reply, Service, get, group, post};

/// When the gateway answers by itself.
const GATEWAY: SignedDuration = SignedDuration::from_secs(29);

fn now(service: &Service) -> Timestamp {
    engine::ports::Clock::now(service.bench.clock.as_ref())
}

/// Sends, and sees to it that the answer comes in time.
async fn in_time(service: &Service, call: &Call) -> Reply {
    let begun = now(service);
    let reply = service.send(call).await;
    let took = now(service).duration_since(begun);
    assert!(took < GATEWAY, "{call:?} took {took:?}");
    reply
}

fn recovery(plan: &str, unverified: Option<&str>) -> Value {
    json!({
        "recoveryPlanId": plan, "kind": "RECOVERY",
        "confirm": { "recoveryPlanName": "Shop", "serverCount": 6, "reason": "the site is down" },
        "acknowledge": { "unverified": unverified },
    })
}

const SILENCES: [&[Operation]; 4] = [
    &[Operation::Jobs],
    &[Operation::SourceServers],
    &[Operation::RecoveryInstances],
    &[
        Operation::Jobs,
        Operation::SourceServers,
        Operation::RecoveryInstances,
    ],
];

#[tokio::test]
async fn a_recovery_of_a_silent_region_is_accepted_in_time_where_that_is_acknowledged() {
    for silence in SILENCES {
        let service = Service::new();
        let plan = service.shop().await;
        service.bench.drs.be_silent(silence);
        let wish = recovery(&plan, Some("the Region is silent and the shop is down"));
        let reply = in_time(&service, &post("/executions", &wish)).await;
        assert_eq!(reply.status, 202, "{silence:?} {reply:?}");
        let warnings = service.execution(&reply.id("executionId")).await["warnings"].to_string();
        assert!(warnings.contains("nothing could be verified"), "{warnings}");
    }
}

#[tokio::test]
async fn what_would_be_destroyed_is_told_though_jobs_cannot_be_listed() {
    let service = Service::new();
    let plan = service.shop().await;
    let flag = domain::source_server::DrillFlag::Recovery;
    service.bench.drs.add_instance(&server_id(1), flag);
    service.bench.drs.be_silent(&[Operation::Jobs]);
    let wish = recovery(&plan, Some("the Region is silent and the shop is down"));
    let reply = in_time(&service, &post("/executions", &wish)).await;
    let told = (reply.status, reply.code());
    assert_eq!(told, (409, "SERVER_HAS_LIVE_RECOVERY_INSTANCE"));
}

#[tokio::test]
async fn a_start_in_a_silent_region_is_refused_in_time() {
    for silence in SILENCES {
        let service = Service::new();
        let plan = service.shop().await;
        service.bench.drs.be_silent(silence);
        let drill = json!({ "recoveryPlanId": plan, "kind": "DRILL" });
        for wish in [drill, recovery(&plan, None)] {
            let reply = in_time(&service, &post("/executions", &wish)).await;
            assert_eq!(
                (reply.status, reply.code()),
                (409, "COULD_NOT_VERIFY"),
                "{silence:?}"
            );
        }
    }
}

#[tokio::test]
async fn whatever_else_needs_a_silent_region_is_answered_in_time() {
    let service = Service::new();
    service.three_groups().await;
    let groups = service.send(&get("/protection-groups")).await;
    let id = groups.body["items"][0]["protectionGroupId"]
        .as_str()
        .expect("an id")
        .to_owned();
    let everything = SILENCES[3];
    service.bench.drs.be_silent(everything);
    let body = group("more", &[server_id(9).to_string()]);
    let put = crate::support::call("PUT", &format!("/protection-groups/{id}"));
    for call in [
        get("/drs/source-servers?region=us-west-2"),
        get("/drs/quotas?region=us-west-2"),
        post("/protection-groups", &body),
        put.json(&body),
    ] {
        let reply = in_time(&service, &call).await;
        assert_eq!(
            (reply.status, reply.code()),
            (503, "DRS_UNAVAILABLE"),
            "{call:?}"
        );
        assert!(reply.headers.contains_key("retry-after"), "{call:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_that_takes_too_long_is_answered_before_the_gateway_does() {
    let service = Service::new();
    let plan = service.shop().await;
    service.bench.machines.be_silent();
    let wish = json!({ "recoveryPlanId": plan, "kind": "DRILL" });
    let begun = tokio::time::Instant::now();
    let reply = service.send(&post("/executions", &wish)).await;
    let took = begun.elapsed().as_secs();
    assert_eq!((reply.status, reply.code()), (503, "OUT_OF_TIME"));
    assert!((20..29).contains(&took), "{took} s");
    assert!(reply.headers.contains_key("retry-after"));
    // The change was made, as the answer says that it may have been.
    let executions = service.send(&get("/executions")).await;
    assert_eq!(executions.body["items"].as_array().map(Vec::len), Some(1));
}
