//! Whatever is sent, the answer is a problem with a code, and never a 500.

use api_handler::BODY_BYTES_MAX;
use serde_json::json;

use crate::support::{Call, Service, call, get, post};

fn bodies() -> Vec<(&'static str, String)> {
    let deep = "[".repeat(500);
    let long = format!(r#"{{"name":"{}"}}"#, "x".repeat(100_000));
    vec![
        ("nothing", String::new()),
        ("white space", " \n".to_owned()),
        ("no JSON", "name=x".to_owned()),
        ("half a JSON", r#"{"name":"#.to_owned()),
        ("two objects", "{}{}".to_owned()),
        ("a comma too many", r#"{"name":"x",}"#.to_owned()),
        ("null", "null".to_owned()),
        ("a text", r#""x""#.to_owned()),
        ("a number", "1e400".to_owned()),
        ("a list", "[]".to_owned()),
        (
            "a list in the order of the members",
            r#"["x",null,null]"#.to_owned(),
        ),
        ("a depth without end", deep),
        (
            "members of other types",
            r#"{"name":1,"waves":{},"kind":[]}"#.to_owned(),
        ),
        ("an unknown member", r#"{"nome":"x"}"#.to_owned()),
        (
            "a member twice",
            r#"{"name":"x","name":"y","reason":"a","reason":"b"}"#.to_owned(),
        ),
        ("a long text", long),
        ("control characters", "{\"name\":\"a\u{0}b\"}".to_owned()),
        (
            "nulls",
            r#"{"name":null,"waves":null,"kind":null,"holdIds":null}"#.to_owned(),
        ),
        (
            "numbers beyond all ranges",
            r#"{"waves":[{"timeLimitMinutes":1e300}]}"#.to_owned(),
        ),
        (
            "a wave that is a list",
            r#"{"name":"x","waves":[["db"]]}"#.to_owned(),
        ),
        ("a surrogate alone", r#"{"name":"\ud800"}"#.to_owned()),
    ]
}

async fn writes(service: &Service) -> Vec<Call> {
    let plan = service.shop().await;
    let id = service.drill(&plan).await;
    let groups = service.send(&get("/protection-groups")).await;
    let group = groups.body["items"][0]["protectionGroupId"]
        .as_str()
        .expect("a group is listed")
        .to_owned();
    let mut calls = vec![
        call("POST", "/protection-groups"),
        call("PUT", &format!("/protection-groups/{group}")),
        call("POST", "/recovery-plans"),
        call("PUT", &format!("/recovery-plans/{plan}")),
        call("POST", "/executions"),
    ];
    for name in [
        "pause",
        "resume",
        "cancel",
        "retry",
        "skip",
        "terminate-instances",
    ] {
        calls.push(call("POST", &format!("/executions/{id}/{name}")));
    }
    calls
}

#[tokio::test]
async fn no_body_makes_a_500() {
    let service = Service::new();
    for call in writes(&service).await {
        for (name, body) in bodies() {
            let may_be_empty = matches!(name, "nothing" | "white space");
            let call = call.clone().text(&body);
            let reply = service.send(&call).await;
            let case = format!("{name} {:?} {reply:?}", call.event()["path"]);
            if may_be_empty || name == "nulls" {
                assert!(reply.status < 500, "{case}");
            } else {
                assert_eq!(reply.status, 400, "{case}");
            }
            if reply.status >= 400 {
                assert!(!reply.code().is_empty(), "{case}");
                assert_eq!(reply.body["status"], reply.status, "{case}");
                assert_eq!(
                    reply.headers["content-type"], "application/problem+json",
                    "{case}"
                );
            }
        }
    }
}

#[tokio::test]
async fn what_is_wrong_in_a_body_has_its_path() {
    let service = Service::new();
    let cases = [
        (r#"{"name":5}"#, "name", "WRONG_TYPE"),
        (
            r#"{"waves":[{"key":"a"},{"dependsOn":[1]}]}"#,
            "waves[1].dependsOn[0]",
            "WRONG_TYPE",
        ),
        (
            r#"{"waves":[{"gate":true}]}"#,
            "waves[0].gate",
            "UNKNOWN_MEMBER",
        ),
        (r#"{"waves":[["a"]]}"#, "waves[0]", "WRONG_TYPE"),
        (
            r#"{"waves":[{"need":{"type":"COUNT","count":1.5}}]}"#,
            "waves[0].need.count",
            "WRONG_TYPE",
        ),
        (r#"{"colour":"red"}"#, "colour", "UNKNOWN_MEMBER"),
        (r#"{"name":"a","name":"b"}"#, "name", "DUPLICATE"),
        ("[]", "", "WRONG_TYPE"),
    ];
    for (body, path, code) in cases {
        let reply = service
            .send(&call("POST", "/recovery-plans").text(body))
            .await;
        assert_eq!(
            (reply.status, reply.code()),
            (400, "INVALID_REQUEST"),
            "{body}"
        );
        assert_eq!(
            reply.faults(),
            [(path.to_owned(), code.to_owned())],
            "{body} {reply:?}"
        );
    }
    let reply = service
        .send(&call("POST", "/recovery-plans").text("{\"name\""))
        .await;
    assert_eq!((reply.status, reply.code()), (400, "MALFORMED_JSON"));
}

#[tokio::test]
async fn all_that_is_wrong_in_the_shape_of_a_body_is_told_at_once() {
    let service = Service::new();
    let body = r#"{"nme":1,"name":5,"name":6,"description":[],"waves":[
        {"key":1,"kye":"a"},["b"],{"dependsOn":[1,"a",{}],"need":{"count":"x","of":2}},7]}"#;
    let reply = service
        .send(&call("POST", "/recovery-plans").text(body))
        .await;
    let mut told = reply.faults();
    told.sort();
    let expected = [
        ("description", "WRONG_TYPE"),
        ("name", "WRONG_TYPE"),
        ("nme", "UNKNOWN_MEMBER"),
        ("waves[0].key", "WRONG_TYPE"),
        ("waves[0].kye", "UNKNOWN_MEMBER"),
        ("waves[1]", "WRONG_TYPE"),
        ("waves[2].dependsOn[0]", "WRONG_TYPE"),
        ("waves[2].dependsOn[2]", "WRONG_TYPE"),
        ("waves[2].need.count", "WRONG_TYPE"),
        ("waves[2].need.of", "UNKNOWN_MEMBER"),
        ("waves[3]", "WRONG_TYPE"),
    ];
    let expected = expected.map(|(path, code)| (path.to_owned(), code.to_owned()));
    assert_eq!(told, expected);
    let items = vec!["5"; 80_000].join(",");
    let body = format!(r#"{{"name":"x","region":"us-west-2","sourceServerIds":[{items}]}}"#);
    let reply = service
        .send(&call("POST", "/protection-groups").text(&body))
        .await;
    assert_eq!((reply.status, reply.faults().len()), (400, 100));
}

#[tokio::test]
async fn a_body_full_of_faults_is_answered_in_a_bounded_way() {
    let service = Service::new();
    let waves = vec!["{}"; 80_000].join(",");
    let body = format!(r#"{{"name":"x","waves":[{waves}]}}"#);
    let reply = service
        .send(&call("POST", "/recovery-plans").text(&body))
        .await;
    assert_eq!((reply.status, reply.code()), (400, "INVALID_PLAN"));
    let fault = ("waves".to_owned(), "PLAN_TOO_LARGE".to_owned());
    assert_eq!(reply.faults(), [fault]);
    let servers = vec![r#""""#; 80_000].join(",");
    let body = format!(r#"{{"name":"x","region":"us-west-2","sourceServerIds":[{servers}]}}"#);
    let reply = service
        .send(&call("POST", "/protection-groups").text(&body))
        .await;
    assert_eq!((reply.status, reply.faults().len()), (400, 200));
}

#[tokio::test]
async fn a_body_of_more_than_256_kilobytes_is_413() {
    let service = Service::new();
    let padding = |bytes: usize| format!("{{}}{}", " ".repeat(bytes - 2));
    let reply = service
        .send(&call("POST", "/recovery-plans").text(&padding(BODY_BYTES_MAX)))
        .await;
    assert_eq!(reply.status, 400);
    let large = padding(BODY_BYTES_MAX + 1);
    let reply = service
        .send(&call("POST", "/recovery-plans").text(&large))
        .await;
    assert_eq!((reply.status, reply.code()), (413, "CONTENT_TOO_LARGE"));
}

#[tokio::test]
async fn ids_of_another_kind_are_faults_of_the_path() {
    let service = Service::new();
    for id in [
        "1",
        "s-00000000000000001",
        "FFFFFFFF-0000-4000-8000-000000000000",
        "..",
        "%00",
        "a%20b",
        "%ff",
    ] {
        for path in ["protection-groups", "recovery-plans", "executions"] {
            let reply = service.send(&get(&format!("/{path}/{id}"))).await;
            assert!(matches!(reply.status, 400 | 404), "{path}/{id} {reply:?}");
            assert!(!reply.code().is_empty(), "{path}/{id}");
        }
    }
    let body = json!({ "holdIds": ["UPPER", "a b"], "comment": "x" });
    let nobody = "/executions/ffffffff-0000-4000-8000-000000000000/resume";
    assert_eq!(service.send(&post(nobody, &body)).await.status, 404);
    let plan = service.shop().await;
    let id = service.drill(&plan).await;
    let reply = service
        .send(&post(&format!("/executions/{id}/resume"), &body))
        .await;
    let paths: Vec<String> = reply.faults().into_iter().map(|(path, _)| path).collect();
    assert_eq!(
        (reply.status, paths.as_slice()),
        (
            400,
            ["holdIds[0]".to_owned(), "holdIds[1]".to_owned()].as_slice()
        )
    );
    let plan_for_execution = service.send(&get(&format!("/executions/{plan}"))).await;
    assert_eq!(
        (plan_for_execution.status, plan_for_execution.code()),
        (404, "NOT_FOUND")
    );
}

#[tokio::test]
async fn an_unknown_address_is_404_and_a_wrong_method_405() {
    let service = Service::new();
    for path in ["/", "/nowhere", "/executions/", "/executions/a/b/c", "/api"] {
        let reply = service.send(&get(path)).await;
        assert_eq!((reply.status, reply.code()), (404, "NOT_FOUND"), "{path}");
        assert_eq!(reply.headers["content-type"], "application/problem+json");
    }
    for (method, path) in [
        ("DELETE", "/executions"),
        ("PATCH", "/protection-groups"),
        ("PUT", "/health"),
    ] {
        let reply = service.send(&call(method, path)).await;
        assert_eq!(
            (reply.status, reply.code()),
            (405, "METHOD_NOT_ALLOWED"),
            "{method} {path}"
        );
        assert!(reply.headers.contains_key("allow"));
    }
}

#[tokio::test]
async fn parameters_that_an_address_does_not_know_are_refused_everywhere() {
    let service = Service::new();
    for row in api_handler::endpoint::endpoints() {
        let nobody = "ffffffff-0000-4000-8000-000000000000";
        let path = row
            .path
            .replace("{protectionGroupId}", nobody)
            .replace("{recoveryPlanId}", nobody)
            .replace("{executionId}", nobody);
        let reply = service
            .send(&call(row.method.as_str(), &format!("{path}?x=1")))
            .await;
        assert_eq!(
            (reply.status, reply.code()),
            (400, "INVALID_REQUEST"),
            "{}",
            row.operation
        );
    }
}

#[tokio::test]
async fn a_retry_of_no_server_is_a_fault_and_so_is_a_body_that_is_cut_off() {
    let service = Service::new();
    let plan = service.shop().await;
    let id = service.drill(&plan).await;
    let path = format!("/executions/{id}/retry");
    let none = json!({ "waveKey": "db", "sourceServerIds": [] });
    let reply = service.send(&post(&path, &none)).await;
    let fault = ("sourceServerIds".to_owned(), "REQUIRED".to_owned());
    assert_eq!((reply.status, reply.faults()), (400, vec![fault]));

    let bodies = [
        (
            "{\"waveKey\":",
            "The body ends too early (line 1, column 11).",
        ),
        ("{\n  waveKey }", "The body is not JSON (line 2, column 3)."),
    ];
    for (body, detail) in bodies {
        let reply = service.send(&call("POST", &path).text(body)).await;
        assert_eq!(reply.status, 400);
        assert_eq!(reply.body["code"], "MALFORMED_JSON");
        assert_eq!(reply.body["detail"], detail);
    }
}

#[tokio::test]
async fn the_same_thing_twice_in_a_list_of_a_command_is_a_fault() {
    let service = Service::new();
    let plan = service.shop().await;
    let id = service.drill(&plan).await;
    let server = "s-00000000000000001";
    let cases = [
        (
            "retry",
            json!({ "waveKey": "db", "sourceServerIds": [server, "s-00000000000000002", server] }),
            "sourceServerIds[2]",
        ),
        (
            "cancel",
            json!({ "giveUpOn": [server, server] }),
            "giveUpOn[1]",
        ),
        (
            "resume",
            json!({ "holdIds": ["hold-1", "hold-1"] }),
            "holdIds[1]",
        ),
    ];
    for (command, body, path) in cases {
        let reply = service
            .send(&post(&format!("/executions/{id}/{command}"), &body))
            .await;
        assert_eq!(reply.status, 400, "{command} {reply:?}");
        let fault = (path.to_owned(), "DUPLICATE".to_owned());
        assert_eq!(reply.faults(), [fault], "{command}");
    }
}

#[tokio::test]
async fn a_list_that_names_nothing_and_a_reason_that_nobody_sees_are_no_answer_to_a_question() {
    let service = Service::new();
    let plan = service.shop().await;
    let id = service.drill(&plan).await;
    let cases = [
        ("resume", json!({ "holdIds": [] }), "holdIds", "REQUIRED"),
        (
            "resume",
            json!({ "comment": "go\u{0}on" }),
            "comment",
            "INVALID_FORMAT",
        ),
        (
            "skip",
            json!({ "waveKey": "db", "reason": "\u{200b} " }),
            "reason",
            "REQUIRED",
        ),
        (
            "skip",
            json!({ "waveKey": "db", "reason": "\u{200b}\u{0}" }),
            "reason",
            "INVALID_FORMAT",
        ),
    ];
    for (command, body, path, code) in cases {
        let path_of = format!("/executions/{id}/{command}");
        let reply = service.send(&post(&path_of, &body)).await;
        assert_eq!(reply.status, 400, "{body} {reply:?}");
        assert_eq!(
            reply.faults(),
            [(path.to_owned(), code.to_owned())],
            "{body}"
        );
    }
    let wish = json!({
        "recoveryPlanId": plan, "kind": "RECOVERY", "outageDeclaredAt": "2999-01-01T00:00:00Z",
        "confirm": { "recoveryPlanName": "Shop", "serverCount": 6, "reason": "fire" },
    });
    let reply = service.send(&post("/executions", &wish)).await;
    let fault = ("outageDeclaredAt".to_owned(), "OUT_OF_RANGE".to_owned());
    assert_eq!((reply.status, reply.faults()), (400, vec![fault]));
}
