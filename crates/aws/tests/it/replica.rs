//! The export in another Region: what goes out, and what answers mean.

use aws::{ReplicaBucket, ReplicaPlace};
use engine::ports::Replica;
use engine::ports::replica::ExportedText;

use crate::canned::Canned;
use crate::drs::config;

fn bucket(server: &Canned) -> ReplicaBucket {
    let place = ReplicaPlace {
        bucket: "replica".to_owned(),
        region: "eu-west-1".parse().unwrap(),
    };
    ReplicaBucket::new(&config(&server.url), &place, "us-west-2")
}

fn export() -> ExportedText {
    ExportedText {
        text: "{\"schema\":1}".to_owned(),
        digest: "0123".to_owned(),
    }
}

#[tokio::test]
async fn an_export_that_is_not_there_yet_is_no_failure() {
    let server = Canned::start(404, "").await;
    assert_eq!(bucket(&server).digest().await, Ok(None));
    let head = &server.requests()[0].head;
    assert!(
        head.starts_with("head /replica/exports/us-west-2/groups-and-plans.json"),
        "{head}"
    );
    assert!(head.contains("/eu-west-1/s3/"), "{head}");
}

#[tokio::test]
async fn a_bucket_that_may_not_be_read_is_one() {
    let server = Canned::start(403, "").await;
    let refused = bucket(&server).digest().await.unwrap_err();
    let text = refused.to_string();
    assert!(text.contains("groups-and-plans.json in replica"), "{text}");
}

#[tokio::test]
async fn an_export_is_written_with_its_digest() {
    let server = Canned::start(200, "").await;
    bucket(&server).put(&export()).await.unwrap();
    let request = &server.requests()[0];
    assert!(request.head.starts_with("put "), "{}", request.head);
    assert!(
        request.head.contains("x-amz-meta-sha256: 0123"),
        "{}",
        request.head
    );
    assert!(request.body.contains("\"schema\":1"), "{}", request.body);
}

#[tokio::test]
async fn a_write_that_is_refused_is_told() {
    let error = "<Error><Code>NoSuchBucket</Code><Message>gone</Message></Error>";
    let server = Canned::start(404, error).await;
    let refused = bucket(&server).put(&export()).await.unwrap_err();
    assert!(refused.to_string().contains("NoSuchBucket"), "{refused}");
}
