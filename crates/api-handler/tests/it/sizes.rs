//! What an answer may have in bytes, with everything at its longest.

use std::collections::BTreeMap;

use domain::execution::clean_up::{CleanUpInstance, CleanUpInstanceState, CleanUpStatus};
use domain::execution::{Execution, Server, ServerState};
use domain::source_server::{DrillFlag, RecoveryInstance, Replication, SourceServer};
use engine::ports::execution_store::StoredExecution;
use engine::ports::{ExecutionStore, PlanStore};
use serde_json::{Value, json};
use test_support::fakes::{self, server_id};

use crate::support::{Service, get, group, post};

/// Most bytes of any answer.
const ANSWER_BYTES_MAX: usize = 4_000_000;

/// What takes the most bytes: letters that JSON escapes, and letters of three bytes.
const LETTERS: [&str; 2] = ["🚑", "世"];

/// As long as DRS and EC2 let a tag be, in letters of four bytes.
fn longest_tags() -> BTreeMap<String, String> {
    let key = |number: usize| format!("{number:02}{}", "🚑".repeat(62));
    let tags = (0..50).map(|number| (key(number), "🚑".repeat(128)));
    tags.collect()
}

#[tokio::test]
async fn every_page_of_source_servers_with_the_longest_tags_fits_an_answer() {
    let service = Service::new();
    for number in 1..=400 {
        service.bench.drs.put_server(SourceServer {
            hostname: Some(format!("{number:05}-{}", "\u{1}".repeat(240)).into()),
            tags: longest_tags(),
            ..fakes::server(number)
        });
    }
    let (items, sizes) = service.all("/drs/source-servers?region=us-west-2").await;
    assert_eq!(items.len(), 400);
    let largest = sizes.iter().max().copied().unwrap_or_default();
    assert!(largest <= ANSWER_BYTES_MAX, "{largest}");
    assert!(
        largest > ANSWER_BYTES_MAX / 2,
        "{largest}: pages are larger than that"
    );
    println!(
        "source servers: {} pages, the largest {largest} bytes",
        sizes.len()
    );
}

/// A text of this many bytes.
fn text(letter: &str, bytes: usize) -> String {
    letter.repeat(bytes / letter.len())
}

/// A plan of 4,000 servers in eight groups.
async fn large_plan(service: &Service) -> String {
    let mut waves = Vec::new();
    for number in 0..8 {
        let servers = (1..=500).map(|server| server_id(number * 500 + server));
        let servers: Vec<String> = servers
            .map(|id| {
                service.bench.drs.put_server(SourceServer {
                    id: id.clone(),
                    ..fakes::server(1)
                });
                id.to_string()
            })
            .collect();
        let body = group(&format!("group {number}"), &servers);
        let made = service.send(&post("/protection-groups", &body)).await;
        let group = made.id("protectionGroupId");
        let key = format!("wave-{number}");
        waves.push(json!({ "key": key, "protectionGroupIds": [group], "dependsOn": [] }));
    }
    let plan = json!({ "name": "Everything", "waves": waves });
    let plan = service.send(&post("/recovery-plans", &plan)).await;
    plan.id("recoveryPlanId")
}

/// A drill of that plan.
async fn large_drill(service: &Service) -> String {
    let plan = large_plan(service).await;
    service.drill(&plan).await
}

#[tokio::test]
async fn a_refusal_that_is_about_4_000_servers_names_them_all_and_fits_an_answer() {
    let service = Service::new();
    let plan = large_plan(&service).await;
    for number in 1..=4_000 {
        let stalled = Replication::Stalled;
        service
            .bench
            .drs
            .set_replication(&server_id(number), stalled);
    }
    let wish = json!({ "recoveryPlanId": plan, "kind": "DRILL" });
    let reply = service.send(&post("/executions", &wish)).await;
    let told = (reply.status, reply.code());
    assert_eq!(told, (409, "SERVERS_NOT_RECOVERABLE"));
    let servers = reply.body["servers"].as_array().expect("servers");
    assert_eq!(servers.len(), 4_000);
    let detail = reply.body["detail"].as_str().expect("a detail");
    assert!(detail.ends_with("and 3980 others."), "{detail}");
    let bytes = reply.body.to_string().len();
    assert!(bytes <= ANSWER_BYTES_MAX, "{bytes}");
    println!("a refusal about 4,000 servers: {bytes} bytes");
}

#[tokio::test]
async fn a_refusal_names_a_few_of_the_servers_that_are_in_another_group() {
    let service = Service::new();
    large_plan(&service).await;
    let servers: Vec<String> = (501..=1_000).map(|n| server_id(n).to_string()).collect();
    let body = group("the same", &servers);
    let reply = service.send(&post("/protection-groups", &body)).await;
    let told = (reply.status, reply.code());
    assert_eq!(told, (409, "SERVER_IN_ANOTHER_GROUP"));
    let detail = reply.body["detail"].as_str().expect("a detail");
    assert!(detail.ends_with("and 480 others."), "{detail}");
    assert_eq!(reply.body["servers"].as_array().map(Vec::len), Some(500));
}

/// Everything that is said of a server at its longest, as the domain bounds it.
fn lengthen(server: &mut Server, letter: &str) {
    let other = "00000000-0000-4000-8000-00000000000f";
    let job = "drsjob-0123456789abcdef0";
    let instance = format!("i-{}", &server.id.as_str()[2..]);
    server.state = ServerState::Reconciling;
    server.hostname = Some(text(letter, 255).into());
    server.error = Some(text(letter, 400).into());
    server.warnings = (0..5)
        .map(|number| format!("{number}{}", text(letter, 199)).into())
        .collect();
    server.attempts = u32::MAX;
    server.job = job.parse().ok();
    server.replaced_by = other.parse().ok();
    server.passed_to = other.parse().ok();
    server.carried_over = other.parse().ok();
    server.instance = Some(RecoveryInstance {
        id: instance.parse().expect("an id"),
        server: Some(server.id.clone()),
        job: job.parse().ok(),
        drill: DrillFlag::Drill,
        ec2_state: Some("SHUTTING-DOWN".into()),
        private_ips: vec!["2001:db8:85a3:8d3:1319:8a2e:370:7348".into(); 8],
        recovery_point_at: "2026-11-23T09:00:00.123456789Z".parse().ok(),
        failback_state: None,
    });
}

fn lengthen_all(execution: &mut Execution, letter: &str) {
    let mut instances = Vec::new();
    for wave in &mut execution.waves {
        for job in wave.batches.iter_mut().flat_map(|batch| &mut batch.jobs) {
            job.log_error = Some(text(letter, 65_536).into());
        }
        for server in wave.batches.iter_mut().flat_map(|batch| &mut batch.servers) {
            lengthen(server, letter);
            instances.extend(server.instance.clone().map(|instance| CleanUpInstance {
                id: instance.id,
                server: server.id.clone(),
                state: CleanUpInstanceState::AlreadyGone,
                reason: Some(text(letter, 400).into()),
                place: fakes::place(),
                tries: 0,
                asked_at: None,
                absent_looks: 0,
                job: None,
                put_off_since: None,
                ended_before: None,
                unlisted_looks: 0,
                ending_since: None,
                unproved_looks: 0,
            }));
        }
    }
    let head = &mut execution.head;
    head.clean_up.status = CleanUpStatus::CouldNotVerify;
    head.clean_up.instances = instances;
    head.warnings = vec![text(letter, 2_000).into(); 100];
    head.observation.observed_at = "2026-11-23T09:00:00.123456789Z".parse().ok();
    head.observation.error = Some(text(letter, 65_536).into());
}

/// The drill with everything at its longest.
async fn longest(service: &Service, id: &str, letter: &str) {
    let store = &service.bench.store;
    let id = id.parse().expect("an id");
    let before = store
        .execution(&id)
        .await
        .expect("the table answers")
        .expect("a drill");
    let mut after = StoredExecution {
        version: before.version + 1,
        ..before.clone()
    };
    lengthen_all(&mut after.execution, letter);
    store
        .save_execution(&before, &after, &[])
        .await
        .expect("it is saved");
}

#[tokio::test]
async fn an_execution_of_4000_servers_with_everything_at_its_longest_fits_an_answer() {
    let service = Service::new();
    let id = large_drill(&service).await;
    let whole = service.send(&get(&format!("/executions/{id}"))).await;
    assert_eq!(whole.status, 200, "{:?}", whole.body);
    assert!(whole.bytes <= ANSWER_BYTES_MAX, "{}", whole.bytes);
    println!("an execution as it starts: {} bytes", whole.bytes);
    for letter in LETTERS {
        longest(&service, &id, letter).await;
        let reply = service.send(&get(&format!("/executions/{id}"))).await;
        assert_eq!(reply.status, 200, "{letter:?} {:?}", reply.body);
        assert!(
            reply.bytes <= ANSWER_BYTES_MAX,
            "{letter:?} {}",
            reply.bytes
        );
        assert_eq!(reply.body["shortened"], true, "{letter:?}");
        assert_eq!(count_servers(&reply.body), 4_000, "{letter:?}");
        let list = format!("/executions/{id}/servers");
        let (servers, sizes) = service.all(&list).await;
        assert_eq!(servers.len(), 4_000, "{letter:?}");
        assert_eq!(servers[0]["error"], text(letter, 400), "{letter:?}");
        let reason = &servers[0]["cleanUpInstances"][0]["reason"];
        assert_eq!(*reason, text(letter, 400), "{letter:?}");
        let largest = sizes.iter().max().copied().unwrap_or_default();
        assert!(largest <= ANSWER_BYTES_MAX, "{letter:?} {largest}");
        println!(
            "{letter:?}: an execution {} bytes, a page {largest} bytes",
            reply.bytes
        );
    }
}

#[tokio::test]
async fn a_page_of_the_largest_groups_fits_an_answer() {
    let service = Service::new();
    let servers: Vec<String> = (1..=500)
        .map(|number| service.bench.drs.add_server(number).to_string())
        .collect();
    let mut body = group(&"🚑".repeat(64), &servers);
    body["description"] = "\u{1}".repeat(1_000).into();
    body["drillIsolation"]["statement"] = format!("a{}", "\u{1}".repeat(998) + "a").into();
    let made = service.send(&post("/protection-groups", &body)).await;
    assert_eq!(made.status, 201, "{:?}", made.body);
    assert!(made.bytes * 100 <= ANSWER_BYTES_MAX, "{}", made.bytes);
    println!("the largest group: {} bytes", made.bytes);
}

#[tokio::test]
async fn pages_of_the_largest_plans_end_early_and_leave_none_out() {
    let service = Service::new();
    let groups = service.three_groups().await;
    let mut ids = Vec::new();
    for number in 0..30 {
        let servers: Vec<String> = (0..8_500)
            .map(|other| format!("s-{number:04}{other:013x}"))
            .chain([server_id(1).to_string()])
            .collect();
        let waves = json!([{ "key": "all", "protectionGroupIds": [groups[0]] }]);
        let plan = json!({ "name": format!("plan {number}"), "waves": waves });
        let made = service.send(&post("/recovery-plans", &plan)).await;
        let id = made.id("recoveryPlanId");
        let typed = id.parse().expect("an id");
        let store = &service.bench.store;
        let before = store
            .plan(&typed)
            .await
            .expect("the table answers")
            .expect("a plan");
        let mut after = before.clone();
        after.version += 1;
        let servers = servers
            .iter()
            .map(|id| id.parse().expect("an id"))
            .collect();
        after.content.waves[0].servers = Some(servers);
        store
            .update_plan(&before, &after)
            .await
            .expect("it is saved");
        ids.push(id);
    }
    let (plans, sizes) = service.all("/recovery-plans?maxResults=100").await;
    let found: Vec<&str> = plans
        .iter()
        .filter_map(|plan| plan["recoveryPlanId"].as_str())
        .collect();
    assert_eq!(found.len(), ids.len());
    assert!(
        ids.iter().all(|id| found.contains(&id.as_str())),
        "{found:?}"
    );
    assert_eq!(sizes.len(), 2, "{sizes:?}");
    assert!(
        sizes.iter().all(|size| *size <= ANSWER_BYTES_MAX),
        "{sizes:?}"
    );
    println!("plans: {sizes:?} bytes");
}

#[tokio::test]
async fn a_problem_with_the_most_and_the_longest_faults_fits_an_answer() {
    let service = Service::new();
    let names = (0..240).map(|number| format!("{number}{}", "🚑".repeat(250)));
    let members: serde_json::Map<String, Value> = names.map(|name| (name, Value::Null)).collect();
    let reply = service
        .send(&post("/protection-groups", &Value::Object(members)))
        .await;
    assert_eq!(reply.status, 400);
    assert!(reply.faults().len() >= 100, "{}", reply.faults().len());
    assert!(reply.bytes <= ANSWER_BYTES_MAX / 4, "{}", reply.bytes);
    println!("a problem with many long faults: {} bytes", reply.bytes);
}

#[tokio::test]
async fn what_is_too_large_all_the_same_is_a_problem_with_a_code() {
    let service = Service::new();
    let plan = service.shop().await;
    let id = service.drill(&plan).await;
    let store = &service.bench.store;
    let typed = id.parse().expect("an id");
    let before = store
        .execution(&typed)
        .await
        .expect("the table answers")
        .expect("a drill");
    let mut after = before.clone();
    after.version += 1;
    after.execution.head.initiated_by = "x".repeat(ANSWER_BYTES_MAX);
    store
        .save_execution(&before, &after, &[])
        .await
        .expect("it is saved");
    let reply = service.send(&get(&format!("/executions/{id}"))).await;
    assert_eq!((reply.status, reply.code()), (500, "ANSWER_TOO_LARGE"));
    assert!(reply.bytes < 1_000, "{}", reply.bytes);
    assert_eq!(reply.headers["content-type"], "application/problem+json");
}

#[tokio::test]
async fn a_repeated_command_to_a_large_execution_is_answered_again() {
    let service = Service::new();
    let id = large_drill(&service).await;
    let pause = post(
        &format!("/executions/{id}/pause"),
        &json!({ "clientToken": "once" }),
    );
    let first = service.send(&pause).await;
    let second = service.send(&pause).await;
    assert_eq!((first.status, second.status), (200, 200));
    assert_eq!(first.body, second.body);
    assert_eq!(count_servers(&second.body), 4_000);
}

fn count_servers(execution: &Value) -> usize {
    let waves = execution["waves"].as_array().expect("waves").iter();
    waves
        .map(|wave| wave["servers"].as_array().map_or(0, Vec::len))
        .sum()
}
