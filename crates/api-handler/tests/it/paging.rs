//! Lists that can have thousands of items, page by page.

use std::collections::BTreeSet;

use domain::source_server::SourceServer;
use serde_json::{Value, json};
use test_support::fakes::{self, server_id};

use crate::support::{Service, get, group, post};

const SERVERS: &str = "/drs/source-servers?region=us-west-2";

fn texts(items: &[Value], member: &str) -> Vec<String> {
    let texts = items.iter().map(|item| item[member].as_str());
    texts
        .map(|text| text.unwrap_or("nothing").to_owned())
        .collect()
}

fn named(number: u32, hostname: Option<&str>) -> SourceServer {
    SourceServer {
        hostname: hostname.map(str::to_owned).map(Into::into),
        ..fakes::server(number)
    }
}

#[tokio::test]
async fn source_servers_come_page_by_page_in_one_order_without_a_gap() {
    let service = Service::new();
    let names = [Some("b"), None, Some("a"), Some("b"), None, Some("a")];
    for (number, name) in (1..).zip(names) {
        service.bench.drs.put_server(named(number, name));
    }
    let (whole, _) = service.all(SERVERS).await;
    let expected = [2, 5, 3, 6, 1, 4].map(|number| server_id(number).to_string());
    assert_eq!(texts(&whole, "sourceServerId"), expected);
    for results_max in 1..=7 {
        let (items, sizes) = service
            .all(&format!("{SERVERS}&maxResults={results_max}"))
            .await;
        assert_eq!(items, whole, "{results_max}");
        assert_eq!(sizes.len(), 6_usize.div_ceil(results_max), "{results_max}");
    }
}

#[tokio::test]
async fn a_page_of_source_servers_goes_on_after_a_server_that_is_gone() {
    let service = Service::new();
    for number in 1..=4 {
        service.bench.drs.add_server(number);
    }
    let first = service.send(&get(&format!("{SERVERS}&maxResults=2"))).await;
    let token = first.id("nextToken");
    service.bench.drs.remove_server(&server_id(2));
    let second = service
        .send(&get(&format!("{SERVERS}&nextToken={token}")))
        .await;
    let left = [3, 4].map(|number| server_id(number).to_string());
    let items = second.body["items"].as_array().expect("items");
    assert_eq!(texts(items, "sourceServerId"), left);
}

#[tokio::test]
async fn a_cursor_of_source_servers_serves_its_own_region_only() {
    let service = Service::new();
    service.bench.drs.add_server(1);
    service.bench.drs.add_server(2);
    let first = service.send(&get(&format!("{SERVERS}&maxResults=1"))).await;
    let token = first.id("nextToken");
    for target in [
        format!("/drs/source-servers?region=us-east-1&nextToken={token}"),
        format!("{SERVERS}&accountId=444455556666&nextToken={token}"),
        format!("/protection-groups?nextToken={token}"),
    ] {
        let reply = service.send(&get(&target)).await;
        assert_eq!(
            (reply.status, reply.code()),
            (400, "INVALID_CURSOR"),
            "{target}"
        );
    }
}

#[tokio::test]
async fn a_page_of_servers_has_from_1_to_1000_items() {
    let service = Service::new();
    for wrong in ["0", "1001", "-1", "many", ""] {
        let reply = service
            .send(&get(&format!("{SERVERS}&maxResults={wrong}")))
            .await;
        assert_eq!(reply.status, 400, "{wrong}");
        assert_eq!(reply.faults()[0].0, "maxResults", "{wrong}");
    }
}

#[tokio::test]
async fn the_servers_of_an_execution_come_page_by_page_and_by_wave_and_status() {
    let service = Service::new();
    let plan = service.shop().await;
    let id = service.drill(&plan).await;
    service.drive(&id).await;
    let list = format!("/executions/{id}/servers");
    let (whole, _) = service.all(&list).await;
    assert_eq!(
        texts(&whole, "waveKey"),
        ["db", "db", "app", "app", "web", "web"]
    );
    for results_max in 1..=7 {
        let (items, _) = service
            .all(&format!("{list}?maxResults={results_max}"))
            .await;
        assert_eq!(items, whole, "{results_max}");
    }
    let (wave, _) = service
        .all(&format!("{list}?waveKey=app&maxResults=1"))
        .await;
    assert_eq!(wave, whole[2..4]);
    let (launching, _) = service.all(&format!("{list}?status=LAUNCHING")).await;
    assert_eq!(launching, whole[..2]);
    let shown = service.execution(&id).await;
    for item in &whole[..2] {
        let mut of_the_wave = item.clone();
        let members = of_the_wave.as_object_mut().expect("an object");
        members.remove("waveKey");
        assert_eq!(members.remove("cleanUpInstances"), Some(json!([])));
        let servers = shown["waves"][0]["servers"].as_array().expect("servers");
        assert!(servers.contains(&of_the_wave), "{of_the_wave}");
    }
}

#[tokio::test]
async fn filters_of_the_servers_of_an_execution_are_told_where_they_are_wrong() {
    let service = Service::new();
    let plan = service.shop().await;
    let id = service.drill(&plan).await;
    let list = format!("/executions/{id}/servers");
    let reply = service
        .send(&get(&format!("{list}?waveKey=none&status=UP")))
        .await;
    let fault = |path: &str, code: &str| (path.to_owned(), code.to_owned());
    assert_eq!(reply.status, 400);
    let faults: BTreeSet<_> = reply.faults().into_iter().collect();
    let expected = [
        fault("status", "INVALID_FORMAT"),
        fault("waveKey", "UNKNOWN_WAVE"),
    ];
    assert_eq!(faults, expected.into());
    let first = service.send(&get(&format!("{list}?maxResults=1"))).await;
    let token = first.id("nextToken");
    let reply = service
        .send(&get(&format!("{list}?waveKey=db&nextToken={token}")))
        .await;
    assert_eq!((reply.status, reply.code()), (400, "INVALID_CURSOR"));
}

#[tokio::test]
async fn statistics_of_plans_come_page_by_page() {
    let service = Service::new();
    let mut plans = Vec::new();
    for number in 1..=3 {
        service.bench.drs.add_server(number);
        let body = group(&format!("group {number}"), &[server_id(number).to_string()]);
        let made = service.send(&post("/protection-groups", &body)).await;
        let waves = json!([{ "key": "all", "protectionGroupIds": [made.id("protectionGroupId")] }]);
        let plan = json!({ "name": format!("plan {number}"), "waves": waves });
        let plan = service
            .send(&post("/recovery-plans", &plan))
            .await
            .id("recoveryPlanId");
        let execution = service.drill(&plan).await;
        service.drive(&execution).await;
        service.finish_jobs(&execution).await;
        plans.push(plan);
    }
    plans.sort();
    for results_max in 1..=4 {
        let list = format!("/statistics/recovery-plans?maxResults={results_max}");
        let (items, _) = service.all(&list).await;
        assert_eq!(texts(&items, "recoveryPlanId"), plans, "{results_max}");
    }
}
