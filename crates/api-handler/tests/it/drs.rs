//! What DRS has.

use domain::source_server::DrillFlag;
use insta::assert_json_snapshot;
use test_support::fakes::{ACCOUNT, Operation, server_id};

use crate::support::{Service, get, group, post};

#[tokio::test]
async fn source_servers_are_listed_with_their_groups_and_instances() {
    let service = Service::new();
    service.bench.drs.add_server(1);
    service.bench.drs.add_server(2);
    service
        .bench
        .drs
        .add_instance(&server_id(2), DrillFlag::Recovery);
    let body = group("Databases", &[server_id(1).to_string()]);
    service.send(&post("/protection-groups", &body)).await;
    let path = format!("/drs/source-servers?region=us-west-2&accountId={ACCOUNT}");
    assert_json_snapshot!(service.send(&get(&path)).await.shown());
}

#[tokio::test]
async fn a_region_where_drs_is_not_initialised_is_a_state_and_no_error() {
    let service = Service::new();
    let reply = service
        .send(&get("/drs/source-servers?region=eu-west-1"))
        .await;
    assert_eq!(reply.status, 200);
    assert_eq!(
        reply.body,
        serde_json::json!({ "initialized": false, "items": [] })
    );
}

#[tokio::test]
async fn an_account_that_is_not_served_is_refused_by_its_name_and_never_asked() {
    let service = Service::new();
    let everything = [
        Operation::Jobs,
        Operation::SourceServers,
        Operation::RecoveryInstances,
    ];
    service.bench.drs.be_silent(&everything);
    let mut body = group("Databases", &[server_id(1).to_string()]);
    body["accountId"] = "444455556666".into();
    for call in [
        get("/drs/source-servers?region=us-west-2&accountId=444455556666"),
        get("/drs/quotas?region=us-west-2&accountId=444455556666"),
        post("/protection-groups", &body),
    ] {
        let reply = service.send(&call).await;
        let told = (reply.status, reply.code());
        assert_eq!(told, (400, "UNKNOWN_ACCOUNT"), "{call:?}");
        let fault = ("accountId".to_owned(), "UNKNOWN_ACCOUNT".to_owned());
        assert_eq!(reply.faults(), [fault], "{call:?}");
    }
}

#[tokio::test]
async fn quotas_show_limits_and_what_is_used() {
    let service = Service::new();
    service.bench.drs.add_server(1);
    assert_json_snapshot!(
        service
            .send(&get("/drs/quotas?region=us-west-2"))
            .await
            .shown()
    );
}

#[tokio::test]
async fn the_region_is_required_and_nothing_else_is_known() {
    let service = Service::new();
    let reply = service.send(&get("/drs/quotas")).await;
    assert_eq!((reply.status, reply.code()), (400, "INVALID_REQUEST"));
    assert_eq!(
        reply.faults(),
        [("region".to_owned(), "REQUIRED".to_owned())]
    );
    let reply = service
        .send(&get("/drs/quotas?region=us-west-2&zone=a&region=us-east-1"))
        .await;
    let fault = |path: &str, code: &str| (path.to_owned(), code.to_owned());
    assert_eq!(reply.status, 400);
    assert_eq!(
        reply.faults(),
        [
            fault("region", "DUPLICATE"),
            fault("zone", "UNKNOWN_MEMBER")
        ]
    );
}

/// A start of a drill, and what is asked of DRS, in a Region that does not recognise the account.
#[tokio::test]
async fn a_region_that_is_not_enabled_is_a_fault_of_the_region_with_the_reason() {
    let service = Service::new();
    let plan = service.shop().await;
    let class = engine::ports::DrsErrorClass::NotRecognised;
    service.bench.drs.set_outage(Some(class));
    let mut body = group("Elsewhere", &[server_id(9).to_string()]);
    body["region"] = "il-central-1".into();
    for call in [
        get("/drs/source-servers?region=il-central-1"),
        get("/drs/quotas?region=il-central-1"),
        post("/protection-groups", &body),
    ] {
        let reply = service.send(&call).await;
        let fault = ("region".to_owned(), "REGION_NOT_ENABLED".to_owned());
        assert_eq!(
            (reply.status, reply.faults()),
            (400, vec![fault]),
            "{call:?}"
        );
        let detail = reply.body["detail"].as_str().unwrap_or_default();
        assert!(
            detail.contains("an account has to enable this Region first"),
            "{detail}"
        );
    }
    let drill = serde_json::json!({ "recoveryPlanId": plan, "kind": "DRILL" });
    let reply = service.send(&post("/executions", &drill)).await;
    assert_eq!((reply.status, reply.code()), (409, "COULD_NOT_VERIFY"));
    let detail = reply.body["detail"].as_str().unwrap_or_default();
    assert!(detail.contains("does not recognise"), "{detail}");
}

#[tokio::test]
async fn the_reasons_why_a_region_cannot_be_used_are_told_apart() {
    let service = Service::new();
    let cases = [
        ("the-moon", "INVALID_FORMAT"),
        ("us-wst-2", "UNKNOWN_REGION"),
        ("us-west-99", "UNKNOWN_REGION"),
        ("us-iso-east-1", "UNKNOWN_REGION"),
        ("cn-north-1", "DRS_NOT_OFFERED"),
    ];
    for (region, code) in cases {
        let mut body = group("Elsewhere", &[server_id(9).to_string()]);
        body["region"] = region.into();
        for call in [
            get(&format!("/drs/source-servers?region={region}")),
            get(&format!("/drs/quotas?region={region}")),
            post("/protection-groups", &body),
        ] {
            let reply = service.send(&call).await;
            let fault = ("region".to_owned(), code.to_owned());
            assert_eq!(
                (reply.status, reply.faults()),
                (400, vec![fault]),
                "{call:?}"
            );
            let detail = reply.body["detail"].as_str().unwrap_or_default();
            assert!(!detail.contains("?."), "{detail}");
        }
    }
    for region in ["eu-west-1", "eu-west-4"] {
        let reply = service
            .send(&get(&format!("/drs/source-servers?region={region}")))
            .await;
        assert_eq!(reply.status, 200, "{region}");
    }
}
