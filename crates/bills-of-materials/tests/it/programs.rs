//! The bills of programs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use bills_of_materials::Crates;
use tempfile::TempDir;

use crate::{is_whole, needed, part, parts};

const TARGET: &str = "x86_64-unknown-linux-gnu";
const OTHER_TARGET: &str = "aarch64-unknown-linux-gnu";

fn write(file: &Path, text: &str) {
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

/// Two programs that share a crate; one of them is built with the help of another, and only its tests
/// need a third.
fn workspace(root: &Path) {
    write(
        &root.join("Cargo.toml"),
        "[workspace]\nresolver = \"3\"\nmembers = [\"*\"]\nexclude = [\"target\"]\n",
    );
    let program = "[dependencies]\nshared = { path = \"../shared\" }\n\
                   [build-dependencies]\nhelper = { path = \"../helper\" }\n\
                   [dev-dependencies]\nchecker = { path = \"../checker\" }\n";
    for (name, needs) in [
        ("first", program),
        (
            "second",
            "[dependencies]\nshared = { path = \"../shared\" }\n",
        ),
        ("shared", ""),
        ("helper", ""),
        ("checker", ""),
    ] {
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"1.0.0\"\nedition = \"2024\"\n\
             license = \"MIT/Apache-2.0\"\n{needs}"
        );
        write(&root.join(name).join("Cargo.toml"), &manifest);
        write(&root.join(name).join("src/lib.rs"), "");
    }
    let mut lock = Command::new("cargo");
    lock.args(["generate-lockfile", "--offline", "--quiet"]);
    assert!(lock.current_dir(root).status().unwrap().success());
}

#[test]
fn what_is_in_a_program_and_what_only_builds_it_are_told_apart() {
    let folder = TempDir::new().unwrap();
    workspace(folder.path());
    let crates = Crates::read(folder.path(), &["first", "second"], TARGET).unwrap();
    let first = crates.bill("first", "the-program").unwrap();
    is_whole(&first);
    let scopes: Vec<_> = parts(&first)
        .into_iter()
        .map(|(name, _, scope)| (name, scope))
        .collect();
    let expected = [("helper", "excluded"), ("shared", "required")];
    assert_eq!(
        scopes,
        expected.map(|(name, scope)| (name.to_owned(), scope.to_owned()))
    );
    assert_eq!(
        needed(&first, "first@1.0.0"),
        ["helper@1.0.0", "shared@1.0.0"]
    );
    assert_eq!(
        part(&first, "shared")["licenses"][0]["expression"],
        "MIT OR Apache-2.0"
    );
    // Cargo prints what the shared crate needs once, below the first program.
    let second = crates.bill("second", "second").unwrap();
    is_whole(&second);
    assert_eq!(parts(&second).len(), 1);
}

#[test]
fn a_package_that_nobody_knows_is_an_error() {
    let folder = TempDir::new().unwrap();
    workspace(folder.path());
    assert!(Crates::read(folder.path(), &["third"], TARGET).is_err());
    let crates = Crates::read(folder.path(), &["first"], TARGET).unwrap();
    assert!(crates.bill("second", "second").is_err());
}

#[test]
fn the_same_sources_in_two_folders_have_the_same_bill() {
    let folder = TempDir::new().unwrap();
    let bill = |place: PathBuf| {
        workspace(&place);
        let crates = Crates::read(&place, &["first", "second"], TARGET).unwrap();
        crates.bill("first", "first").unwrap()
    };
    let one = bill(folder.path().join("one"));
    assert_eq!(one, bill(folder.path().join("a/much/longer/place")));
}

#[test]
fn every_program_of_this_repository_has_a_whole_bill() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let packages = [
        "api-handler",
        "orchestration",
        "frontend-builder",
        "deploy-tool",
    ];
    for target in [TARGET, OTHER_TARGET] {
        let crates = Crates::read(&root, &packages, target).unwrap();
        for package in packages {
            let bill = crates.bill(package, package).unwrap();
            is_whole(&bill);
            let tokio = part(&bill, "tokio");
            let version = tokio["version"].as_str().unwrap();
            assert_eq!(tokio["purl"], format!("pkg:cargo/tokio@{version}"));
            assert_eq!(tokio["hashes"][0]["content"].as_str().unwrap().len(), 64);
            assert_eq!(tokio["scope"], "required");
            assert_eq!(part(&bill, "serde_derive")["scope"], "excluded");
            let names: Vec<String> = parts(&bill).into_iter().map(|(name, _, _)| name).collect();
            assert!(!names.contains(&"tempfile".to_owned()), "{package}");
        }
    }
}
