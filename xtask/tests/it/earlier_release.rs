//! The earlier release that the test of releases begins with.

use std::process::Command;

use tempfile::TempDir;
use xtask::{earlier_release, workspace};

#[test]
fn a_clone_that_does_not_reach_it_is_refused_with_what_to_do() {
    let folder = TempDir::new().unwrap();
    let made = Command::new("git")
        .args(["init", "--quiet"])
        .arg(folder.path())
        .status()
        .unwrap();
    assert!(made.success());
    let commit = earlier_release::commit(&workspace::root()).unwrap();
    let refusal = earlier_release::check_history(folder.path(), &commit).unwrap_err();
    let text = refusal.to_string();
    assert!(text.contains(&commit), "{text}");
    assert!(text.contains("git fetch --unshallow"), "{text}");
}
