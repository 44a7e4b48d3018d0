//! The log of a function is read to its end.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::{Json, Router, routing};
use http_body_util::BodyExt;
use local_stack::function_logs;
use local_stack::http::Http;
use serde_json::{Value, json};
use tokio::net::TcpListener;

const PAGE: usize = 10;

type Log = Arc<Vec<Value>>;

/// Answers like the emulator: the oldest events from a moment on, up to a limit, and no token.
async fn filter(State(log): State<Log>, request: Request) -> Json<Value> {
    // The service's own media type is no JSON to axum.
    let request = request.into_body().collect().await.unwrap().to_bytes();
    let request: Value = serde_json::from_slice(&request).unwrap();
    let group = "/aws/lambda/drs-orchestration-dev-orchestration";
    assert_eq!(request["logGroupName"], group);
    let since = request["startTime"].as_i64().unwrap_or_default();
    let found: Vec<&Value> = log
        .iter()
        .filter(|event| event["timestamp"].as_i64() >= Some(since))
        .take(PAGE)
        .collect();
    Json(json!({ "events": found, "searchedLogStreams": [] }))
}

async fn emulator(count: usize) -> String {
    // Three lines have each moment, so that pages end in the midst of one.
    let event = |number: usize| json!({ "timestamp": 1_000 + number / 3, "message": format!("line {number}") });
    let log: Log = Arc::new((0..count).map(event).collect());
    let service = Router::new()
        .route("/", routing::post(filter))
        .with_state(log);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, service).await });
    format!("http://{address}")
}

#[tokio::test]
async fn a_log_of_many_pages_is_read_to_its_newest_line() {
    for count in [0, 1, PAGE - 1, PAGE, PAGE + 1, 4 * PAGE + 5] {
        let endpoint = emulator(count).await;
        let lines = function_logs::read(&Http::default(), &endpoint, "orchestration")
            .await
            .unwrap();
        let expected: Vec<String> = (0..count).map(|number| format!("line {number}")).collect();
        assert_eq!(lines, expected);
    }
}
