//! What the bills of this repository and of small lock files say.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot prepare its world has failed"
)]

mod console;
mod programs;

use serde_json::Value;

/// The parts of a document: name, version and scope, in its order.
fn parts(document: &[u8]) -> Vec<(String, String, String)> {
    let document: Value = serde_json::from_slice(document).unwrap();
    let text = |part: &Value, name: &str| part[name].as_str().unwrap().to_owned();
    let parts = document["components"].as_array().unwrap().iter();
    parts
        .map(|part| {
            (
                text(part, "name"),
                text(part, "version"),
                text(part, "scope"),
            )
        })
        .collect()
}

/// A part by its name.
fn part(document: &[u8], name: &str) -> Value {
    let document: Value = serde_json::from_slice(document).unwrap();
    let mut parts = document["components"].as_array().unwrap().iter();
    parts.find(|part| part["name"] == name).unwrap().clone()
}

/// What the part of this reference needs.
fn needed(document: &[u8], reference: &str) -> Vec<String> {
    let document: Value = serde_json::from_slice(document).unwrap();
    let all = document["dependencies"].as_array().unwrap();
    let mut of = all.iter().filter(|one| one["ref"] == reference);
    let needed = of.next().unwrap()["dependsOn"].as_array().unwrap().clone();
    let needed = needed.iter().map(|one| one.as_str().unwrap().to_owned());
    needed.collect()
}

/// Neither a number of its own nor a time; every reference names one part; every part is needed.
fn is_whole(document: &[u8]) {
    let document: Value = serde_json::from_slice(document).unwrap();
    assert_eq!(document["bomFormat"], "CycloneDX");
    assert_eq!(document["specVersion"], "1.6");
    assert_eq!(document["serialNumber"], Value::Null);
    assert_eq!(document["metadata"]["timestamp"], Value::Null);
    let mut references: Vec<&str> = document["components"]
        .as_array()
        .unwrap()
        .iter()
        .chain([&document["metadata"]["component"]])
        .map(|part| part["bom-ref"].as_str().unwrap())
        .collect();
    references.sort_unstable();
    let known = references.clone();
    references.dedup();
    assert_eq!(references, known);
    let mut needed = vec![
        document["metadata"]["component"]["bom-ref"]
            .as_str()
            .unwrap(),
    ];
    for one in document["dependencies"].as_array().unwrap() {
        assert!(
            known.binary_search(&one["ref"].as_str().unwrap()).is_ok(),
            "{one}"
        );
        needed.extend(
            one["dependsOn"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| one.as_str().unwrap()),
        );
    }
    needed.sort_unstable();
    needed.dedup();
    assert_eq!(needed, known);
}
