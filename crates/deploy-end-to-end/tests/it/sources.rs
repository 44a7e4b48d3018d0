//! The sources in the bucket: looked through, and restored.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use deploy_end_to_end::test_environment::{BUCKET, TestEnvironment, run};
use serde_json::Value;

#[test]
fn sources_are_listed_and_restored_from_the_bucket_alone() {
    let environment = TestEnvironment::start(31_760).unwrap();
    environment.succeed(&["sync"]).unwrap();
    let tool = environment.checkout.programs.join("drs-deploy");
    let listed = run(&mut environment.bare_tool(&tool, &["restore-sources"])).unwrap();
    assert_eq!(listed.code, Some(0), "{}", listed.text);
    let line = "crates/orchestration/src/main.rs (13 bytes): lambda/";
    assert!(listed.text.contains(line), "{}", listed.text);
    let folder = environment.folder.path().join("restored");
    let place = folder.display().to_string();
    let restore = ["restore-sources", place.as_str()];
    let restored = run(&mut environment.bare_tool(&tool, &restore)).unwrap();
    assert_eq!(restored.code, Some(0), "{}", restored.text);
    let wanted = files(&environment.checkout.root);
    assert!(wanted.len() > 10, "{:?}", wanted.keys());
    assert!(files(&folder) == wanted, "{:?}", files(&folder).keys());
    let again = run(&mut environment.bare_tool(&tool, &restore)).unwrap();
    assert_eq!(again.code, Some(1), "{}", again.text);
    assert!(again.text.contains("is not empty"), "{}", again.text);
}

#[test]
fn a_secret_stops_a_sync_and_without_it_each_artifact_has_its_bill_of_materials() {
    let environment = TestEnvironment::start(31_765).unwrap();
    // Git does not track it, and it would go into the bucket as every other file.
    let notes = environment.checkout.root.join("notes.txt");
    fs::write(&notes, format!("-----BEGIN EC {}-----\n", "PRIVATE KEY")).unwrap();
    let refused = environment.run(&["sync"]).unwrap();
    assert_eq!(refused.code, Some(1), "{}", refused.text);
    let said = "notes.txt:1: a private key";
    assert!(refused.text.contains(said), "{}", refused.text);
    assert!(
        stored(&environment, "manifest.json").is_err(),
        "it was written"
    );
    fs::remove_file(&notes).unwrap();
    environment.succeed(&["sync"]).unwrap();
    let manifest = stored(&environment, "manifest.json").unwrap();
    let objects = manifest["objects"].as_object().unwrap();
    let bills = objects.keys();
    let bills: Vec<&String> = bills
        .filter(|key| key.starts_with("bills-of-materials/"))
        .collect();
    assert_eq!(bills.len(), 7, "{bills:?}");
    for key in bills {
        let bill = stored(&environment, key).unwrap();
        assert_eq!(bill["bomFormat"], "CycloneDX");
        let name = bill["metadata"]["component"]["name"].as_str().unwrap();
        assert!(key.ends_with(&format!("/{name}.cdx.json")), "{key}");
    }
}

/// An object of the bucket that is JSON.
fn stored(environment: &TestEnvironment, key: &str) -> anyhow::Result<Value> {
    let bytes = environment
        .emulator()
        .download(&format!("/{BUCKET}/{key}"))?;
    Ok(serde_json::from_slice(&bytes)?)
}

/// Every file of a checkout, by its path.
fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![root.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with(".git") {
                open.push(path);
            } else if path.is_file() {
                let name = path.strip_prefix(root).unwrap().display().to_string();
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}
