//! Licences and sources of dependencies.

use xtask::tidy::dependencies::{Dependency, faults};
use xtask::tidy::licence::is_allowed;

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

fn faults_of(licence: Option<&str>, source: Option<&str>) -> Vec<String> {
    let dependency = Dependency {
        name: "foreign 1.2.3".to_owned(),
        licence: licence.map(str::to_owned),
        source: source.map(str::to_owned),
    };
    faults(&[dependency])
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn expressions_are_judged_by_what_can_be_chosen() {
    let table = [
        ("MIT", true),
        ("MIT/Apache-2.0", true),
        ("MIT OR GPL-3.0-only", true),
        ("MIT AND GPL-3.0-only", false),
        ("(MIT OR GPL-3.0-only) AND ISC", true),
        ("(GPL-2.0-only OR GPL-3.0-only) AND ISC", false),
        ("Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT", true),
        ("GPL-2.0-only WITH Classpath-exception-2.0", false),
        ("AGPL-3.0-only", false),
        ("", false),
        ("MIT OR", false),
        ("(MIT", false),
        ("MIT Apache-2.0", false),
    ];
    for (expression, expected) in table {
        assert_eq!(is_allowed(expression), expected, "{expression}");
    }
}

#[test]
fn a_dependency_without_an_allowed_licence_is_a_fault() {
    assert_eq!(
        faults_of(Some("AGPL-3.0-only"), Some(CRATES_IO)),
        ["foreign 1.2.3: its licence `AGPL-3.0-only` is not on the list of those allowed"]
    );
    assert_eq!(
        faults_of(None, Some(CRATES_IO)),
        ["foreign 1.2.3: declares no licence"]
    );
}

#[test]
fn a_dependency_from_elsewhere_than_crates_io_is_a_fault() {
    assert_eq!(
        faults_of(Some("MIT"), Some("git+https://example.com/foreign")),
        ["foreign 1.2.3: comes from git+https://example.com/foreign; only crates.io is allowed"]
    );
    assert_eq!(
        faults_of(Some("MIT"), Some(CRATES_IO)),
        Vec::<String>::new()
    );
}
