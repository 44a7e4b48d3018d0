//! Roles, endpoints and kinds: who may call what, as one table.

use api_handler::endpoint::endpoints;
use serde_json::{Value, json};

use crate::support::{Call, Service, call, post};

const ROLES: [&str; 5] = [
    "",
    "viewer",
    "drill-operator",
    "recovery-manager",
    "administrator",
];

const NOBODY: &str = "ffffffff-0000-4000-8000-000000000000";

fn calls() -> Vec<(String, Call)> {
    endpoints()
        .into_iter()
        .map(|row| {
            let path = row
                .path
                .replace("{protectionGroupId}", NOBODY)
                .replace("{recoveryPlanId}", NOBODY)
                .replace("{executionId}", NOBODY);
            let call = call(row.method.as_str(), &path);
            let call = if row.method == "POST" || row.method == "PUT" {
                call.json(&json!({}))
            } else {
                call
            };
            (row.operation.to_owned(), call)
        })
        .collect()
}

#[tokio::test]
async fn every_endpoint_admits_exactly_the_roles_of_its_row() {
    let service = Service::new();
    let mut table = Vec::new();
    for (operation, call) in calls() {
        let mut admitted = Vec::new();
        for role in ROLES {
            let reply = service.send(&call.clone().groups(role)).await;
            assert_ne!(reply.status, 401, "{operation} {role}");
            assert_ne!(reply.status, 500, "{operation} {role}");
            if reply.status != 403 {
                admitted.push(if role.is_empty() { "nobody's" } else { role });
            }
        }
        table.push(format!("{operation}: {}", admitted.join(", ")));
    }
    insta::assert_json_snapshot!(table);
}

#[tokio::test]
async fn every_endpoint_but_health_needs_a_token() {
    let service = Service::new();
    for (operation, call) in calls() {
        let reply = service.send(&call.claims(None)).await;
        assert_eq!(
            reply.status == 401,
            operation != "getHealth",
            "{operation} {reply:?}"
        );
    }
}

/// Start and each command, of an execution of this kind, in a fresh service each time.
async fn runs(kind: &str) -> Vec<(String, Service, Call)> {
    let mut runs = Vec::new();
    let names = [
        "start",
        "pause",
        "resume",
        "cancel",
        "retry",
        "skip",
        "terminate-instances",
    ];
    for name in names {
        let service = Service::new();
        let plan = service.shop().await;
        let body = match name {
            "start" => {
                let confirm =
                    json!({ "recoveryPlanName": "Shop", "serverCount": 6, "reason": "fire" });
                let confirm = if kind == "RECOVERY" {
                    confirm
                } else {
                    Value::Null
                };
                json!({ "recoveryPlanId": plan, "kind": kind, "confirm": confirm })
            }
            "retry" => json!({ "waveKey": "db" }),
            "skip" => json!({ "waveKey": "db", "reason": "no" }),
            "terminate-instances" => json!({ "confirm": "Shop" }),
            _ => json!({}),
        };
        let path = if name == "start" {
            "/executions".to_owned()
        } else {
            let id = match kind {
                "RECOVERY" => service.recovery(&plan).await,
                _ => service.drill(&plan).await,
            };
            format!("/executions/{id}/{name}")
        };
        runs.push((name.to_owned(), service, post(&path, &body)));
    }
    runs
}

#[tokio::test]
async fn the_right_to_drill_is_not_the_right_to_recover() {
    for (kind, allowed) in [
        ("DRILL", "drill-operator"),
        ("RECOVERY", "recovery-manager"),
    ] {
        for role in ROLES {
            for (name, service, call) in runs(kind).await {
                let reply = service.send(&call.groups(role)).await;
                let admitted = reply.status != 403;
                assert_eq!(admitted, role == allowed, "{kind} {name} {role} {reply:?}");
                assert_ne!(reply.status, 400, "{kind} {name} {role} {reply:?}");
            }
        }
    }
}

#[tokio::test]
async fn an_administrator_has_the_rights_of_the_other_groups_by_being_in_them() {
    let service = Service::new();
    let body = json!({});
    let create = post("/protection-groups", &body);
    assert_eq!(
        service
            .send(&create.clone().groups("administrator"))
            .await
            .status,
        403
    );
    let both = create.groups("administrator,drill-operator");
    assert_eq!(service.send(&both).await.status, 400);
}
