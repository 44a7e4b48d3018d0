//! Rules for files: each with a tree that breaks it, and one that breaks none.

use std::fs;
use std::path::Path;

use tempfile::TempDir;
use xtask::tidy::faults_of_tree;

const MANIFEST: &str = "[workspace]\nresolver = \"3\"\nmembers = [\"crates/*\"]\n";
const DOMAIN: &str = "[package]\nname = \"domain\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";

/// A tree that is tidy, before a test adds a file to it.
fn tree() -> TempDir {
    let tree = TempDir::new().unwrap();
    write(tree.path(), "Cargo.toml", MANIFEST);
    write(tree.path(), "crates/domain/Cargo.toml", DOMAIN);
    write(tree.path(), "crates/domain/src/lib.rs", "//! Pure.\n");
    write(tree.path(), "xtask/import_circles.yaml", "{}\n");
    tree
}

fn write(root: &Path, place: &str, content: &str) {
    let file = root.join(place);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, content).unwrap();
}

/// The faults of the tidy tree with one more file, as text.
fn faults_with(place: &str, content: &str) -> Vec<String> {
    let tree = tree();
    write(tree.path(), place, content);
    faults_of_tree(tree.path())
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect()
}

fn check(place: &str, content: &str, expected: &[&str]) {
    assert_eq!(faults_with(place, content), expected, "{place}");
}

fn lines(count: usize) -> String {
    format!("//! A module.\n{}", "// more\n".repeat(count - 1))
}

#[test]
fn a_tidy_tree_has_no_fault() {
    check("crates/domain/src/wave.rs", "//! A wave.\n", &[]);
}

#[test]
fn a_rust_file_beyond_its_wall_is_a_fault() {
    check("crates/domain/src/wave.rs", &lines(500), &[]);
    check(
        "crates/domain/src/wave.rs",
        &lines(501),
        &[
            "crates/domain/src/wave.rs: 501 lines, and the wall is 500: split it by what its parts are for",
        ],
    );
}

#[test]
fn a_typescript_file_beyond_its_wall_is_a_fault() {
    check("frontend/src/routes.tsx", &lines(300), &[]);
    check(
        "frontend/src/routes.tsx",
        &lines(301),
        &[
            "frontend/src/routes.tsx: 301 lines, and the wall is 300: split it by what its parts are for",
        ],
    );
}

#[test]
fn tests_have_a_wall_of_their_own() {
    check("crates/domain/tests/it/waves.rs", &lines(800), &[]);
    check("frontend/src/routes.test.tsx", &lines(800), &[]);
    check(
        "crates/domain/tests/it/waves.rs",
        &lines(801),
        &[
            "crates/domain/tests/it/waves.rs: 801 lines, and the wall is 800: split it by what its parts are for",
        ],
    );
}

#[test]
fn a_module_without_its_first_line_is_a_fault() {
    check(
        "crates/domain/src/wave.rs",
        "pub struct Wave;\n",
        &[
            "crates/domain/src/wave.rs: begins without `//!`: say in one to five lines what the module is for",
        ],
    );
}

#[test]
fn a_marker_of_unfinished_work_is_a_fault_with_its_line() {
    for marker in [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X"),
    ] {
        check(
            "crates/domain/src/wave.rs",
            &format!("//! A wave.\n// {marker}: later\n"),
            &["crates/domain/src/wave.rs:2: marks unfinished work: finish it, or open an issue"],
        );
    }
}

#[test]
fn a_word_that_only_contains_a_marker_is_none() {
    check(
        "crates/domain/src/wave.rs",
        concat!("//! A mas", "TO", "DON, XX", "XX.\n"),
        &[],
    );
}

#[test]
fn a_lock_file_that_names_another_host_is_a_fault() {
    check(
        "frontend/package-lock.json",
        "{\n  \"resolved\": \"https://registry.example/a.tgz\"\n}\n",
        &[
            "frontend/package-lock.json:2: names a host: only crates.io, PyPI and npm by their names",
        ],
    );
    check(
        "xtask/emulator/requirements.txt",
        "--index-url https://registry.example\nboto3==1.43.106\n",
        &[
            "xtask/emulator/requirements.txt:1: names a host: only crates.io, PyPI and npm by their names",
        ],
    );
    check(
        "tools/Cargo.lock",
        "[[package]]\nsource = \"git+https://example.com/a\"\n",
        &["tools/Cargo.lock:2: names a host: only crates.io, PyPI and npm by their names"],
    );
}

#[test]
fn what_others_made_is_not_judged() {
    check("frontend/node_modules/a/index.ts", &lines(1_000), &[]);
    check("crates/domain/target/generated.rs", "fn f() {}\n", &[]);
}
