//! Archives are made anew when what they are made of is.

use std::fs;
use std::path::Path;

use deployment::release::FUNCTIONS;
use local_stack::packing::pack;
use tempfile::TempDir;

/// Programs that `strip` can read, and a console of one page.
fn built(folder: &Path) {
    fs::create_dir_all(folder.join("console")).unwrap();
    fs::write(folder.join("console/index.html"), "<h1>Console</h1>").unwrap();
    for name in FUNCTIONS {
        fs::copy("/bin/ls", folder.join(name)).unwrap();
    }
}

fn packed(folder: &Path) -> Vec<Vec<u8>> {
    let archives = folder.join("archives");
    pack(folder, &folder.join("console"), &archives).unwrap();
    let names = FUNCTIONS.iter().chain([&"console"]);
    names
        .map(|name| fs::read(archives.join(format!("{name}.zip"))).unwrap())
        .collect()
}

#[test]
fn two_folders_with_the_same_build_give_the_same_archives() {
    let (one, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    built(one.path());
    built(other.path());
    assert_eq!(packed(one.path()), packed(other.path()));
}

#[test]
fn a_function_that_was_not_built_again_is_not_packed_again() {
    let folder = TempDir::new().unwrap();
    built(folder.path());
    packed(folder.path());
    let archive = folder.path().join("archives/orchestration.zip");
    fs::write(&archive, "as it was left").unwrap();
    packed(folder.path());
    assert_eq!(fs::read_to_string(&archive).unwrap(), "as it was left");
    fs::copy("/bin/cat", folder.path().join("orchestration")).unwrap();
    packed(folder.path());
    assert_ne!(fs::read(&archive).unwrap(), b"as it was left");
}

#[test]
fn what_is_not_built_is_named() {
    let folder = TempDir::new().unwrap();
    built(folder.path());
    fs::remove_file(folder.path().join("execution-finder")).unwrap();
    let problem = pack(
        folder.path(),
        &folder.path().join("console"),
        &folder.path().join("archives"),
    );
    let expected = format!(
        "{} is not built; `cargo xtask local` builds it",
        folder.path().join("execution-finder").display()
    );
    assert_eq!(problem.unwrap_err().to_string(), expected);
}
