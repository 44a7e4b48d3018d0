//! The document of laws, with a fault of each kind in it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use xtask::tidy::laws::{Sources, faults, faults_of_tree};

const FUNCTION: &str = "//! Keeps law 1 (F2).\npub fn keep() {}\n";
const TEST: &str = "#[test]\nfn law_1_is_kept() {}\n";

fn sources() -> Sources {
    let files = [
        ("crates/the-engine/src/launch.rs", FUNCTION),
        ("crates/the-engine/tests/it/laws.rs", TEST),
    ];
    let files = files.map(|(place, text)| (place.to_owned(), text.to_owned()));
    Sources(BTreeMap::from(files))
}

/// Eleven laws, all kept by one function, and one code.
fn document() -> String {
    let mut text = "# Laws\n".to_owned();
    for number in 1..=11 {
        write!(
            text,
            "\n### {number}. A law.\n\nEnforced by `the_engine::launch::keep`.\n\n\
             Proved by `the-engine: laws::law_1_is_kept`.\n"
        )
        .unwrap();
    }
    text + "\n## Faults\n\n| Code | What |\n|---|---|\n| F2 | a lost answer |\n"
}

/// What is wrong with the document after this change.
fn said(from: &str, to: &str) -> Vec<String> {
    let document = document();
    assert!(document.contains(from), "{from}");
    let faults = faults(&document.replacen(from, to, 1), &sources()).unwrap();
    faults.iter().map(ToString::to_string).collect()
}

#[test]
fn a_document_that_is_true_has_no_fault() {
    assert_eq!(said("# Laws", "# Laws"), Vec::<String>::new());
}

#[test]
fn a_law_that_is_left_out_is_a_fault() {
    assert_eq!(
        said("### 11. ", "### 12. "),
        ["docs/laws.md: law 11 is not in it"]
    );
}

#[test]
fn a_function_or_a_test_that_does_not_exist_is_a_fault() {
    assert_eq!(
        said("launch::keep", "launch::kept"),
        ["docs/laws.md: law 1 names the_engine::launch::kept, which is no function"]
    );
    assert_eq!(
        said("laws::law_1_is_kept", "laws::law_1_was_kept"),
        ["docs/laws.md: law 1 names `the-engine: laws::law_1_was_kept`, which is no test"]
    );
    assert_eq!(
        said("the-engine: laws::", "the-engine: other::").len(),
        1,
        "a test of another module"
    );
}

#[test]
fn a_law_that_nothing_enforces_or_proves_is_a_fault() {
    assert_eq!(
        said("Enforced by `the_engine::launch::keep`.", ""),
        ["docs/laws.md: law 1 names no function that enforces it"]
    );
    assert_eq!(
        said("Proved by `the-engine: laws::law_1_is_kept`.", ""),
        ["docs/laws.md: law 1 names no test that proves it"]
    );
}

#[test]
fn a_code_that_a_comment_cites_is_defined_once() {
    assert_eq!(
        said("| F2 | a lost answer |\n", ""),
        ["crates/the-engine/src/launch.rs:1: F2 is not defined in docs/laws.md"]
    );
    let twice = "| F2 | a lost answer |\n| F2 | again |\n";
    assert_eq!(
        said("| F2 | a lost answer |\n", twice),
        ["docs/laws.md: F2 is defined 2 times"]
    );
}

#[test]
fn the_document_of_this_repository_is_true() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    assert_eq!(faults_of_tree(&root).unwrap(), Vec::new());
}
