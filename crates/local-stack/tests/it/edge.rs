//! The one origin, before an emulator that says what it was asked.

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use local_stack::edge::{Origins, router};
use local_stack::http::Http;
use tokio::net::TcpListener;

const DISTRIBUTION: &str = "d111111abcdef8.cloudfront.net";

/// Answers with host, path, protocol and body of the request, and with a header of its own.
async fn echo(request: Request) -> Response {
    let head = shown(&request);
    let body = request.into_body().collect().await.unwrap().to_bytes();
    let text = format!("{head} body={}", String::from_utf8_lossy(&body));
    (StatusCode::IM_A_TEAPOT, [(header::ETAG, "\"7\"")], text).into_response()
}

fn shown(request: &Request) -> String {
    let text = |name: &str| {
        let value = request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok());
        value.unwrap_or("-").to_owned()
    };
    format!(
        "{} {} host={} protocol={} authorization={} te={}",
        request.method(),
        request.uri(),
        text("host"),
        text("x-forwarded-proto"),
        text("authorization"),
        text("te"),
    )
}

async fn listen(service: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
    address
}

/// The address of the emulator, and that of an edge before it.
async fn edge() -> (String, String) {
    let emulator = listen(Router::new().fallback(echo)).await;
    let origins = Origins {
        emulator: emulator.clone(),
        distribution: DISTRIBUTION.to_owned(),
    };
    let edge = listen(router(origins, Http::default())).await;
    (emulator, edge)
}

async fn ask(
    edge: &str,
    method: &str,
    path: &str,
    body: &'static str,
) -> (StatusCode, String, String) {
    let request = Request::builder()
        .method(method)
        .uri(format!("http://{edge}{path}"))
        .header("authorization", "Bearer t")
        .header("te", "trailers")
        .body(Body::from(body))
        .unwrap();
    let response = Http::default().pass(request).await.unwrap();
    let (head, body) = response.into_parts();
    let etag = head
        .headers
        .get(header::ETAG)
        .map_or("-", |etag| etag.to_str().unwrap())
        .to_owned();
    let body = body.collect().await.unwrap().to_bytes();
    (
        head.status,
        etag,
        String::from_utf8_lossy(&body).into_owned(),
    )
}

#[tokio::test]
async fn the_distribution_is_asked_for_pages_and_for_the_api() {
    let (_, edge) = edge().await;
    for path in [
        "/",
        "/executions/abc?x=1",
        "/api/executions?status=RUNNING",
        "/cognitologies",
    ] {
        let (status, etag, text) = ask(&edge, "PUT", path, "hello").await;
        assert_eq!(status, StatusCode::IM_A_TEAPOT);
        assert_eq!(etag, "\"7\"");
        assert_eq!(
            text,
            format!(
                "PUT {path} host={DISTRIBUTION} protocol=https authorization=Bearer t te=- body=hello"
            )
        );
    }
}

#[tokio::test]
async fn cognito_is_asked_under_the_emulators_own_name() {
    let (emulator, edge) = edge().await;
    for path in ["/cognito", "/cognito/"] {
        let (_, _, text) = ask(&edge, "POST", path, "{}").await;
        assert_eq!(
            text,
            format!("POST / host={emulator} protocol=https authorization=Bearer t te=- body={{}}")
        );
    }
}

#[tokio::test]
async fn an_emulator_that_is_gone_is_a_bad_gateway() {
    let gone = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap()
        .to_string();
    let origins = Origins {
        emulator: gone,
        distribution: DISTRIBUTION.to_owned(),
    };
    let edge = listen(router(origins, Http::default())).await;
    let (status, _, text) = ask(&edge, "GET", "/", "").await;
    assert_eq!(status, StatusCode::BAD_GATEWAY);
    assert!(
        text.starts_with("The local emulator does not answer: "),
        "{text}"
    );
}
