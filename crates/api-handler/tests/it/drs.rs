//! What DRS has.

use domain::source_server::DrillFlag;
use insta::assert_json_snapshot;
use lambda_support::fakes::{ACCOUNT, server_id};

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
