//! The table of planted bugs fits the sources, without building anything.

use xtask::{planted, workspace};

#[test]
fn every_planted_bug_can_be_planted_and_names_a_test_that_exists() {
    let root = workspace::root();
    let bugs = planted::table(&root).unwrap();
    assert!(bugs.len() >= 20, "only {} bugs", bugs.len());
    assert_eq!(planted::faults(&root, &bugs), Vec::<String>::new());
}
