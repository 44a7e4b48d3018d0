//! The crate graph: each kind of forbidden edge, and this repository's own graph.

use std::fs;

use tempfile::TempDir;
use xtask::tidy::crate_graph::{Crate, Edge, When, Whose, faults, read};

fn edge(to: &str, whose: Whose, when: When) -> Edge {
    Edge {
        to: to.to_owned(),
        whose,
        when,
    }
}

fn check(name: &str, edge: Edge, expected: &[&str]) {
    let package = Crate {
        name: name.to_owned(),
        dependencies: vec![edge],
    };
    let found: Vec<String> = faults(&[package]).iter().map(ToString::to_string).collect();
    assert_eq!(found, expected);
}

#[test]
fn an_edge_against_the_direction_is_a_fault() {
    check(
        "domain",
        edge("engine", Whose::Ours, When::Always),
        &["domain: must not depend on engine: the table has no such edge"],
    );
    check("engine", edge("domain", Whose::Ours, When::Always), &[]);
}

#[test]
fn the_judge_shares_nothing_with_the_judged() {
    for ours in ["domain", "engine", "aws"] {
        let expected =
            format!("drs-simulator: must not depend on {ours}: the table has no such edge");
        check(
            "drs-simulator",
            edge(ours, Whose::Ours, When::Always),
            &[&expected],
        );
        check(
            "drs-simulator",
            edge(ours, Whose::Ours, When::InTests),
            &[&expected],
        );
    }
}

#[test]
fn the_domain_stays_pure() {
    for foreign in [
        "tokio",
        "async-trait",
        "futures-util",
        "tracing",
        "rand_chacha",
        "aws-config",
    ] {
        let expected =
            format!("domain: must not depend on {foreign}: it is to stay free of such crates");
        check(
            "domain",
            edge(foreign, Whose::Theirs, When::Always),
            &[&expected],
        );
    }
    check("domain", edge("serde", Whose::Theirs, When::Always), &[]);
}

#[test]
fn an_sdk_is_named_by_its_adapters_alone() {
    check(
        "orchestration",
        edge("aws-sdk-drs", Whose::Theirs, When::Always),
        &[
            "orchestration: must not depend on aws-sdk-drs: only aws, aws-ec2, deployment, frontend-builder may",
        ],
    );
    check("aws", edge("aws-sdk-drs", Whose::Theirs, When::Always), &[]);
}

#[test]
fn an_edge_that_only_tests_have_is_allowed_to_tests_alone() {
    check(
        "aws",
        edge("drs-simulator", Whose::Ours, When::InTests),
        &[],
    );
    check(
        "aws",
        edge("drs-simulator", Whose::Ours, When::Always),
        &["aws: must not depend on drs-simulator: the table has no such edge"],
    );
}

#[test]
fn a_crate_without_a_row_is_a_fault() {
    let package = Crate {
        name: "helpers".to_owned(),
        dependencies: Vec::new(),
    };
    let found: Vec<String> = faults(&[package]).iter().map(ToString::to_string).collect();
    let expected =
        "helpers: has no row in the table of xtask/src/tidy/crate_graph.rs: add one".to_owned();
    assert_eq!(found, [expected]);
}

#[test]
fn manifests_are_read_as_cargo_reads_them() {
    let tree = TempDir::new().unwrap();
    let manifest = "[workspace]\nresolver = \"3\"\nmembers = [\"crates/*\"]\n";
    fs::write(tree.path().join("Cargo.toml"), manifest).unwrap();
    for (name, dependencies) in [
        ("domain", "engine = { path = \"../engine\" }"),
        ("engine", ""),
    ] {
        let folder = tree.path().join("crates").join(name);
        fs::create_dir_all(folder.join("src")).unwrap();
        fs::write(folder.join("src/lib.rs"), "//! A crate.\n").unwrap();
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[dependencies]\n{dependencies}\n"
        );
        fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    }
    let found: Vec<String> = faults(&read(tree.path()).unwrap())
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        found,
        ["domain: must not depend on engine: the table has no such edge"]
    );
}
