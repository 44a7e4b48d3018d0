//! The bills of materials that a release carries.

use deployment::release::{CONSOLE, FUNCTIONS, TOOL};
use program_build::Compiler;
use tempfile::TempDir;

use crate::reproducible::checkout;
use crate::workspace;

#[test]
fn a_release_has_a_bill_of_materials_for_each_artifact_before_anything_is_built() {
    let folder = TempDir::new().unwrap();
    workspace::write_to(&folder.path().join("sources"));
    let release = checkout(folder.path(), Compiler::Cargo)
        .release(None)
        .unwrap();
    let names: Vec<&str> = release
        .bills
        .iter()
        .map(|bill| bill.name.as_str())
        .collect();
    let artifacts = FUNCTIONS.iter().chain([&TOOL, &CONSOLE]);
    let wanted: Vec<String> = artifacts.map(|name| format!("{name}.cdx.json")).collect();
    assert_eq!(names, wanted);
    for bill in &release.bills {
        assert_eq!(
            bill.key,
            format!("bills-of-materials/{}/{}", bill.sha256, bill.name)
        );
    }
}
