//! Commands, and what is shown of them.

use serde_json::{Value, json};

use crate::support::{Service, get, post};

/// Command, its name in `allowedActions`, and a body that says all it needs.
fn commands(hold: Option<&Value>) -> [(&'static str, &'static str, Value); 6] {
    let mut resume = json!({ "comment": "go on" });
    if let Some(hold) = hold {
        resume["holdIds"] = json!([hold]);
    }
    [
        ("pause", "pause", json!({})),
        ("resume", "resume", resume),
        ("cancel", "cancel", json!({ "reason": "enough" })),
        ("retry", "retry", json!({ "waveKey": "db" })),
        (
            "skip",
            "skip",
            json!({ "waveKey": "web", "reason": "not needed" }),
        ),
        (
            "terminate-instances",
            "terminateInstances",
            json!({ "confirm": "Shop" }),
        ),
    ]
}

/// Executions in the states that commands can meet.
#[derive(Debug, Clone, Copy)]
enum State {
    Pending,
    Launching,
    AtGate,
    Paused,
    Failed,
    Ended,
}

async fn in_state(state: State) -> (Service, String) {
    let service = Service::new();
    let plan = service.shop().await;
    if let State::Failed = state {
        service
            .bench
            .drs
            .fail_next_launch(&test_support::fakes::server_id(1));
    }
    let id = match state {
        State::Failed => service.recovery(&plan).await,
        State::Pending | State::Launching | State::AtGate | State::Paused | State::Ended => {
            service.drill(&plan).await
        }
    };
    match state {
        State::Pending => {}
        State::Launching => service.drive(&id).await,
        State::Failed => {
            service.drive(&id).await;
            service.finish_jobs(&id).await;
        }
        State::Paused => {
            service.drive(&id).await;
            service
                .send(&post(&format!("/executions/{id}/pause"), &json!({})))
                .await;
            service.finish_jobs(&id).await;
        }
        State::AtGate | State::Ended => {
            service.drive(&id).await;
            service.finish_jobs(&id).await;
            service.finish_jobs(&id).await;
        }
    }
    if let State::Ended = state {
        service
            .send(&post(&format!("/executions/{id}/resume"), &json!({})))
            .await;
        service.drive(&id).await;
        service.finish_jobs(&id).await;
    }
    (service, id)
}

#[tokio::test]
async fn what_is_shown_as_allowed_is_what_is_accepted() {
    let states = [
        State::Pending,
        State::Launching,
        State::AtGate,
        State::Paused,
        State::Failed,
        State::Ended,
    ];
    let mut table = Vec::new();
    for state in states {
        for index in 0..6 {
            let (service, id) = in_state(state).await;
            let shown = service.execution(&id).await;
            let (path, name, body) = commands(shown["holds"].get(0).map(|hold| &hold["holdId"]))
                .into_iter()
                .nth(index)
                .unwrap();
            let action = &shown["allowedActions"][name];
            let reply = service
                .send(&post(&format!("/executions/{id}/{path}"), &body))
                .await;
            let accepted = reply.status == 200;
            assert_eq!(action["allowed"], accepted, "{state:?} {name} {reply:?}");
            if !accepted {
                assert_eq!(reply.status, 409);
                assert_eq!(reply.body["detail"], action["reason"], "{state:?} {name}");
            }
            table.push(format!(
                "{state:?} {name}: {}",
                if accepted { "yes" } else { reply.code() }
            ));
        }
    }
    insta::assert_json_snapshot!(table);
}

#[tokio::test]
async fn a_command_answers_with_the_execution_as_it_stands_then() {
    let (service, id) = in_state(State::Launching).await;
    let reply = service
        .send(&post(&format!("/executions/{id}/pause"), &json!({})))
        .await;
    assert_eq!(
        (reply.status, &reply.body["status"]),
        (200, &json!("PAUSING"))
    );
    assert_eq!(reply.body["statusReason"], "paused by operator@example.com");
    assert_eq!(reply.body, service.execution(&id).await);
}

#[tokio::test]
async fn commands_whose_members_may_all_be_left_out_take_no_body() {
    let (service, id) = in_state(State::AtGate).await;
    let path = format!("/executions/{id}/resume");
    assert_eq!(
        service
            .send(&crate::support::call("POST", &path))
            .await
            .status,
        200
    );
    let path = format!("/executions/{id}/retry");
    let reply = service.send(&crate::support::call("POST", &path)).await;
    assert_eq!((reply.status, reply.code()), (400, "BODY_REQUIRED"));
}

#[tokio::test]
async fn a_hold_that_is_not_open_is_409() {
    let (service, id) = in_state(State::AtGate).await;
    let body = json!({ "holdIds": ["gate-99"] });
    let reply = service
        .send(&post(&format!("/executions/{id}/resume"), &body))
        .await;
    assert_eq!((reply.status, reply.code()), (409, "HOLD_CLOSED"));
}

#[tokio::test]
async fn a_failed_wave_is_resumed_only_with_a_comment() {
    let (service, id) = in_state(State::Failed).await;
    let path = format!("/executions/{id}/resume");
    let reply = service.send(&post(&path, &json!({}))).await;
    assert_eq!((reply.status, reply.code()), (400, "INVALID_REQUEST"));
    assert_eq!(
        reply.faults(),
        [("comment".to_owned(), "REQUIRED".to_owned())]
    );
    let reply = service
        .send(&post(&path, &json!({ "comment": "without db" })))
        .await;
    assert_eq!(reply.status, 200);
}

#[tokio::test]
async fn a_drill_is_cleaned_up_and_says_when_nothing_is_left() {
    let (service, id) = in_state(State::Ended).await;
    let path = format!("/executions/{id}/terminate-instances");
    let wrong = service
        .send(&post(&path, &json!({ "confirm": "shop" })))
        .await;
    assert_eq!((wrong.status, wrong.code()), (409, "CONFIRMATION_MISMATCH"));
    let reply = service
        .send(&post(&path, &json!({ "confirm": "Shop" })))
        .await;
    assert_eq!(
        (reply.status, &reply.body["cleanUp"]["status"]),
        (200, &json!("RUNNING"))
    );
    assert_eq!(reply.body["instancesTerminated"], false);
    for _ in 0..8 {
        service
            .bench
            .clock
            .advance(jiff::SignedDuration::from_secs(20));
        service.drive(&id).await;
    }
    let after = service.execution(&id).await;
    assert_eq!(after["cleanUp"]["status"], "DONE", "{}", after["cleanUp"]);
    assert_eq!(after["instancesTerminated"], true);
    assert_eq!(after["status"], "COMPLETED");
    assert!(service.bench.drs.live_instances().is_empty());
}

#[tokio::test]
async fn a_recovery_is_never_cleaned_up() {
    let (service, id) = in_state(State::Failed).await;
    let path = format!("/executions/{id}/terminate-instances");
    let reply = service
        .send(&post(&path, &json!({ "confirm": "Shop" })))
        .await;
    assert_eq!((reply.status, reply.code()), (409, "NOT_A_DRILL"));
}

#[tokio::test]
async fn who_may_not_run_the_kind_is_shown_that_nothing_is_allowed() {
    let (service, id) = in_state(State::Launching).await;
    let reply = service
        .send(&get(&format!("/executions/{id}")).groups("viewer"))
        .await;
    let pause = &reply.body["allowedActions"]["pause"];
    assert_eq!(
        *pause,
        json!({ "allowed": false, "reason": "You need the permission `run-drills`." })
    );
}
