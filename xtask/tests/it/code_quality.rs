//! What GitLab reads of the compiler's findings.

use std::cell::RefCell;

use xtask::code_quality::findings;

/// A message of cargo's, with one finding of clippy's.
fn message(begin: usize, lint: &str, text: &str) -> String {
    let span = serde_json::json!({
        "file_name": "crates/domain/src/wave.rs",
        "byte_start": 0, "byte_end": 1,
        "line_start": begin, "line_end": begin,
        "column_start": 1, "column_end": 2,
        "is_primary": true, "text": [],
        "label": null, "suggested_replacement": null, "suggestion_applicability": null,
        "expansion": null,
    });
    let target = serde_json::json!({
        "kind": ["lib"], "crate_types": ["lib"], "name": "domain", "src_path": "/lib.rs",
        "edition": "2024", "doc": true, "doctest": true, "test": true,
    });
    let message = serde_json::json!({
        "reason": "compiler-message",
        "package_id": "path+file:///domain#0.1.0",
        "manifest_path": "/Cargo.toml",
        "target": target,
        "message": {
            "message": text,
            "code": { "code": lint, "explanation": null },
            "level": "error", "spans": [span], "children": [], "rendered": format!("{text}\n"),
        },
    });
    format!("{message}\n")
}

fn fingerprints(messages: &str) -> Vec<String> {
    let found = findings(messages.as_bytes(), |_| {}).unwrap();
    found.into_iter().map(|it| it.fingerprint).collect()
}

#[test]
fn a_finding_is_reported_as_gitlab_reads_it() {
    let shown = RefCell::new(Vec::new());
    let messages = message(7, "clippy::unwrap_used", "used `unwrap()`");
    let found = findings(messages.as_bytes(), |text| {
        shown.borrow_mut().push(text.to_owned());
    });
    insta::assert_json_snapshot!(found.unwrap());
    assert_eq!(shown.into_inner(), ["used `unwrap()`\n"]);
}

#[test]
fn what_several_targets_find_is_reported_once() {
    let messages = message(7, "clippy::unwrap_used", "used `unwrap()`").repeat(3);
    assert_eq!(fingerprints(&messages).len(), 1);
}

#[test]
fn a_finding_that_moves_stays_the_same_one() {
    let before = fingerprints(&message(7, "clippy::unwrap_used", "used `unwrap()`"));
    let after = fingerprints(&message(9, "clippy::unwrap_used", "used `unwrap()`"));
    assert_eq!(before, after);
}

#[test]
fn two_findings_of_one_kind_stay_two() {
    let messages = [7, 9].map(|line| message(line, "clippy::unwrap_used", "used `unwrap()`"));
    let found = fingerprints(&messages.concat());
    assert_eq!(found.len(), 2);
    assert_ne!(found[0], found[1]);
}

#[test]
fn what_cargo_says_besides_is_no_finding() {
    let messages = "{\"reason\":\"build-finished\",\"success\":true}\n";
    assert_eq!(fingerprints(messages), Vec::<String>::new());
}
