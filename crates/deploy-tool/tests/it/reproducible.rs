//! The same sources in two folders give the same bytes.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use deploy_tool::checkout::{Builder, Checkout};
use deployment::release::Body;
use deployment::restoration;
use program_build::{Compiler, Target};
use tempfile::TempDir;

use crate::workspace;

#[test]
fn one_workspace_in_two_folders_gives_byte_identical_archives() {
    byte_identical(Compiler::Cargo);
}

/// The toolchain is brought along: whether this machine has one does not matter.
#[test]
fn cargo_lambda_is_brought_along_and_builds_byte_identical_archives_as_well() {
    byte_identical(Compiler::CargoLambda);
}

fn byte_identical(compiler: Compiler) {
    let folder = TempDir::new().unwrap();
    let one = archives(&folder.path().join("one"), compiler);
    let other = archives(&folder.path().join("a/much/longer/place"), compiler);
    assert_eq!(one.len(), 7, "{:?}", one.keys());
    for (name, archive) in &one {
        assert!(other[name] == *archive, "{name} depends on its folder");
    }
    // Otherwise these programs would prove nothing: built plainly, they do know their folder.
    let plain = plainly(&folder.path().join("one"));
    assert!(plain != plainly(&folder.path().join("a/much/longer/place")));
}

#[test]
fn sources_that_were_restored_build_the_archives_that_they_were_taken_with() {
    let folder = TempDir::new().unwrap();
    let original = folder.path().join("original");
    let restored = folder.path().join("restored/elsewhere");
    let archives = archives(&original, Compiler::Cargo);
    // Bytes and paths are all that the bucket has of them.
    for source in checkout(&original, Compiler::Cargo)
        .release(None)
        .unwrap()
        .sources
    {
        let Body::File(file) = &source.body else {
            panic!("{} is no file", source.name);
        };
        let bytes = fs::read(file).unwrap();
        restoration::write(&restored.join("sources"), &source.name, &bytes).unwrap();
    }
    for (name, archive) in built(&restored, Compiler::Cargo) {
        assert!(archives[&name] == archive, "{name} differs");
    }
}

/// Builds everything as a deployment does; answers the archives by their names.
fn archives(place: &Path, compiler: Compiler) -> BTreeMap<String, Vec<u8>> {
    workspace::write_to(&place.join("sources"));
    built(place, compiler)
}

pub(crate) fn checkout(place: &Path, compiler: Compiler) -> Checkout {
    checkout_at(&place.join("sources"), place, compiler)
}

/// The checkout that lies at a root, built in a place beside it.
pub(crate) fn checkout_at(root: &Path, place: &Path, compiler: Compiler) -> Checkout {
    let console = place.join("console");
    workspace::write(&console.join("index.html"), "<!doctype html>");
    let builder = Builder {
        target_directory: place.join("target"),
        target: Target::default(),
        programs: None,
        console: Some(console),
        compiler,
        tools: Path::new(env!("CARGO_TARGET_TMPDIR")).join("tools"),
    };
    Checkout::read(root, builder).unwrap()
}

fn built(place: &Path, compiler: Compiler) -> BTreeMap<String, Vec<u8>> {
    let checkout = checkout(place, compiler);
    let mut release = checkout.release(None).unwrap();
    checkout.build(&mut release, &|_| {}).unwrap();
    release
        .artifacts()
        .map(|artifact| {
            let Body::File(file) = &artifact.body else {
                panic!("{} was not built", artifact.name);
            };
            (artifact.name.clone(), fs::read(file).unwrap())
        })
        .collect()
}

fn plainly(place: &Path) -> Vec<u8> {
    let built = Command::new("cargo")
        .args(["build", "--quiet", "--release", "--bin", "orchestration"])
        .current_dir(place.join("sources"))
        .env("CARGO_TARGET_DIR", place.join("plain"))
        .env_remove("RUSTFLAGS")
        .status()
        .unwrap();
    assert!(built.success());
    fs::read(place.join("plain/release/orchestration")).unwrap()
}
