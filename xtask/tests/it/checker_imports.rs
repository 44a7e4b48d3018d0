//! What the checker of the simulation may import, each with a file that breaks it.

use std::fs;
use std::path::Path;

use tempfile::TempDir;
use xtask::tidy::checker_imports::faults_of_tree;

const MANIFEST: &str = "[package]\nname = \"simulation\"\n[dependencies]\ndomain.workspace = true\n\
    drs-simulator.workspace = true\nengine.workspace = true\njiff.workspace = true\n";

/// What is refused in a crate with these files beside a checker and facts that are as they should be.
fn refused(files: &[(&str, &str)]) -> Vec<String> {
    let tree = TempDir::new().unwrap();
    let folder = tree.path().join("crates/simulation");
    let usual = [
        ("Cargo.toml", MANIFEST),
        (
            "src/lib.rs",
            "mod checker; mod facts; mod run; use engine::Engine;",
        ),
        (
            "src/checker.rs",
            "mod saves; use drs_simulator::World; use crate::facts::Wave;",
        ),
        ("src/facts.rs", "use jiff::Timestamp; pub struct Wave;"),
    ];
    for (name, text) in usual.iter().chain(files) {
        let file = folder.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    let faults = faults_of_tree(tree.path()).unwrap();
    faults.iter().map(ToString::to_string).collect()
}

/// Asserts that one path is refused in a file of the checker with this text.
fn check(text: &str, path: &str) {
    let faults = refused(&[("src/checker/saves.rs", text)]);
    let place = "crates/simulation/src/checker/saves.rs";
    let expected =
        format!("{place}: the checker may not use {path}: it judges by rules of its own");
    assert_eq!(faults, [expected], "{text}");
}

#[test]
fn the_checker_may_use_the_simulator_the_facts_and_itself() {
    let text = "use super::state::Checker; use crate::facts::{self, Wave}; use std::sync::Arc; \
        use drs_simulator::World; fn f() { Wave::new(); facts::Wave::new(); }";
    assert_eq!(
        refused(&[("src/checker/saves.rs", text)]),
        Vec::<String>::new()
    );
}

#[test]
fn an_import_of_the_engine_is_refused_in_the_checker() {
    check(
        "use engine::memory::MemoryStore;",
        "engine::memory::MemoryStore",
    );
    check("use engine as product;", "engine");
    check("use ::engine::*;", "engine");
    check("extern crate engine;", "engine");
}

#[test]
fn a_function_of_the_domain_is_refused_in_the_checker_wherever_it_is_named() {
    let path = "domain::execution::queries::status::drive";
    check("use domain::execution::queries::status::{drive};", path);
    check(&format!("fn f() {{ {path}(); }}"), path);
    check(&format!("fn f() {{ println!(\"{{}}\", {path}()); }}"), path);
}

#[test]
fn another_module_of_the_simulation_is_refused_in_the_checker() {
    check("use crate::run::Stage;", "crate::run::Stage");
    check("use super::super::run::Stage;", "crate::run::Stage");
}

#[test]
fn facts_name_no_type_of_the_product_either() {
    let faults = refused(&[("src/facts.rs", "pub use domain::execution::Execution;")]);
    assert_eq!(faults.len(), 1);
    assert!(
        faults[0].contains("may not use domain::execution::Execution"),
        "{faults:?}"
    );
}

#[test]
fn a_simulation_without_a_checker_is_refused() {
    let tree = TempDir::new().unwrap();
    let folder = tree.path().join("crates/simulation");
    fs::create_dir_all(folder.join("src")).unwrap();
    fs::write(folder.join("Cargo.toml"), MANIFEST).unwrap();
    let faults = faults_of_tree(tree.path()).unwrap();
    assert!(
        faults[0].message.contains("there is no module checker"),
        "{faults:?}"
    );
}

#[test]
fn the_checker_of_this_repository_imports_what_is_listed_and_nothing_else() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let faults = faults_of_tree(&root).unwrap();
    assert!(faults.is_empty(), "{faults:?}");
}
