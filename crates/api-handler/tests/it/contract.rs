//! What the document forbids is refused with its path, what it allows at its bounds is not, and
//! each bound is the domain's.

use domain::name::{NAME_LENGTH_MAX, NAME_PATTERN};
use domain::protection_group::{DESCRIPTION_LENGTH_MAX, SERVERS_PER_GROUP_MAX};
use domain::recovery_plan::{
    PERCENT_MAX, SERVERS_PER_PLAN_MAX, TIME_LIMIT_MINUTES_MAX, WAVES_PER_PLAN_MAX,
};
use domain::{ExecutionId, HoldId, JobId, Region, SourceServerId, WaveKey};
use engine::predecessors::PREEMPT_MAX;
use serde_json::{Value, json};

use crate::contract_requests::requests;
use crate::support::{Call, Reply, Service, call, get, group, post};

fn document() -> Value {
    let text = api_handler::document().expect("the document can be made");
    serde_json::from_str(&text).expect("the document is JSON")
}

/// A schema with what its references stand for, and without the `null` of what may be left out.
fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = document.pointer(reference.trim_start_matches('#'));
        return resolved(document, target.expect("a schema of the document"));
    }
    match schema["oneOf"].as_array() {
        Some(choice) if choice.iter().any(|one| one["type"] == "null") => {
            let other = choice.iter().find(|one| one["type"] != "null");
            resolved(document, other.expect("something besides null"))
        }
        Some(_) | None => schema,
    }
}

/// A member of a request, by its path from the components.
fn member<'a>(document: &'a Value, request: &str, path: &[&str]) -> &'a Value {
    let mut schema = &document["components"]["schemas"][request];
    for name in path {
        let inner = resolved(document, schema);
        schema = match *name {
            "[]" => &inner["items"],
            name => &inner["properties"][name],
        };
    }
    resolved(document, schema)
}

#[test]
fn the_bounds_of_the_document_are_those_of_the_domain() {
    let document = document();
    let bound = |request: &str, path: &[&str], keyword: &str| {
        member(&document, request, path)[keyword].clone()
    };
    let group = "ProtectionGroupRequest";
    assert_eq!(bound(group, &["name"], "maxLength"), NAME_LENGTH_MAX);
    assert_eq!(bound(group, &["name"], "pattern"), NAME_PATTERN);
    let description = bound(group, &["description"], "maxLength");
    assert_eq!(description, DESCRIPTION_LENGTH_MAX);
    assert_eq!(bound(group, &["region"], "pattern"), Region::PATTERN);
    assert_eq!(bound(group, &["region"], "maxLength"), Region::LENGTH_MAX);
    let servers = bound(group, &["sourceServerIds"], "maxItems");
    assert_eq!(servers, SERVERS_PER_GROUP_MAX);
    let server = bound(group, &["sourceServerIds", "[]"], "pattern");
    assert_eq!(server, SourceServerId::PATTERN);
    let plan = "RecoveryPlanRequest";
    assert_eq!(bound(plan, &["waves"], "maxItems"), WAVES_PER_PLAN_MAX);
    let wave = "WaveRequest";
    assert_eq!(bound(wave, &["key"], "pattern"), WaveKey::PATTERN);
    let minutes = bound(wave, &["timeLimitMinutes"], "maximum");
    assert_eq!(minutes, TIME_LIMIT_MINUTES_MAX);
    let need = &document["components"]["schemas"]["NeedRequest"]["oneOf"];
    let count = &need[1]["properties"]["count"]["maximum"];
    assert_eq!(*count, SERVERS_PER_PLAN_MAX);
    let percent = &need[2]["properties"]["percent"]["maximum"];
    assert_eq!(*percent, PERCENT_MAX);
    let start = "StartExecutionRequest";
    assert_eq!(bound(start, &["preempt"], "maxItems"), PREEMPT_MAX);
    let continued = bound(start, &["continueFrom"], "pattern");
    assert_eq!(continued, ExecutionId::PATTERN);
    let resume = bound("ResumeRequest", &["holdIds", "[]"], "pattern");
    assert_eq!(resume, HoldId::PATTERN);
    let job = bound("ResolveRequest", &["jobId"], "pattern");
    assert_eq!(job, JobId::PATTERN);
}

#[test]
fn every_text_number_and_list_of_a_request_has_a_bound() {
    let document = document();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let mut unbounded = Vec::new();
    for (name, schema) in schemas {
        if !name.ends_with("Request") {
            continue;
        }
        for (property, schema) in schema["properties"].as_object().into_iter().flatten() {
            let schema = resolved(&document, schema);
            let has = |keywords: &[&str]| keywords.iter().any(|word| schema.get(word).is_some());
            let bounded = match schema["type"].as_str().unwrap_or_default() {
                "string" => has(&["pattern", "maxLength", "minLength", "enum"]),
                "integer" => has(&["maximum"]),
                "array" => has(&["minItems", "maxItems", "uniqueItems"]),
                _ => true,
            };
            if !bounded {
                unbounded.push(format!("{name}.{property}"));
            }
        }
    }
    // What a person repeats is compared with the plan's name; instances are named one by one.
    let compared = [
        "ConfirmRequest.recoveryPlanName",
        "StartExecutionRequest.replaceInstances",
    ];
    let unbounded: Vec<&String> = unbounded
        .iter()
        .filter(|name| !compared.contains(&name.as_str()))
        .collect();
    assert_eq!(unbounded, Vec::<&String>::new());
}

/// Values that a schema forbids, each for one reason.
fn forbidden(schema: &Value) -> Vec<Value> {
    let number = |keyword: &str| schema[keyword].as_u64();
    let length =
        |keyword: &str| number(keyword).map(|bound| usize::try_from(bound).expect("a length"));
    let mut values = Vec::new();
    match schema["type"].as_str().unwrap_or_default() {
        "string" => {
            values.push(json!(5));
            if let Some(max) = length("maxLength") {
                values.push(json!("x".repeat(max + 1)));
            }
            if schema["minLength"] == 1 {
                values.push(json!(""));
            }
            if let Some(pattern) = schema["pattern"].as_str() {
                let pattern = fancy_regex::Regex::new(pattern).expect("a pattern");
                let mut others = ["\u{1}", " "].into_iter();
                let other = others.find(|text| !pattern.is_match(text).expect("an end"));
                values.push(json!(other.expect("a text without the pattern")));
            }
        }
        "integer" => {
            values.extend(number("maximum").map(|max| json!(max + 1)));
            values.push(json!(
                number("minimum").map_or(-1, |min| i64::try_from(min).expect("a small bound") - 1)
            ));
            values.push(json!("5"));
        }
        "boolean" => values.push(json!("true")),
        "object" => values.push(json!([])),
        _ => {}
    }
    values
}

/// Every member of a request that stands in `body`, with its path in faults and its pointer.
fn members(
    document: &Value,
    schema: &Value,
    body: &Value,
    at: (&str, &str),
) -> Vec<(String, String, Value)> {
    let schema = resolved(document, schema);
    let (path, pointer) = at;
    let mut found = Vec::new();
    match body {
        Value::Object(inner) => {
            for (name, value) in inner {
                let schema = &schema["properties"][name];
                let path = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                let pointer = format!("{pointer}/{name}");
                found.push((
                    path.clone(),
                    pointer.clone(),
                    resolved(document, schema).clone(),
                ));
                found.extend(members(document, schema, value, (&path, &pointer)));
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                let at = (format!("{path}[{index}]"), format!("{pointer}/{index}"));
                found.push((
                    at.0.clone(),
                    at.1.clone(),
                    resolved(document, &schema["items"]).clone(),
                ));
                found.extend(members(document, &schema["items"], value, (&at.0, &at.1)));
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    found
}

#[tokio::test]
async fn what_the_document_forbids_in_a_body_is_refused_with_its_path() {
    let service = Service::new();
    let document = document();
    let mut asked = 0;
    for (address, name, body) in requests(&service).await {
        let schema = &document["components"]["schemas"][name];
        for (path, pointer, schema) in members(&document, schema, &body, ("", "")) {
            for value in forbidden(&schema) {
                let mut body = body.clone();
                *body.pointer_mut(&pointer).unwrap() = value.clone();
                let reply = service.send(&post(&address, &body)).await;
                assert_eq!(reply.status, 400, "{name} {path} {value} {reply:?}");
                assert!(has_path(&reply, &path), "{name} {path} {value} {reply:?}");
                asked += 1;
            }
        }
    }
    assert!(asked > 100, "only {asked} requests were forbidden");
}

fn has_path(reply: &Reply, path: &str) -> bool {
    reply.faults().iter().any(|(at, _)| at == path)
}

#[tokio::test]
async fn lists_are_as_long_as_the_document_says() {
    let service = Service::new();
    let servers = |count: usize| -> Vec<String> {
        (0..count).map(|number| format!("s-{number:017}")).collect()
    };
    let many = group("many", &servers(SERVERS_PER_GROUP_MAX + 1));
    let reply = service.send(&post("/protection-groups", &many)).await;
    assert!(has_path(&reply, "sourceServerIds"), "{reply:?}");
    let none = group("none", &[]);
    let reply = service.send(&post("/protection-groups", &none)).await;
    assert!(has_path(&reply, "sourceServerIds"), "{reply:?}");
    let as_many = group("as many", &servers(SERVERS_PER_GROUP_MAX));
    let reply = service.send(&post("/protection-groups", &as_many)).await;
    assert!(!has_path(&reply, "sourceServerIds"), "{reply:?}");
    let twice = group("twice", &[servers(1), servers(1)].concat());
    let reply = service.send(&post("/protection-groups", &twice)).await;
    assert!(has_path(&reply, "sourceServerIds[1]"), "{reply:?}");
    for count in [0, WAVES_PER_PLAN_MAX + 1] {
        let waves: Vec<Value> = (0..count)
            .map(|number| json!({ "key": format!("w{number}") }))
            .collect();
        let plan = json!({ "name": "n", "waves": waves });
        let reply = service.send(&post("/recovery-plans", &plan)).await;
        assert!(has_path(&reply, "waves"), "{reply:?}");
    }
}

#[tokio::test]
async fn a_need_has_the_numbers_that_the_document_says() {
    let service = Service::new();
    let count = |count: i64| json!({ "type": "COUNT", "count": count });
    let percent = |percent: i64| json!({ "type": "PERCENT", "percent": percent });
    let most = i64::try_from(SERVERS_PER_PLAN_MAX).unwrap();
    let share = i64::from(PERCENT_MAX);
    let cases = [
        (count(0), Some("waves[0].need.count")),
        (count(most + 1), Some("waves[0].need.count")),
        (count(most), None),
        (json!({ "type": "PERCENT", "percent": 50.0 }), None),
        (
            json!({ "type": "PERCENT", "percent": 50.5 }),
            Some("waves[0].need.percent"),
        ),
        (percent(0), Some("waves[0].need.percent")),
        (percent(share + 1), Some("waves[0].need.percent")),
        (percent(share), None),
        (
            json!({ "type": "ALL", "count": 1 }),
            Some("waves[0].need.count"),
        ),
        (
            json!({ "type": "ALL", "count": null, "percent": null }),
            None,
        ),
        (json!({ "type": "SOME" }), Some("waves[0].need.type")),
        (json!({ "type": "ALL", "of": 1 }), Some("waves[0].need.of")),
    ];
    for (need, fault) in cases {
        let plan = json!({ "name": "n", "waves": [{ "key": "a", "need": need }] });
        let reply = service.send(&post("/recovery-plans", &plan)).await;
        let found = reply.faults();
        let found = found
            .iter()
            .find(|(path, _)| path.starts_with("waves[0].need."));
        assert_eq!(found.map(|(path, _)| path.as_str()), fault, "{need}");
    }
}

#[tokio::test]
async fn what_the_document_forbids_in_a_query_is_refused_with_its_name() {
    let service = Service::new();
    let document = document();
    let plan = service.shop().await;
    let execution = service.drill(&plan).await;
    for (path, methods) in document["paths"].as_object().unwrap() {
        let path = path.replace("{executionId}", &execution);
        let parameters = methods["get"]["parameters"].as_array();
        for parameter in parameters.into_iter().flatten() {
            if parameter["in"] != "query" {
                continue;
            }
            let name = parameter["name"].as_str().unwrap();
            let schema = resolved(&document, &parameter["schema"]);
            let mut values = forbidden(schema);
            if schema.get("enum").is_some() {
                values.push(json!("NONE_OF_THEM"));
            }
            if schema["type"] == "integer" {
                // In an address every number is a text.
                values.retain(|value| value != "5");
            }
            for value in values {
                let text = value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned);
                let reply = service.send(&asking(&path, name, &text)).await;
                let refused = reply.status == 400 && has_path(&reply, name);
                assert!(refused, "{path} {name} {text:?} {reply:?}");
            }
        }
    }
}

/// A request with this parameter, and with what its address needs besides.
fn asking(path: &str, name: &str, text: &str) -> Call {
    let needed = if path.starts_with("/drs/") && name != "region" {
        "region=us-west-2&"
    } else if path.ends_with("/server-phases") && name != "waveKey" {
        "waveKey=db&"
    } else {
        ""
    };
    get(&format!("{path}?{needed}{name}={text}"))
}

#[tokio::test]
async fn a_point_in_time_is_what_the_document_says() {
    let service = Service::new();
    let document = document();
    let schema = &document["components"]["schemas"]["PointInTime"];
    let pattern = fancy_regex::Regex::new(schema["pattern"].as_str().unwrap()).unwrap();
    let texts = [
        ("2026-11-23T09:00:00Z", 200),
        ("2026-11-23t09:00:00.123456789z", 200),
        ("1000-01-01T00:00:00+23:59", 200),
        ("2999-12-31T23:59:59-23:59", 200),
        ("3000-01-01T00:00:00Z", 400),
        ("0999-01-01T00:00:00Z", 400),
        ("2026-11-23 09:00:00Z", 400),
        ("2026-11-23T09Z", 400),
        ("20261123T090000Z", 400),
        ("2026-11-23T09:00:00", 400),
        ("2026-11-23T09:00:00Z[UTC]", 400),
        ("2026-11-23T09:00:00.1234567890Z", 400),
        ("2026-11-23T09:00:00.Z", 400),
        ("2026-11-23", 400),
    ];
    for (text, status) in texts {
        let target = format!("/executions?startedAfter={text}");
        let reply = service.send(&get(&target)).await;
        assert_eq!(reply.status, status, "{text} {reply:?}");
        let allowed = pattern.is_match(text).unwrap();
        assert_eq!(allowed, status == 200, "{text}");
    }
    // It has the form, and is no day.
    let reply = service
        .send(&get("/executions?startedAfter=2026-02-30T00:00:00Z"))
        .await;
    assert_eq!(reply.status, 400);
}

#[tokio::test]
async fn a_version_to_change_is_one_tag_as_the_document_says() {
    let service = Service::new();
    let document = document();
    let schema = &document["components"]["schemas"]["OneEntityTag"];
    let pattern = fancy_regex::Regex::new(schema["pattern"].as_str().unwrap()).unwrap();
    let nobody = "/protection-groups/ffffffff-0000-4000-8000-000000000000";
    for (tag, is_one) in [
        ("\"1\"", true),
        ("*", true),
        ("", true),
        ("W/\"1\"", true),
        ("\"1\", ", true),
        (" , \"1\"", true),
        ("\"1\", \"2\"", false),
        ("*, *", false),
    ] {
        let reply = service
            .send(&call("DELETE", nobody).header("If-Match", tag))
            .await;
        assert_eq!(reply.status == 400, !is_one, "{tag:?} {reply:?}");
        assert_eq!(has_path(&reply, "If-Match"), !is_one, "{tag:?} {reply:?}");
        assert_eq!(pattern.is_match(tag).unwrap(), is_one, "{tag:?}");
    }
}

#[tokio::test]
async fn a_reason_of_nothing_but_control_characters_is_refused_and_not_left_out() {
    let service = Service::new();
    let plan = service.shop().await;
    let id = service.drill(&plan).await;
    let address = format!("/executions/{id}/cancel");
    let reply = service
        .send(&post(&address, &json!({ "reason": "\u{0}" })))
        .await;
    assert!(
        reply.status == 400 && has_path(&reply, "reason"),
        "{reply:?}"
    );
    let unseen = json!({ "reason": " \u{200b}" });
    assert_eq!(service.send(&post(&address, &unseen)).await.status, 200);
}
