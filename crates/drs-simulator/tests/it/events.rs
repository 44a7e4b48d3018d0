//! Launch results as `EventBridge` events.

use crate::support::client::Client;
use crate::support::{FLEET, server};
use drs_simulator::server::Options;
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::convert::Infallible;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// A request that the bus received: headers and body.
type Received = (BTreeMap<String, String>, Value);

/// An event bus that takes everything, and its address.
async fn bus() -> (String, UnboundedReceiver<Received>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, receiver) = unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let sender = sender.clone();
            let service = service_fn(move |request| take(request, sender.clone()));
            tokio::spawn(
                hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service),
            );
        }
    });
    (url, receiver)
}

async fn take(
    request: Request<Incoming>,
    sender: UnboundedSender<Received>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let headers = request
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    let body = request.into_body().collect().await.unwrap().to_bytes();
    sender
        .send((headers, serde_json::from_slice(&body).unwrap()))
        .unwrap();
    Ok(Response::new(Full::new(Bytes::from(
        r#"{"FailedEntryCount":0,"Entries":[{}]}"#,
    ))))
}

fn start(numbers: &[usize], is_drill: bool) -> Value {
    let servers: Vec<_> = numbers
        .iter()
        .map(|number| json!({ "sourceServerID": server(*number) }))
        .collect();
    json!({ "isDrill": is_drill, "sourceServers": servers })
}

#[tokio::test]
async fn each_launch_result_is_put_on_the_bus_of_its_account_and_region() {
    let (url, mut bus) = bus().await;
    let rule = "rules: [ { when: { phase: launch, server: { hostname: web-02 } }, do: { fail: LAUNCH_FAILED } } ]\n";
    let client = Client::with_events(&format!("{FLEET}{rule}"), &url).await;
    let job = client
        .drs("StartRecovery", &start(&[1, 2], true))
        .await
        .unwrap()
        .body["job"]["jobID"]
        .clone();
    client
        .sim("POST", "clock/advance", r#"{"until":"job:*:COMPLETED"}"#)
        .await;
    let mut entries = Vec::new();
    while entries.len() < 2 {
        let (headers, body) = bus.recv().await.unwrap();
        assert_eq!(headers["x-amz-target"], "AWSEvents.PutEvents");
        assert_eq!(headers["content-type"], "application/x-amz-json-1.1");
        assert!(
            headers["authorization"]
                .contains("Credential=111122223333/20260101/us-west-2/events/aws4_request"),
            "{headers:?}"
        );
        entries.extend(body["Entries"].as_array().unwrap().clone());
    }
    for (entry, (number, state)) in entries.iter().zip([
        (1, "RECOVERY_LAUNCH_SUCCEEDED"),
        (2, "RECOVERY_LAUNCH_FAILED"),
    ]) {
        assert_eq!(entry["Source"], "drs.simulator");
        assert_eq!(entry["DetailType"], "DRS Source Server Launch Result");
        assert_eq!(
            entry["Resources"][0],
            format!(
                "arn:aws:drs:us-west-2:111122223333:source-server/{}",
                server(number)
            )
        );
        let detail: Value = serde_json::from_str(entry["Detail"].as_str().unwrap()).unwrap();
        let wanted = json!({ "state": state, "job-id": job, "source-server-id": server(number), "is-drill": "TRUE" });
        assert_eq!(detail, wanted);
    }
}

#[tokio::test]
async fn a_scaled_world_publishes_while_nobody_asks() {
    let (url, mut bus) = bus().await;
    let client = Client::with_events(
        &format!("{FLEET}clock: {{ mode: scaled, scale: 6000 }}\n"),
        &url,
    )
    .await;
    client
        .drs("StartRecovery", &start(&[1], false))
        .await
        .unwrap();
    let (_, body) = bus.recv().await.unwrap();
    let detail: Value =
        serde_json::from_str(body["Entries"][0]["Detail"].as_str().unwrap()).unwrap();
    assert_eq!(detail["is-drill"], "FALSE");
}

#[tokio::test]
async fn a_bus_that_is_away_blocks_nothing() {
    let gone = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let client = Client::with_events(FLEET, &format!("http://{gone}")).await;
    client
        .drs("StartRecovery", &start(&[1], true))
        .await
        .unwrap();
    client
        .sim("POST", "clock/advance", r#"{"until":"job:*:COMPLETED"}"#)
        .await;
    let listed = client.drs("DescribeJobs", &json!({})).await.unwrap().body;
    assert_eq!(listed["items"][0]["status"], "COMPLETED");
}

#[tokio::test]
async fn an_endpoint_of_another_kind_is_refused_at_the_start() {
    for endpoint in ["https://127.0.0.1:1", "127.0.0.1:1", "http://host:port"] {
        let options = Options {
            events_endpoint: Some(endpoint.to_owned()),
            ..Options::default()
        };
        let error = drs_simulator::server::start(crate::support::scenario(""), options)
            .await
            .unwrap_err();
        assert!(error.to_string().contains(endpoint), "{error}");
    }
}

#[tokio::test]
async fn a_port_that_is_taken_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = taken.local_addr().unwrap().port();
    let options = Options {
        port,
        ..Options::default()
    };
    let error = drs_simulator::server::start(crate::support::scenario(""), options)
        .await
        .unwrap_err();
    assert!(error.to_string().contains(&port.to_string()), "{error}");
}
