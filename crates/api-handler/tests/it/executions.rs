//! Executions: started, shown, listed.

use domain::source_server::Replication;
use insta::assert_json_snapshot;
use serde_json::{Value, json};
use test_support::fakes::server_id;

use crate::support::{Service, get, post};

#[tokio::test]
async fn a_start_is_accepted_with_the_address_of_its_status() {
    let service = Service::new();
    let plan = service.shop().await;
    let body = json!({ "recoveryPlanId": plan, "kind": "DRILL" });
    let reply = service.send(&post("/executions", &body)).await;
    let id = reply.id("executionId");
    assert_eq!(reply.status, 202);
    assert_eq!(
        reply.body,
        json!({ "executionId": id, "status": "PENDING", "statusUrl": format!("/api/executions/{id}") })
    );
}

#[tokio::test]
async fn an_execution_is_shown_while_it_launches() {
    let service = Service::new();
    let plan = service.shop().await;
    let id = service.drill(&plan).await;
    service.drive(&id).await;
    let reply = service.send(&get(&format!("/executions/{id}"))).await;
    assert_json_snapshot!(reply.shown());
}

#[tokio::test]
async fn nothing_has_changed_only_for_who_has_the_same_rights() {
    let service = Service::new();
    let plan = service.shop().await;
    let id = service.drill(&plan).await;
    let read = get(&format!("/executions/{id}"));
    let reply = service.send(&read).await;
    let tag = reply.headers["etag"].to_str().unwrap().to_owned();
    assert!(
        tag.starts_with(&format!("W/\"{}-", reply.body["version"])),
        "{tag}"
    );
    let known = read.clone().header("If-None-Match", &tag);
    assert_eq!(service.send(&known).await.status, 304);
    for groups in ["viewer", "viewer,drill-operator", "recovery-manager"] {
        let reply = service.send(&known.clone().groups(groups)).await;
        assert_eq!(reply.status, 200, "{groups}");
        assert_ne!(reply.headers["etag"], tag.as_str(), "{groups}");
    }
    let strong = tag.strip_prefix("W/").unwrap();
    let known = read.header("If-None-Match", strong);
    assert_eq!(service.send(&known).await.status, 304);
    assert_eq!(
        service
            .send(&post(&format!("/executions/{id}/pause"), &json!({})))
            .await
            .status,
        200
    );
    assert_eq!(service.send(&known).await.status, 200);
}

#[tokio::test]
async fn job_logs_come_oldest_job_first_whatever_their_ids() {
    let service = Service::new();
    service.bench.drs.let_job_ids_descend();
    let plan = service.shop().await;
    let id = service.drill(&plan).await;
    service.drive(&id).await;
    service.finish_jobs(&id).await;
    service.finish_jobs(&id).await;
    let execution = service.execution(&id).await;
    let started: Vec<&Value> = (0..2)
        .map(|wave| &execution["waves"][wave]["jobs"][0]["jobId"])
        .collect();
    assert!(started[0].as_str() > started[1].as_str(), "{started:?}");
    let whole = service
        .send(&get(&format!("/executions/{id}/job-logs")))
        .await;
    let whole = whole.body["items"].as_array().unwrap().clone();
    let jobs: Vec<&Value> = whole.iter().map(|entry| &entry["jobId"]).collect();
    assert_eq!(jobs, [[started[0]; 3], [started[1]; 3]].concat());
    let mut paged = Vec::new();
    let mut query = "?maxResults=2".to_owned();
    loop {
        let page = service
            .send(&get(&format!("/executions/{id}/job-logs{query}")))
            .await;
        assert_eq!(page.status, 200, "{page:?}");
        paged.extend(page.body["items"].as_array().unwrap().clone());
        match page.body["nextToken"].as_str() {
            None => break,
            Some(token) => query = format!("?maxResults=2&nextToken={token}"),
        }
    }
    assert_eq!(paged, whole);
}

#[tokio::test]
async fn the_log_of_one_job_is_paged_by_itself() {
    let service = Service::new();
    let plan = service.shop().await;
    let id = service.drill(&plan).await;
    service.drive(&id).await;
    service.finish_jobs(&id).await;
    service.finish_jobs(&id).await;
    let path = format!("/executions/{id}/job-logs");
    let all = service.send(&get(&path)).await.body["items"].clone();
    let job = all[3]["jobId"].as_str().unwrap().to_owned();
    let mut found = Vec::new();
    let mut next = String::new();
    loop {
        let query = format!("{path}?jobId={job}&maxResults=2{next}");
        let page = service.send(&get(&query)).await;
        assert_eq!(page.status, 200, "{page:?}");
        found.extend(page.body["items"].as_array().unwrap().clone());
        match page.body["nextToken"].as_str() {
            None => break,
            Some(token) => next = format!("&nextToken={token}"),
        }
    }
    assert_eq!(found, all.as_array().unwrap()[3..]);
    let other = service.send(&get(&format!("{path}?maxResults=1"))).await;
    let token = other.id("nextToken");
    let mixed = format!("{path}?jobId={job}&nextToken={token}");
    assert_eq!(service.send(&get(&mixed)).await.code(), "INVALID_CURSOR");
    let wrong = service.send(&get(&format!("{path}?jobId=x%20y"))).await;
    assert_eq!(wrong.faults()[0].0, "jobId");
}

#[tokio::test]
async fn an_execution_is_shown_at_its_gate_and_at_its_end() {
    let service = Service::new();
    let plan = service.shop().await;
    let id = service.drill(&plan).await;
    service.drive(&id).await;
    service.finish_jobs(&id).await;
    service.finish_jobs(&id).await;
    let held = service.execution(&id).await;
    assert_eq!(held["status"], "PAUSED");
    assert_json_snapshot!(
        "held_at_a_gate",
        json!({
            "holds": held["holds"], "waitingFor": held["waitingFor"],
            "allowedActions": held["allowedActions"], "web": held["waves"][2]["status"],
        })
    );
    let resumed = service
        .send(&post(&format!("/executions/{id}/resume"), &json!({})))
        .await;
    assert_eq!(resumed.status, 200);
    service.drive(&id).await;
    service.finish_jobs(&id).await;
    let ended = service.execution(&id).await;
    assert_eq!(ended["status"], "COMPLETED");
    assert_json_snapshot!("ended", ended, { ".waves" => "[waves]" });
    assert_json_snapshot!("ended_wave", ended["waves"][0]);
}

#[tokio::test]
async fn a_recovery_needs_the_name_and_the_count_repeated() {
    let service = Service::new();
    let plan = service.shop().await;
    let start = |confirm: Value| {
        post(
            "/executions",
            &json!({ "recoveryPlanId": plan, "kind": "RECOVERY", "confirm": confirm }),
        )
    };
    let reply = service.send(&start(Value::Null)).await;
    assert_eq!((reply.status, reply.code()), (400, "INVALID_REQUEST"));
    assert_eq!(
        reply.faults(),
        [("confirm".to_owned(), "REQUIRED".to_owned())]
    );
    let reply = service.send(&start(json!({}))).await;
    let missing: Vec<String> = reply.faults().into_iter().map(|(path, _)| path).collect();
    assert_eq!(
        missing,
        [
            "confirm.recoveryPlanName",
            "confirm.serverCount",
            "confirm.reason"
        ]
    );
    let wrong = json!({ "recoveryPlanName": "Shop", "serverCount": 5, "reason": "fire" });
    let reply = service.send(&start(wrong)).await;
    assert_eq!((reply.status, reply.code()), (409, "CONFIRMATION_MISMATCH"));
    let id = service.recovery(&plan).await;
    assert_eq!(service.execution(&id).await["kind"], "RECOVERY");
}

#[tokio::test]
async fn a_refused_start_names_servers_with_their_reasons() {
    let service = Service::new();
    let plan = service.shop().await;
    for number in [2, 5] {
        service
            .bench
            .drs
            .set_replication(&server_id(number), Replication::Disconnected);
    }
    let body = json!({ "recoveryPlanId": plan, "kind": "DRILL" });
    let reply = service.send(&post("/executions", &body)).await;
    assert_json_snapshot!(reply.shown());
}

#[tokio::test]
async fn a_second_start_names_the_execution_in_the_way() {
    let service = Service::new();
    let plan = service.shop().await;
    service.drill(&plan).await;
    let body = json!({ "recoveryPlanId": plan, "kind": "DRILL" });
    let reply = service.send(&post("/executions", &body)).await;
    assert_json_snapshot!(reply.shown());
}

#[tokio::test]
async fn every_fault_of_a_start_is_told_at_once() {
    let service = Service::new();
    let body = json!({ "recoveryPlanId": "x", "kind": "TEST", "clientToken": "",
        "confirm": { "serverCount": 3, "reason": " " }, "acknowledge": { "lag": "" },
        "replaceInstances": [{ "sourceServerId": "s-1", "reason": "gone" }],
        "outageDeclaredAt": "yesterday" });
    assert_json_snapshot!(service.send(&post("/executions", &body)).await.shown());
}

#[tokio::test]
async fn events_and_job_logs_are_listed_with_the_keys_of_their_waves() {
    let service = Service::new();
    let plan = service.shop().await;
    let id = service.drill(&plan).await;
    service.drive(&id).await;
    service.finish_jobs(&id).await;
    let events = service
        .send(&get(&format!("/executions/{id}/events?maxResults=100")))
        .await;
    let told: Vec<String> = events.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| format!("{} {} {}", event["number"], event["code"], event["waveKey"]))
        .collect();
    assert_json_snapshot!("event_log", told);
    assert_eq!(
        events.body["items"][1]["previousHash"],
        events.body["items"][0]["hash"]
    );
    let logs = service
        .send(&get(&format!("/executions/{id}/job-logs")))
        .await;
    assert_json_snapshot!("job_logs", logs.shown());
}

#[tokio::test]
async fn executions_are_listed_newest_first_and_filtered() {
    let service = Service::new();
    let plan = service.shop().await;
    let first = service.drill(&plan).await;
    let cancel = format!("/executions/{first}/cancel");
    assert_eq!(
        service
            .send(&post(&cancel, &json!({ "reason": "a try" })))
            .await
            .status,
        200
    );
    service.drive(&first).await;
    service
        .bench
        .clock
        .advance(jiff::SignedDuration::from_secs(60));
    let second = service.recovery(&plan).await;
    let ids = async |query: &str| -> Vec<String> {
        let reply = service.send(&get(&format!("/executions{query}"))).await;
        assert_eq!(reply.status, 200, "{query} {reply:?}");
        let items = reply.body["items"].as_array().unwrap();
        items
            .iter()
            .map(|item| item["executionId"].as_str().unwrap().to_owned())
            .collect()
    };
    let slice = std::slice::from_ref::<String>;
    assert_eq!(ids("").await, [second.clone(), first.clone()]);
    assert_eq!(ids("?kind=DRILL").await, slice(&first));
    assert_eq!(ids("?status=CANCELLED").await, slice(&first));
    assert_eq!(
        ids(&format!("?recoveryPlanId={plan}&kind=RECOVERY")).await,
        slice(&second)
    );
    assert_eq!(ids("?startedAfter=2026-11-23T09:00:30Z").await, [second]);
    assert_eq!(ids("?startedBefore=2026-11-23T09:00:30Z").await, [first]);
    let listed = service.send(&get("/executions?kind=DRILL")).await;
    assert_json_snapshot!("execution_summary", listed.body["items"][0]);
}

#[tokio::test]
async fn a_name_is_confirmed_in_either_form() {
    let service = Service::new();
    let groups = service.three_groups().await;
    let waves = json!([{ "key": "db", "protectionGroupIds": [groups[0]] }]);
    let plan = json!({ "name": "Caf\u{e9}", "waves": waves });
    let plan = service
        .send(&post("/recovery-plans", &plan))
        .await
        .id("recoveryPlanId");
    let confirm = json!({
        "recoveryPlanName": "Cafe\u{301}", "serverCount": 2, "reason": "the site is down"
    });
    let recovery = json!({ "recoveryPlanId": plan, "kind": "RECOVERY", "confirm": confirm });
    let reply = service.send(&post("/executions", &recovery)).await;
    assert_eq!(reply.status, 202, "{reply:?}");
}

#[tokio::test]
async fn a_clean_up_is_confirmed_in_either_form() {
    let service = Service::new();
    let groups = service.three_groups().await;
    let waves = json!([{ "key": "db", "protectionGroupIds": [groups[0]] }]);
    let plan = json!({ "name": "Caf\u{e9}", "waves": waves });
    let plan = service
        .send(&post("/recovery-plans", &plan))
        .await
        .id("recoveryPlanId");
    let drill = service.drill(&plan).await;
    service.drive(&drill).await;
    service.finish_jobs(&drill).await;
    let path = format!("/executions/{drill}/terminate-instances");
    let reply = service
        .send(&post(&path, &json!({ "confirm": "Cafe" })))
        .await;
    assert_eq!((reply.status, reply.code()), (409, "CONFIRMATION_MISMATCH"));
    let reply = service
        .send(&post(&path, &json!({ "confirm": "Cafe\u{301}" })))
        .await;
    assert_eq!(reply.status, 200, "{reply:?}");
}
