//! The world in the way, defects, and what the log says.

use std::io::Write;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use engine::ports::{Clock, DrsErrorClass};
use jiff::{SignedDuration, Timestamp};
use lambda_support::telemetry;
use serde_json::{Value, json};
use test_support::fakes::{Bench, server_id};
use test_support::memory::{Faults, Rate};
use tracing::Level;

use crate::support::{Service, get, group, post};

#[tokio::test]
async fn tables_out_of_reach_are_503_and_say_when_to_ask_again() {
    let service = Service::new();
    let unavailable = Faults {
        unavailable: Rate(1_000),
        ..Faults::default()
    };
    service.bench.store.inject(unavailable, 1);
    let reply = service.send(&get("/executions")).await;
    assert_eq!((reply.status, reply.code()), (503, "UNAVAILABLE"));
    assert_eq!(reply.headers["retry-after"], "2");
    assert!(!reply.body.to_string().contains("injected"), "{reply:?}");
}

#[tokio::test]
async fn a_drs_in_the_way_is_told_apart_by_what_it_said() {
    let cases = [
        (DrsErrorClass::Throttled, 503, "DRS_THROTTLED"),
        (DrsErrorClass::Transient, 503, "DRS_UNAVAILABLE"),
        (DrsErrorClass::Denied, 409, "DRS_ACCESS_DENIED"),
        (DrsErrorClass::Conflict, 409, "DRS_CONFLICT"),
        (DrsErrorClass::QuotaExceeded, 409, "DRS_QUOTA_EXCEEDED"),
        (DrsErrorClass::Invalid, 500, "INTERNAL_ERROR"),
    ];
    for (class, status, code) in cases {
        let service = Service::new();
        service.bench.drs.set_outage(Some(class));
        let reply = service
            .send(&get("/drs/source-servers?region=us-west-2"))
            .await;
        assert_eq!((reply.status, reply.code()), (status, code));
        assert_eq!(reply.headers.contains_key("retry-after"), status == 503);
    }
}

/// How often the table fails, of a thousand calls: so often that each call of a request is met in
/// a few hundred requests.
const OFTEN: u16 = 60;

#[tokio::test]
async fn a_start_that_lives_is_never_answered_as_failed() {
    let mut met = (0, 0);
    for seed in 0..300 {
        let service = Service::new();
        let plan = service.shop().await;
        let body = json!({ "recoveryPlanId": plan, "kind": "DRILL" });
        service.bench.store.inject(failing_often(), seed);
        let reply = service.send(&post("/executions", &body)).await;
        service.bench.store.inject(Faults::default(), seed);
        let listed = service.send(&get("/executions")).await;
        let alive = listed.body["items"].as_array().unwrap().len();
        match reply.status {
            202 => met.0 += 1,
            status => {
                assert_eq!((status, alive), (503, 0), "seed {seed}: {reply:?}");
                met.1 += 1;
            }
        }
    }
    assert!(met.0 > 50 && met.1 > 50, "{met:?} of both kinds");
}

#[tokio::test]
async fn a_command_that_is_saved_is_never_answered_as_failed() {
    let mut met = (0, 0);
    for seed in 0..300 {
        let service = Service::new();
        let plan = service.shop().await;
        let id = service.drill(&plan).await;
        service.drive(&id).await;
        let pause = post(&format!("/executions/{id}/pause"), &json!({}));
        service.bench.store.inject(failing_often(), seed);
        let reply = service.send(&pause).await;
        service.bench.store.inject(Faults::default(), seed);
        let now = service.execution(&id).await;
        match reply.status {
            200 => met.0 += 1,
            status => {
                assert_eq!(
                    (status, &now["status"]),
                    (503, &json!("RUNNING")),
                    "seed {seed}"
                );
                met.1 += 1;
            }
        }
    }
    assert!(met.0 > 50 && met.1 > 20, "{met:?} of both kinds");
}

fn failing_often() -> Faults {
    Faults {
        unavailable: Rate(OFTEN),
        ..Faults::default()
    }
}

#[derive(Debug)]
struct BrokenClock;

#[async_trait]
impl Clock for BrokenClock {
    fn now(&self) -> Timestamp {
        panic!("a secret of the request")
    }

    async fn sleep(&self, _: SignedDuration) {}
}

#[tokio::test]
async fn a_defect_is_a_500_with_the_id_of_the_request_and_nothing_else() {
    let service = Service::with_clock(Bench::new(), Arc::new(BrokenClock));
    let reply = service.send(&get("/executions")).await;
    assert_eq!((reply.status, reply.code()), (500, "INTERNAL_ERROR"));
    assert_eq!(reply.body["requestId"], "request-1");
    assert!(!reply.body.to_string().contains("secret"));
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0
            .lock()
            .expect("no test panics while it writes")
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_request_is_one_line_without_personal_data_headers_or_content() {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = telemetry::subscriber(Level::TRACE, move || writer.clone());
    let service = Service::new();
    service.bench.drs.add_server(1);
    let guard = tracing::subscriber::set_default(subscriber);
    let body = group("Secret name", &[server_id(1).to_string()]);
    let create = post("/protection-groups", &body).header("Authorization", "Bearer secret-token");
    let id = service.send(&create).await.id("protectionGroupId");
    service
        .send(&get(&format!("/protection-groups/{id}")))
        .await;
    service.send(&get("/nowhere").claims(None)).await;
    drop(guard);
    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    for private in ["secret-token", "Secret name", "operator@example.com", &id] {
        assert!(!text.contains(private), "{private} in {text}");
    }
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 3, "{text}");
    let first = &lines[0];
    assert_eq!(first["http.method"], "POST");
    assert_eq!(first["http.route"], "/protection-groups");
    assert_eq!(first["http.status"], 201);
    assert_eq!(first["request.id"], "request-1");
    assert_eq!(first["actor.sub"], "3f1c2b7e-0000-4000-8000-000000000001");
    assert!(first["duration_ms"].is_u64());
    assert_eq!(
        lines[1]["http.route"],
        "/protection-groups/{protectionGroupId}"
    );
    assert_eq!(lines[2]["http.route"], "none");
    assert_eq!(lines[2].get("actor.sub"), None);
    assert_eq!(json!(404), lines[2]["http.status"]);
    assert_eq!(first.get("problem.code"), None);
    assert_eq!(lines[2]["problem.code"], "NOT_FOUND");
}
