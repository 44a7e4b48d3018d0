//! Requests with every member that the document has for them.

use serde_json::{Value, json};

use crate::support::{Service, get, group};

/// A request: its address, its schema and its body.
type Request = (String, &'static str, Value);

/// Requests with every member, each to its address.
pub(crate) async fn requests(service: &Service) -> Vec<Request> {
    let plan = service.shop().await;
    let execution = service.drill(&plan).await;
    let groups = service.send(&get("/protection-groups")).await;
    let group_id = groups.body["items"][0]["protectionGroupId"].clone();
    let server = json!("s-00000000000000001");
    let mut whole_group = group("whole", &[]);
    whole_group["sourceServerIds"] = json!([server]);
    whole_group["description"] = json!("d");
    whole_group["accountId"] = json!("111122223333");
    whole_group["clientToken"] = json!("t");
    let whole_plan = json!({ "name": "n", "description": "d", "clientToken": "t", "waves": [{
        "key": "db", "name": "n", "protectionGroupIds": [group_id], "sourceServerIds": [server],
        "dependsOn": [], "pauseBefore": true, "onFailure": "STOP", "timeLimitMinutes": 1,
    }] });
    let start = json!({
        "recoveryPlanId": plan, "kind": "RECOVERY", "clientToken": "t",
        "confirm": { "recoveryPlanName": "Shop", "serverCount": 6, "reason": "r" },
        "acknowledge": { "notIsolated": "r", "lag": "r", "unverified": "r" },
        "replaceInstances": [{
            "sourceServerId": server, "recoveryInstanceId": "i-00000000", "reason": "r",
        }],
        "outageDeclaredAt": "2026-11-23T09:00:00Z", "continueFrom": execution,
        "preempt": [{ "executionId": execution, "reason": "r" }],
    });
    let mut requests = vec![
        (
            "/protection-groups".to_owned(),
            "ProtectionGroupRequest",
            whole_group,
        ),
        (
            "/recovery-plans".to_owned(),
            "RecoveryPlanRequest",
            whole_plan,
        ),
        ("/executions".to_owned(), "StartExecutionRequest", start),
    ];
    requests.extend(commands(&execution, &server));
    requests
}

fn commands(execution: &str, server: &Value) -> Vec<Request> {
    let command = |name: &str| format!("/executions/{execution}/{name}");
    vec![
        (
            command("pause"),
            "PauseRequest",
            json!({ "clientToken": "t" }),
        ),
        (
            command("resume"),
            "ResumeRequest",
            json!({ "holdIds": ["h"], "comment": "c", "clientToken": "t" }),
        ),
        (
            command("retry"),
            "RetryRequest",
            json!({ "waveKey": "db", "sourceServerIds": [server], "reason": "r" }),
        ),
        (
            command("skip"),
            "SkipRequest",
            json!({ "waveKey": "db", "reason": "r" }),
        ),
        (
            command("cancel"),
            "CancelRequest",
            json!({ "reason": "r", "giveUpOn": [server] }),
        ),
        (
            command("resolve"),
            "ResolveRequest",
            json!({ "holdId": "h", "jobId": "drsjob-00000000000000001", "noJob": false }),
        ),
        (
            command("terminate-instances"),
            "TerminateInstancesRequest",
            json!({ "confirm": "Shop" }),
        ),
    ]
}
