//! Pages and their cursors.

use serde_json::Value;
use test_support::fakes::server_id;

use crate::support::{Service, get, group, post};

async fn with_groups(count: u32) -> Service {
    let service = Service::new();
    for number in 1..=count {
        service.bench.drs.add_server(number);
        let body = group(&format!("group {number}"), &[server_id(number).to_string()]);
        assert_eq!(
            service
                .send(&post("/protection-groups", &body))
                .await
                .status,
            201
        );
    }
    service
}

fn names(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().expect("items");
    items
        .iter()
        .map(|item| item["name"].as_str().expect("a name").to_owned())
        .collect()
}

#[tokio::test]
async fn pages_follow_each_other_without_a_gap_and_end() {
    let service = with_groups(5).await;
    let mut found = Vec::new();
    let mut token: Option<String> = None;
    loop {
        let next = token
            .as_ref()
            .map_or_else(String::new, |token| format!("&nextToken={token}"));
        let page = service
            .send(&get(&format!("/protection-groups?maxResults=2{next}")))
            .await;
        assert_eq!(page.status, 200);
        found.extend(names(&page.body));
        match page.body.get("nextToken") {
            None => break,
            Some(text) => token = text.as_str().map(str::to_owned),
        }
    }
    assert_eq!(
        found,
        ["group 1", "group 2", "group 3", "group 4", "group 5"]
    );
}

#[tokio::test]
async fn a_cursor_serves_its_own_list_with_its_own_filters_only() {
    let service = with_groups(3).await;
    let page = service.send(&get("/protection-groups?maxResults=1")).await;
    let token = page.id("nextToken");
    let cases = [
        format!("/recovery-plans?nextToken={token}"),
        format!("/executions?nextToken={token}"),
        format!("/executions?kind=DRILL&nextToken={token}"),
        format!("/protection-groups?nextToken={}", changed(&token)),
        format!("/protection-groups?nextToken={}", &token[..token.len() - 2]),
        "/protection-groups?nextToken=x".to_owned(),
        "/protection-groups?nextToken=".to_owned(),
        "/protection-groups?nextToken=%00%ff".to_owned(),
    ];
    for case in cases {
        let reply = service.send(&get(&case)).await;
        assert_eq!(
            (reply.status, reply.code()),
            (400, "INVALID_CURSOR"),
            "{case}"
        );
    }
}

/// The last sign is another one.
fn changed(token: &str) -> String {
    let (rest, last) = token.split_at(token.len() - 1);
    format!("{rest}{}", if last == "A" { "Q" } else { "A" })
}

#[tokio::test]
async fn a_page_has_from_1_to_100_items() {
    let service = with_groups(1).await;
    for wrong in ["0", "101", "-1", "%2B5", "5.0", "many", ""] {
        let reply = service
            .send(&get(&format!("/protection-groups?maxResults={wrong}")))
            .await;
        assert_eq!(reply.status, 400, "{wrong}");
        assert_eq!(reply.faults()[0].0, "maxResults", "{wrong}");
    }
    for right in ["1", "100"] {
        let reply = service
            .send(&get(&format!("/protection-groups?maxResults={right}")))
            .await;
        assert_eq!(reply.status, 200, "{right}");
    }
}

#[tokio::test]
async fn bad_filters_are_told_all_at_once() {
    let service = Service::new();
    let query =
        "status=DONE&kind=drill&recoveryPlanId=1&startedAfter=now&startedBefore=&colour=red";
    let reply = service.send(&get(&format!("/executions?{query}"))).await;
    assert_eq!(
        reply.faults(),
        [("colour".to_owned(), "UNKNOWN_MEMBER".to_owned())]
    );
    let query = query.replace("&colour=red", "");
    let reply = service.send(&get(&format!("/executions?{query}"))).await;
    assert_eq!(reply.status, 400);
    let paths: Vec<String> = reply.faults().into_iter().map(|(path, _)| path).collect();
    assert_eq!(
        paths,
        [
            "status",
            "kind",
            "recoveryPlanId",
            "startedAfter",
            "startedBefore"
        ]
    );
}

#[tokio::test]
async fn a_span_that_ends_before_it_begins_is_a_fault() {
    let service = Service::new();
    let span = async |after: &str, before: &str| {
        let query = format!("startedAfter={after}&startedBefore={before}");
        service.send(&get(&format!("/executions?{query}"))).await
    };
    let reply = span("2026-11-23T09:00:01Z", "2026-11-23T09:00:00Z").await;
    assert_eq!((reply.status, reply.code()), (400, "INVALID_REQUEST"));
    let fault = ("startedAfter".to_owned(), "OUT_OF_RANGE".to_owned());
    assert_eq!(reply.faults(), [fault]);
    let same = span("2026-11-23T09:00:00Z", "2026-11-23T09:00:00Z").await;
    assert_eq!(same.status, 200);
}

#[tokio::test]
async fn what_is_no_time_or_no_number_is_said_in_the_words_of_the_api() {
    let service = Service::new();
    let cases = [
        (
            "startedAfter=yesterday",
            "a point in time is written as RFC 3339 says, such as `2026-11-23T09:00:00Z`",
        ),
        (
            "startedBefore=2026-11-23",
            "a point in time is written as RFC 3339 says, such as `2026-11-23T09:00:00Z`",
        ),
        ("maxResults=many", "a number from 1 to 100"),
        ("maxResults=101", "a number from 1 to 100"),
    ];
    for (query, message) in cases {
        let reply = service.send(&get(&format!("/executions?{query}"))).await;
        assert_eq!(reply.status, 400, "{query}");
        assert_eq!(reply.body["faults"][0]["message"], message, "{query}");
    }
}
