//! The bill of the console.

use std::fs;
use std::path::Path;

use bills_of_materials::of_console;

use crate::{is_whole, needed, part, parts};

const LOCK: &str = r#"{"lockfileVersion": 3, "packages": {
    "": {"name": "console", "version": "0.1.0", "license": "Apache-2.0",
         "dependencies": {"@their/thing": "1.0.0", "old": "1.0.0"},
         "devDependencies": {"tool": "9.0.0"}},
    "node_modules/@their/thing": {"version": "1.0.0", "license": "MIT",
         "integrity": "sha512-AAEC", "dependencies": {"old": "^2.0.0"}},
    "node_modules/@their/thing/node_modules/old": {"version": "2.0.0", "license": "ISC"},
    "node_modules/old": {"version": "1.0.0", "license": "ISC",
         "peerDependencies": {"tool": "9.0.0"}},
    "node_modules/tool": {"version": "9.0.0", "license": "MPL-2.0", "dev": true}
}}"#;

#[test]
fn what_only_development_needs_is_no_part_of_the_console() {
    let bill = of_console("console", LOCK).unwrap();
    is_whole(&bill);
    let named: Vec<_> = parts(&bill)
        .into_iter()
        .map(|(name, version, _)| (name, version))
        .collect();
    let expected = [
        ("@their/thing", "1.0.0"),
        ("old", "1.0.0"),
        ("old", "2.0.0"),
    ];
    assert_eq!(
        named,
        expected.map(|(name, version)| (name.to_owned(), version.to_owned()))
    );
}

#[test]
fn a_package_needs_the_nearest_of_the_versions() {
    let bill = of_console("console", LOCK).unwrap();
    assert_eq!(
        needed(&bill, "console@0.1.0"),
        ["@their/thing@1.0.0", "old@1.0.0"]
    );
    assert_eq!(needed(&bill, "@their/thing@1.0.0"), ["old@2.0.0"]);
    assert_eq!(needed(&bill, "old@1.0.0"), Vec::<String>::new());
}

#[test]
fn a_package_has_its_address_its_licence_and_its_digest() {
    let bill = of_console("console", LOCK).unwrap();
    let thing = part(&bill, "@their/thing");
    assert_eq!(thing["purl"], "pkg:npm/%40their/thing@1.0.0");
    assert_eq!(thing["licenses"][0]["expression"], "MIT");
    assert_eq!(thing["hashes"][0]["alg"], "SHA-512");
    assert_eq!(thing["hashes"][0]["content"], "000102");
}

#[test]
fn the_console_of_this_repository_has_a_whole_bill_and_always_the_same() {
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../frontend/package-lock.json");
    let lock = fs::read_to_string(lock).unwrap();
    let bill = of_console("console", &lock).unwrap();
    is_whole(&bill);
    assert_eq!(bill, of_console("console", &lock).unwrap());
    let names: Vec<String> = parts(&bill).into_iter().map(|(name, _, _)| name).collect();
    assert!(names.contains(&"react".to_owned()));
    assert!(!names.contains(&"vite".to_owned()));
}

#[test]
fn a_lock_file_of_another_version_is_refused() {
    let error = of_console("console", r#"{"lockfileVersion": 1, "packages": {}}"#);
    assert!(error.unwrap_err().to_string().contains("has version 1"));
}
