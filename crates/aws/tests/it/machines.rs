//! State machines and pollers: what goes out, and what answers mean.

use aws::{Connection, PollerInvoker, Settings, StateMachines};
use domain::ExecutionId;
use engine::ports::machines::{Started, Woken};
use engine::ports::{Machines, Pollers};

use crate::canned::Canned;
use crate::drs::config;
use crate::samples::{place, uuid};
use crate::table::names;

const ARN: &str =
    "arn:aws:states:us-west-2:111122223333:stateMachine:drs-orchestration-dev-execution";

fn machines(server: &Canned) -> StateMachines {
    let client = aws_sdk_sfn::Client::new(&config(&server.url));
    StateMachines::new(client, ARN.to_owned())
}

fn execution() -> ExecutionId {
    uuid(7).parse().unwrap()
}

fn error(code: &str) -> (u16, String) {
    (400, format!(r#"{{"__type":"{code}","message":"why"}}"#))
}

#[tokio::test]
async fn a_machine_is_named_by_its_execution_and_start() {
    let server = Canned::start(200, r#"{"executionArn":"arn","startDate":1.0}"#).await;
    let answer = machines(&server).start(&execution(), 3).await;
    assert_eq!(answer, Ok(Started::Running));
    insta::assert_snapshot!(server.requests()[0].body, @r#"{"stateMachineArn":"arn:aws:states:us-west-2:111122223333:stateMachine:drs-orchestration-dev-execution","name":"00000000-0000-4000-8000-000000000007-3","input":"{\"executionId\":\"00000000-0000-4000-8000-000000000007\",\"start\":3}"}"#);
}

#[tokio::test]
async fn a_machine_of_the_same_name_runs_or_is_over() {
    for (status, expected) in [
        ("RUNNING", Started::Running),
        ("SUCCEEDED", Started::OverAlready),
        ("FAILED", Started::OverAlready),
        ("ABORTED", Started::OverAlready),
        ("SOMETHING_NEW", Started::OverAlready),
    ] {
        let server = Canned::answering(move |request| {
            if request.head.contains("describeexecution") {
                let body = format!(
                    r#"{{"executionArn":"a","stateMachineArn":"b","status":"{status}","startDate":1.0}}"#
                );
                (200, body)
            } else {
                error("ExecutionAlreadyExists")
            }
        })
        .await;
        assert_eq!(
            machines(&server).start(&execution(), 1).await,
            Ok(expected),
            "{status}"
        );
        insta::allow_duplicates! {
            insta::assert_snapshot!(server.requests()[1].body, @r#"{"executionArn":"arn:aws:states:us-west-2:111122223333:execution:drs-orchestration-dev-execution:00000000-0000-4000-8000-000000000007-1"}"#);
        }
    }
}

#[tokio::test]
async fn a_machine_that_cannot_be_started_is_an_error() {
    let server = Canned::answering(|_| error("AccessDeniedException")).await;
    let failure = machines(&server).start(&execution(), 1).await.unwrap_err();
    assert_eq!(failure.0, "AccessDeniedException: why");
}

#[tokio::test]
async fn a_token_is_sent_on_or_used_up() {
    let server = Canned::start(200, "{}").await;
    assert_eq!(machines(&server).wake("a token").await, Ok(Woken::Woken));
    insta::assert_snapshot!(server.requests()[0].body, @r#"{"taskToken":"a token","output":"{}"}"#);
    for code in ["TaskDoesNotExist", "TaskTimedOut", "InvalidToken"] {
        let server = Canned::answering(move |_| error(code)).await;
        assert_eq!(
            machines(&server).wake("a token").await,
            Ok(Woken::Gone),
            "{code}"
        );
    }
    let server = Canned::answering(|_| error("AccessDeniedException")).await;
    assert!(machines(&server).wake("a token").await.is_err());
}

#[tokio::test]
async fn a_poller_is_asked_for_and_not_waited_for() {
    let server = Canned::start(202, "").await;
    let client = aws_sdk_lambda::Client::new(&config(&server.url));
    let pollers = PollerInvoker::new(client, "drs-orchestration-dev-execution-poller".to_owned());
    pollers.invoke(&place()).await.unwrap();
    let request = &server.requests()[0];
    assert!(
        request.head.contains("x-amz-invocation-type: event\r\n"),
        "{}",
        request.head
    );
    assert!(
        request
            .head
            .contains("/functions/drs-orchestration-dev-execution-poller/invocations")
    );
    insta::assert_snapshot!(request.body, @r#"{"accountId":"111122223333","region":"us-west-2"}"#);
    let broken = Canned::answering(|_| error("ResourceNotFoundException")).await;
    let client = aws_sdk_lambda::Client::new(&config(&broken.url));
    let pollers = PollerInvoker::new(client, "nothing".to_owned());
    assert!(pollers.invoke(&place()).await.is_err());
}

#[tokio::test]
async fn wiring_asks_nothing_over_the_network() {
    let server = Canned::start(500, "").await;
    let connection = Connection::with(config(&server.url));
    let ports = connection.ports(&Settings {
        tables: names(),
        state_machine_arn: ARN.to_owned(),
        deploying_account: "111122223333".parse().unwrap(),
        drs_call_timeout: std::time::Duration::from_secs(30),
    });
    connection.pollers("poller".to_owned());
    let (one, other) = (ports.ids.uuid(), ports.ids.uuid());
    assert_ne!(one, other);
    assert!(one.parse::<ExecutionId>().is_ok(), "{one}");
    let before = ports.clock.now();
    assert!(ports.clock.now() >= before);
    assert_eq!(server.requests().len(), 0);
}
