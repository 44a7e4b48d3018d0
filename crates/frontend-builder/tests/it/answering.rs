//! `CloudFormation` gets exactly one answer, whatever happens.

use std::time::Duration;

use frontend_builder::answer::Debt;
use frontend_builder::supervise::{TIME_TO_ANSWER, Unanswered, serve};
use serde_json::Value;

use crate::fakes::{World, event};

const INVOCATION: Duration = Duration::from_mins(5);

async fn answers_to(world: &World, event: Value) -> Vec<Value> {
    serve(world.resource(), world, &Debt::default(), event, INVOCATION)
        .await
        .unwrap();
    world.state().answers.clone()
}

fn console(world: &World) -> String {
    world.archive(&[("index.html", "page"), ("assets/a-11111111.js", "code")])
}

#[tokio::test]
async fn success_repeats_the_request_and_names_what_was_published() {
    let world = World::new();
    let key = console(&world);
    let answers = answers_to(&world, event("Create", &key)).await;
    assert_eq!(
        answers,
        [serde_json::json!({
            "Status": "SUCCESS",
            "PhysicalResourceId": "console",
            "StackId": "arn:aws:cloudformation:us-east-1:111122223333:stack/frontend/1",
            "RequestId": "request-1",
            "LogicalResourceId": "Console",
            "Data": { "ArchiveKey": key, "InvalidationId": "I1" }
        })]
    );
}

#[tokio::test]
async fn a_failed_publication_is_answered_with_its_reason() {
    let world = World::new();
    world.state().broken = Some("CreateInvalidation");
    let key = console(&world);
    let answers = answers_to(&world, event("Create", &key)).await;
    assert_eq!(answers.len(), 1);
    assert_eq!(answers[0]["Status"], "FAILED");
    let reason = answers[0]["Reason"].as_str().unwrap();
    assert!(reason.starts_with("CreateInvalidation of"), "{reason}");
}

#[tokio::test]
async fn a_delete_whose_emptying_fails_is_answered_with_its_reason() {
    let world = World::new();
    world.state().stack_status = "DELETE_IN_PROGRESS".to_owned();
    world.state().broken = Some("ListObjectVersions");
    let answers = answers_to(&world, event("Delete", "k")).await;
    assert_eq!(answers.len(), 1);
    assert_eq!(answers[0]["Status"], "FAILED");
}

#[tokio::test]
async fn properties_that_cannot_be_used_are_answered() {
    let world = World::new();
    let mut event = event("Create", "k");
    event["ResourceProperties"] = Value::Null;
    let answers = answers_to(&world, event).await;
    assert_eq!(answers[0]["Status"], "FAILED");
}

#[tokio::test]
async fn a_panic_of_the_work_is_answered() {
    for (request_type, operation) in [("Create", "PutObject"), ("Delete", "DescribeStacks")] {
        let world = World::new();
        world.state().defective = Some(operation);
        let key = console(&world);
        let answers = answers_to(&world, event(request_type, &key)).await;
        assert_eq!(answers.len(), 1);
        assert_eq!(answers[0]["Status"], "FAILED");
        assert!(answers[0]["Reason"].as_str().unwrap().contains("defect"));
    }
}

#[tokio::test(start_paused = true)]
async fn work_that_does_not_end_is_answered_while_there_is_time_to_answer() {
    let world = World::new();
    world.state().hanging = Some("PutObject");
    let key = console(&world);
    let start = tokio::time::Instant::now();
    let answers = answers_to(&world, event("Create", &key)).await;
    assert_eq!(answers.len(), 1);
    assert!(answers[0]["Reason"].as_str().unwrap().contains("ran out"));
    assert_eq!(start.elapsed() + TIME_TO_ANSWER, INVOCATION);
}

#[tokio::test]
async fn an_answer_that_somebody_else_gave_is_not_given_twice() {
    let world = World::new();
    world.state().hanging = Some("PutObject");
    let debt = Debt::default();
    let key = console(&world);
    let served = serve(
        world.resource(),
        &world,
        &debt,
        event("Create", &key),
        Duration::from_millis(50),
    );
    let elsewhere = async {
        tokio::task::yield_now().await;
        assert!(debt.settle().is_some());
    };
    let (served, ()) = futures::join!(served, elsewhere);
    served.unwrap();
    assert!(world.state().answers.is_empty());
}

#[tokio::test]
async fn an_answer_that_cannot_be_delivered_fails_the_invocation_so_that_lambda_repeats_it() {
    let world = World::new();
    world.state().broken = Some("the answer");
    let key = console(&world);
    let failure = serve(
        world.resource(),
        &world,
        &Debt::default(),
        event("Create", &key),
        INVOCATION,
    )
    .await
    .unwrap_err();
    assert!(matches!(failure, Unanswered::Undelivered(_)));
    assert!(!failure.to_string().contains("s3cr3t"));
}

#[tokio::test]
async fn an_event_without_an_address_fails_and_does_nothing() {
    let world = World::new();
    let failure = serve(
        world.resource(),
        &world,
        &Debt::default(),
        serde_json::json!({ "RequestType": "Create" }),
        INVOCATION,
    )
    .await
    .unwrap_err();
    assert!(matches!(failure, Unanswered::NobodyToAnswer(_)));
    assert!(world.state().journal.is_empty());
}

#[tokio::test]
async fn a_long_reason_still_fits_into_an_answer() {
    let world = World::new();
    let mut event = event("Create", "k");
    event["RequestType"] = "x".repeat(10_000).into();
    let answers = answers_to(&world, event).await;
    assert!(answers[0].to_string().len() < 4_096);
}
