//! The `OpenAPI` document: committed as it is made, and telling the same as the table of
//! endpoints and as the template of the gateway.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use api_handler::endpoint::{Access, endpoints};
use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn document() -> Value {
    let text = api_handler::document().expect("the document can be made");
    serde_json::from_str(&text).expect("the document is JSON")
}

fn operations(document: &Value) -> BTreeSet<(String, String, String)> {
    let paths = document["paths"].as_object().expect("paths");
    paths
        .iter()
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().expect("methods");
            methods.iter().map(move |(method, operation)| {
                let name = operation["operationId"].as_str().expect("a name");
                (method.to_uppercase(), path.clone(), name.to_owned())
            })
        })
        .collect()
}

fn rows() -> BTreeSet<(String, String, String)> {
    endpoints()
        .into_iter()
        .map(|row| {
            (
                row.method.to_string(),
                row.path.to_owned(),
                row.operation.to_owned(),
            )
        })
        .collect()
}

#[test]
fn the_committed_document_is_what_the_types_say() {
    let path = root().join("openapi.json");
    let made = api_handler::document().unwrap();
    if std::env::vars_os().any(|(name, _)| name == "UPDATE_OPENAPI") {
        std::fs::write(&path, &made).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == made,
        "openapi.json is stale: run the test with UPDATE_OPENAPI=1 and commit the file"
    );
}

#[test]
fn every_endpoint_has_a_row_and_an_operation() {
    assert_eq!(operations(&document()), rows());
}

#[test]
fn every_row_knows_the_parameters_that_its_operation_shows() {
    let document = document();
    for row in endpoints() {
        let operation = &document["paths"][row.path][row.method.as_str().to_lowercase()];
        let shown: BTreeSet<&str> = operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|parameter| parameter["in"] == "query")
            .map(|parameter| parameter["name"].as_str().unwrap())
            .collect();
        assert_eq!(
            shown,
            row.parameters.iter().copied().collect(),
            "{}",
            row.operation
        );
    }
}

#[test]
fn all_but_health_need_a_token_and_every_operation_can_fail_with_a_problem() {
    let document = document();
    for row in endpoints() {
        let operation = &document["paths"][row.path][row.method.as_str().to_lowercase()];
        let problem = "/responses/default/content/application~1problem+json/schema/$ref";
        assert_eq!(
            operation.pointer(problem).unwrap(),
            "#/components/schemas/Problem"
        );
        let asks = operation["security"][0].get("idToken").is_some();
        assert_eq!(asks, row.access != Access::Open, "{}", row.operation);
    }
    assert!(document["components"]["schemas"]["Problem"].is_object());
}

#[test]
fn the_gateway_has_exactly_these_methods() {
    let template = std::fs::read_to_string(root().join("cfn/api-stack.yaml")).unwrap();
    let mut found = BTreeSet::new();
    let mut lines = template.lines();
    while let Some(line) = lines.next() {
        let name = line
            .strip_prefix("  ")
            .and_then(|line| line.strip_suffix("Method:"));
        let Some(name) = name.filter(|name| !name.starts_with(' ')) else {
            continue;
        };
        // What is said of a method stands before its properties.
        let method = lines.find_map(|line| line.split("HttpMethod: ").nth(1));
        let method = method.unwrap();
        let method = method.split(',').next().unwrap();
        found.insert((lower_first(name), method.to_owned()));
    }
    let wanted = rows()
        .into_iter()
        .map(|(method, _, name)| (name, method))
        .collect();
    assert_eq!(found, wanted);
}

fn lower_first(name: &str) -> String {
    let (first, rest) = name.split_at(1);
    first.to_lowercase() + rest
}

#[test]
fn every_reference_leads_to_a_schema() {
    let document = document();
    let mut missing = Vec::new();
    let mut open = vec![&document];
    while let Some(value) = open.pop() {
        if let Some(reference) = value.get("$ref").and_then(Value::as_str)
            && document
                .pointer(reference.trim_start_matches('#'))
                .is_none()
        {
            missing.push(reference.to_owned());
        }
        match value {
            Value::Object(members) => open.extend(members.values()),
            Value::Array(items) => open.extend(items),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}
