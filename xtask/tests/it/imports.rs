//! Which file imports which, and the circles that come of it, in small crates.

use std::collections::BTreeMap;
use std::path::Path;

use tempfile::TempDir;
use xtask::tidy::import_circles::{Exceptions, exceptions, faults, read};
use xtask::tidy::imports::Imports;

/// The imports of a crate of these files.
fn imports(files: &[(&str, &str)]) -> Imports {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        let file = folder.path().join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    Imports::read(folder.path()).unwrap()
}

fn imported(imports: &Imports, file: &str) -> Vec<String> {
    imports.0[file].iter().cloned().collect()
}

#[test]
fn an_import_and_a_path_in_an_expression_count_alike() {
    let files = [
        ("lib.rs", "mod a; mod b; mod c;"),
        ("a.rs", "use crate::b::B; fn f() { crate::c::c() }"),
        ("b.rs", "pub struct B;"),
        ("c.rs", "pub fn c() {}"),
    ];
    assert_eq!(imported(&imports(&files), "a.rs"), ["b.rs", "c.rs"]);
}

#[test]
fn a_name_that_is_handed_on_leads_to_where_it_stands() {
    let files = [
        ("lib.rs", "mod house; mod guest;"),
        ("house.rs", "mod room; pub use room::{Bed as Couch, *};"),
        ("house/room.rs", "pub struct Bed; pub struct Lamp;"),
        ("guest.rs", "use crate::house::{Couch, Lamp};"),
    ];
    let imports = imports(&files);
    assert_eq!(imported(&imports, "guest.rs"), ["house/room.rs"]);
    assert_eq!(imported(&imports, "house.rs"), Vec::<String>::new());
}

#[test]
fn what_a_macro_may_have_made_stands_where_the_path_leads() {
    let files = [
        ("lib.rs", "mod a; mod ids;"),
        ("a.rs", "use crate::ids::PlanId; use std::fmt;"),
        ("ids.rs", "id!(PlanId);"),
    ];
    assert_eq!(imported(&imports(&files), "a.rs"), ["ids.rs"]);
}

#[test]
fn two_that_import_each_other_by_a_third_are_a_circle() {
    let files = [
        ("lib.rs", "mod a; mod b; mod c;"),
        ("a.rs", "use crate::b::B; pub struct A;"),
        ("b.rs", "use super::c; pub struct B;"),
        ("c.rs", "fn f(_: &crate::a::A) {}"),
    ];
    let imports = imports(&files);
    assert_eq!(imports.circles(), [["a.rs", "b.rs", "c.rs"]]);
}

#[test]
fn a_part_that_imports_the_whole_which_imports_the_part_is_a_circle() {
    let files = [
        ("lib.rs", "mod whole;"),
        ("whole.rs", "mod part; use part::part; pub struct Whole;"),
        (
            "whole/part.rs",
            "use super::Whole; pub fn part(_: Whole) {}",
        ),
    ];
    assert_eq!(imports(&files).circles(), [["whole.rs", "whole/part.rs"]]);
}

#[test]
fn modules_within_a_file_are_the_file() {
    let files = [(
        "lib.rs",
        "pub struct A; mod inner { use super::A; mod deep { use super::super::A; } }",
    )];
    assert!(imports(&files).circles().is_empty());
}

#[test]
fn a_crate_may_have_as_many_files_in_circles_as_are_listed_and_the_list_only_shrinks() {
    let circle = imports(&[
        ("lib.rs", "mod a; mod b;"),
        ("a.rs", "use crate::b::B; pub struct A;"),
        ("b.rs", "use crate::a::A; pub struct B;"),
    ]);
    let crates = BTreeMap::from([("crates/one".to_owned(), circle)]);
    let said = |allowed: &[(&str, usize)]| {
        let list = allowed
            .iter()
            .map(|(name, files)| ((*name).to_owned(), *files));
        let faults = faults(&crates, &Exceptions(list.collect()));
        faults.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(said(&[("crates/one", 2)]), Vec::<String>::new());
    assert!(said(&[])[0].contains("2 files are in circles of imports (0 allowed): a.rs, b.rs"));
    assert!(said(&[("crates/one", 3)])[0].contains("still allows 3: lower it"));
    assert!(said(&[("crates/one", 2), ("crates/gone", 1)])[0].contains("there is none"));
}

#[test]
fn this_repository_has_the_circles_that_are_listed_and_no_other() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let faults = faults(&read(&root).unwrap(), &exceptions(&root).unwrap());
    assert!(faults.is_empty(), "{faults:?}");
}
