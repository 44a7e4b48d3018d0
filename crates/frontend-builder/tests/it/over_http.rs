//! The adapters over the real SDKs, against a server on the loopback that remembers requests.

use std::sync::{Arc, Mutex};

use aws_config::{BehaviorVersion, Region, SdkConfig};
use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::Request;
use axum::http::StatusCode;
use frontend_builder::answer::Answer;
use frontend_builder::aws::{self, ResponseUrlAnswers};
use frontend_builder::event::Addressee;
use serde_json::{Map, Value};

use crate::fakes::{event, key_of, zipped};

#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) line: String,
    pub(crate) headers: axum::http::HeaderMap,
    pub(crate) body: Bytes,
}

pub(crate) struct Server {
    pub(crate) address: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    /// Answers each request with the status and body that `respond` gives for it.
    pub(crate) async fn start<A, B>(respond: A) -> Self
    where
        A: Fn(&Seen) -> (u16, B) + Clone + Send + Sync + 'static,
        B: Into<axum::body::Body>,
    {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let record = Arc::clone(&seen);
        let router = Router::new().fallback(move |request: Request| {
            let (record, respond) = (Arc::clone(&record), respond.clone());
            async move {
                let (parts, body) = request.into_parts();
                let request = Seen {
                    line: format!("{} {}", parts.method, parts.uri),
                    headers: parts.headers,
                    body: to_bytes(body, usize::MAX).await.unwrap(),
                };
                let (status, body) = respond(&request);
                record.lock().unwrap().push(request);
                (StatusCode::from_u16(status).unwrap(), body.into())
            }
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, seen }
    }

    pub(crate) fn requests(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    fn lines(&self) -> Vec<String> {
        self.requests().into_iter().map(|seen| seen.line).collect()
    }

    async fn config(&self) -> SdkConfig {
        let credentials = aws_sdk_s3::config::Credentials::new("k", "s", None, None, "test");
        aws_config::defaults(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(credentials)
            .endpoint_url(&self.address)
            .load()
            .await
    }
}

fn addressee(address: &str) -> Addressee {
    let mut event = event("Create", "k");
    event["ResponseURL"] = address.into();
    Addressee::from_event(&event).unwrap()
}

#[tokio::test]
async fn a_publication_reaches_s3_and_cloudfront_in_order_with_its_headers() {
    let archive = zipped(&[("index.html", "page"), ("assets/a-11111111.js", "code")]);
    let key = key_of(&archive);
    let server = Server::start(move |seen| {
        let listing = "<ListBucketResult><Contents><Key>old.js</Key></Contents></ListBucketResult>";
        let body: Bytes = if seen.line.starts_with("GET /deployment/") {
            archive.clone().into()
        } else if seen.line.contains("list-type=2") {
            listing.into()
        } else if seen.line.contains("/invalidation") {
            "<Invalidation><Id>I1</Id><Status>InProgress</Status></Invalidation>".into()
        } else if seen.line.contains("?delete") {
            "<DeleteResult/>".into()
        } else {
            Bytes::new()
        };
        let created = seen.line.contains("/invalidation");
        (if created { 201 } else { 200 }, body)
    })
    .await;
    let resource = aws::over(&server.config().await);
    resource.perform(event("Create", &key)).await.unwrap();
    let bucket = "/drs-orchestration-test-console";
    assert_eq!(
        server.lines(),
        [
            format!("GET /deployment/{key}?x-id=GetObject"),
            format!("GET {bucket}/?list-type=2"),
            format!("PUT {bucket}/assets/a-11111111.js?x-id=PutObject"),
            format!("PUT {bucket}/config.json?x-id=PutObject"),
            format!("PUT {bucket}/index.html?x-id=PutObject"),
            "POST /2020-05-31/distribution/E1/invalidation".to_owned(),
            format!("POST {bucket}/?delete"),
        ]
    );
    let page = &server.requests()[4];
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    assert_eq!(page.headers["cache-control"], "no-cache");
    let deletion = String::from_utf8(server.requests()[6].body.to_vec()).unwrap();
    assert!(deletion.contains("<Key>old.js</Key>"), "{deletion}");
}

const STATUS: &str = "<DescribeStacksResponse><DescribeStacksResult><Stacks><member>\
    <StackName>f</StackName><StackStatus>DELETE_IN_PROGRESS</StackStatus>\
    <CreationTime>2026-01-01T00:00:00Z</CreationTime>\
    </member></Stacks></DescribeStacksResult></DescribeStacksResponse>";

#[tokio::test]
async fn an_object_that_s3_refuses_to_delete_fails_the_emptying() {
    let server = Server::start(|seen| {
        let body = if seen.line == "POST /" {
            STATUS
        } else if seen.line.contains("?versions") {
            "<ListVersionsResult><Version><Key>a</Key><VersionId>1</VersionId></Version>\
             <DeleteMarker><Key>b</Key><VersionId>2</VersionId></DeleteMarker></ListVersionsResult>"
        } else {
            "<DeleteResult><Error><Key>b</Key><Code>AccessDenied</Code></Error></DeleteResult>"
        };
        (200, body)
    })
    .await;
    let resource = aws::over(&server.config().await);
    let failure = resource.perform(event("Delete", "k")).await.unwrap_err();
    assert_eq!(
        failure.to_string(),
        "DeleteObjects of drs-orchestration-test-console failed: \
         1 of its objects were not deleted, the first is b: AccessDenied."
    );
    let deletion = String::from_utf8(server.requests()[2].body.to_vec()).unwrap();
    assert!(deletion.contains("<VersionId>1</VersionId>"), "{deletion}");
    assert!(deletion.contains("<VersionId>2</VersionId>"), "{deletion}");
}

#[tokio::test]
async fn a_bucket_that_s3_does_not_know_counts_as_empty() {
    let server = Server::start(|seen| {
        if seen.line == "POST /" {
            (200, STATUS)
        } else {
            (404, "<Error><Code>NoSuchBucket</Code></Error>")
        }
    })
    .await;
    let resource = aws::over(&server.config().await);
    resource.perform(event("Delete", "k")).await.unwrap();
}

#[tokio::test]
async fn the_answer_is_one_put_without_a_content_type() {
    let server = Server::start(|_| (200, "")).await;
    let addressee = addressee(&format!("{}/answer?Signature=s3cr3t", server.address));
    let answers = ResponseUrlAnswers::connect();
    answers
        .send(&addressee, &Answer::Success(Map::new()))
        .await
        .unwrap();
    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].line, "PUT /answer?Signature=s3cr3t");
    assert!(!requests[0].headers.contains_key("content-type"));
    let body: Value = serde_json::from_slice(&requests[0].body).unwrap();
    assert_eq!(body["Status"], "SUCCESS");
}

#[tokio::test]
async fn an_answer_that_is_not_taken_at_once_is_sent_again() {
    let attempts = Arc::new(Mutex::new(0));
    let server = Server::start(move |_| {
        let mut attempts = attempts.lock().unwrap();
        *attempts += 1;
        (if *attempts < 3 { 503 } else { 200 }, "")
    })
    .await;
    let answers = ResponseUrlAnswers::connect();
    answers
        .send(
            &addressee(&server.address),
            &Answer::Failed("why".to_owned()),
        )
        .await
        .unwrap();
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_never_taken_fails_without_naming_the_address() {
    for address in ["http://127.0.0.1:9/?Signature=s3cr3t", "no address s3cr3t"] {
        let failure = ResponseUrlAnswers::connect()
            .send(&addressee(address), &Answer::Failed("why".to_owned()))
            .await
            .unwrap_err();
        assert!(!failure.to_string().contains("s3cr3t"), "{failure}");
    }
}
