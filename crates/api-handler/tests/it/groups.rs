//! Protection groups.

use insta::assert_json_snapshot;
use serde_json::json;
use test_support::fakes::server_id;

use crate::support::{Service, call, get, group, post};

async fn with_group() -> (Service, String) {
    let service = Service::new();
    service.bench.drs.add_server(1);
    service.bench.drs.add_server(2);
    let body = group("Databases", &[server_id(1).to_string()]);
    let id = service
        .send(&post("/protection-groups", &body))
        .await
        .id("protectionGroupId");
    (service, id)
}

#[tokio::test]
async fn a_group_is_made_read_changed_and_deleted_in_one_representation() {
    let (service, id) = with_group().await;
    let path = format!("/protection-groups/{id}");
    let read = service.send(&get(&path)).await;
    assert_json_snapshot!("group_read", read.shown());
    assert_eq!(read.headers["etag"], "\"1\"");
    assert_eq!(read.headers["cache-control"], "no-store");

    let body = json!({ "name": "Databases", "description": "All of them", "region": "us-west-2",
        "sourceServerIds": [server_id(1), server_id(2)] });
    let update = call("PUT", &path).json(&body).header("If-Match", "\"1\"");
    let updated = service.send(&update).await;
    assert_json_snapshot!("group_updated", updated.shown());
    assert_eq!(updated.headers["etag"], "\"2\"");

    let deleted = service
        .send(&call("DELETE", &path).header("If-Match", "W/\"2\""))
        .await;
    assert_eq!((deleted.status, deleted.body.is_null()), (204, true));
    assert_json_snapshot!("group_gone", service.send(&get(&path)).await.shown());
}

#[tokio::test]
async fn a_creation_answers_201_with_the_version() {
    let service = Service::new();
    service.bench.drs.add_server(1);
    let body = group("Databases", &[server_id(1).to_string()]);
    let created = service.send(&post("/protection-groups", &body)).await;
    assert_eq!(created.status, 201);
    assert_eq!(created.headers["etag"], "\"1\"");
    assert_eq!(
        created.body["drillIsolation"]["confirmedBy"],
        "operator@example.com"
    );
}

#[tokio::test]
async fn a_stale_version_is_412_and_any_version_passes() {
    let (service, id) = with_group().await;
    let path = format!("/protection-groups/{id}");
    let body = group("Databases", &[server_id(2).to_string()]);
    for stale in ["\"7\"", "\"abc\"", "7"] {
        let reply = service
            .send(&call("PUT", &path).json(&body).header("If-Match", stale))
            .await;
        assert_eq!(
            (reply.status, reply.code()),
            (412, "STALE_VERSION"),
            "{stale}"
        );
        assert_eq!(reply.body["version"], 1);
        let reply = service
            .send(&call("DELETE", &path).header("If-Match", stale))
            .await;
        assert_eq!(reply.status, 412, "{stale}");
    }
    let two = call("PUT", &path)
        .json(&body)
        .header("If-Match", "\"1\", \"2\"");
    assert_eq!(service.send(&two).await.status, 400);
    let any = call("PUT", &path).json(&body).header("If-Match", "*");
    assert_eq!(service.send(&any).await.status, 200);
}

#[tokio::test]
async fn a_known_version_is_304_without_content() {
    let (service, id) = with_group().await;
    let path = format!("/protection-groups/{id}");
    for known in ["\"1\"", "W/\"1\"", "\"0\", \"1\"", "*"] {
        let reply = service
            .send(&get(&path).header("If-None-Match", known))
            .await;
        assert_eq!((reply.status, reply.body.is_null()), (304, true), "{known}");
        assert_eq!(reply.headers["etag"], "\"1\"");
    }
    let reply = service
        .send(&get(&path).header("If-None-Match", "\"2\""))
        .await;
    assert_eq!(reply.status, 200);
}

#[tokio::test]
async fn every_fault_of_a_group_is_told_at_once() {
    let service = Service::new();
    let body = json!({ "name": "", "accountId": "mine", "region": "nowhere",
        "sourceServerIds": ["s-1", "", server_id(1), server_id(1)], "drillIsolation": {},
        "clientToken": "t".repeat(65) });
    assert_json_snapshot!(
        service
            .send(&post("/protection-groups", &body))
            .await
            .shown()
    );
}

#[tokio::test]
async fn a_server_that_drs_does_not_know_is_named() {
    let service = Service::new();
    let body = group("Databases", &[server_id(9).to_string()]);
    let reply = service.send(&post("/protection-groups", &body)).await;
    assert_eq!((reply.status, reply.code()), (400, "INVALID_GROUP"));
    let fault = (
        "sourceServerIds[0]".to_owned(),
        "UNKNOWN_SOURCE_SERVER".to_owned(),
    );
    assert_eq!(reply.faults(), [fault]);
}

#[tokio::test]
async fn refusals_name_what_is_in_the_way() {
    let (service, _) = with_group().await;
    let taken = group("DATABASES", &[server_id(2).to_string()]);
    let reply = service.send(&post("/protection-groups", &taken)).await;
    assert_json_snapshot!("group_name_taken", reply.shown());
    let claimed = group("Others", &[server_id(1).to_string()]);
    let reply = service.send(&post("/protection-groups", &claimed)).await;
    assert_json_snapshot!("group_server_taken", reply.shown());
}

#[tokio::test]
async fn a_group_of_a_plan_and_of_an_active_execution_stays() {
    let service = Service::new();
    let plan = service.shop().await;
    let listed = service.send(&get("/protection-groups")).await;
    let id = listed.body["items"][0]["protectionGroupId"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/protection-groups/{id}");
    let in_use = service.send(&call("DELETE", &path)).await;
    assert_json_snapshot!("group_in_use", in_use.shown());
    service.drill(&plan).await;
    let active = service.send(&call("DELETE", &path)).await;
    assert_json_snapshot!("group_in_active_execution", active.shown());
}

#[tokio::test]
async fn names_that_are_equal_to_the_eye_are_taken_and_invisible_ones_are_none() {
    let service = Service::new();
    let mut wanted = Vec::new();
    for number in 1..=4 {
        service.bench.drs.add_server(number);
        wanted.push(server_id(number).to_string());
    }
    let create = async |name: &str, number: usize| {
        let body = group(name, std::slice::from_ref(&wanted[number]));
        service.send(&post("/protection-groups", &body)).await
    };
    assert_eq!(create("Caf\u{e9}", 0).await.status, 201);
    for equal in ["Cafe\u{301}", "CAFE\u{301}", "Caf\u{e9}\u{200b}"] {
        let reply = create(equal, 1).await;
        assert_eq!(
            (reply.status, reply.code()),
            (409, "NAME_TAKEN"),
            "{equal:?}"
        );
        // The name that is there, not the one that was asked for.
        assert_eq!(reply.body["groups"][0]["name"], "Caf\u{e9}");
    }
    for invisible in [
        "\u{200b}\u{feff}",
        "\u{3164}",
        "\u{202e}\u{2069}",
        "\u{2800}",
    ] {
        let reply = create(invisible, 2).await;
        let fault = ("name".to_owned(), "INVALID_FORMAT".to_owned());
        assert_eq!(
            (reply.status, reply.faults()),
            (400, vec![fault]),
            "{invisible:?}"
        );
    }
}
