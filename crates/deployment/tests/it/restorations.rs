//! Sources out of the bucket, into a folder.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use deployment::manifest::Manifest;
use deployment::release::{BUILT_CONSOLE, Release, source};
use deployment::restoration::restore;
use tempfile::TempDir;

use crate::releases::{manifest, settings, synced, whole};
use crate::world::World;

/// A world whose bucket holds these sources, and their manifest.
async fn world(folder: &Path, files: &[(&str, &str)]) -> (World, Manifest) {
    let world = World::default();
    let mut release: Release = whole(folder, "c0ffee", &[]);
    let sources = files.iter().map(|(name, text)| {
        let file = folder.join("sources").join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, text).unwrap();
        let prefix = name.split('/').next().filter(|first| *first == "frontend");
        source(prefix.unwrap_or("lambda"), name, &file).unwrap()
    });
    release.sources = sources.collect();
    synced(&world, &release, "1").await;
    let manifest = manifest(&world);
    (world, manifest)
}

#[tokio::test]
async fn every_source_comes_back_where_it_was_and_nothing_else() {
    let folder = TempDir::new().unwrap();
    let files = [
        ("Cargo.toml", "[workspace]"),
        ("crates/domain/src/lib.rs", "//! One."),
        ("crates/engine/src/lib.rs", "//! One."),
        ("frontend/src/main.tsx", "export {}"),
        (".ci/run", "#!/usr/bin/env bash\n"),
    ];
    let (world, manifest) = world(folder.path(), &files).await;
    let restored = folder.path().join("restored/here");
    let bucket = &settings().bucket;
    let count = restore(&world, bucket, &manifest, &restored).await.unwrap();
    assert_eq!(count, files.len());
    for (name, text) in files {
        let file = restored.join(name);
        assert_eq!(fs::read_to_string(&file).unwrap(), text);
        let mode = fs::metadata(&file).unwrap().permissions().mode() & 0o777;
        let is_script = text.starts_with("#!/");
        assert_eq!(mode, if is_script { 0o755 } else { 0o644 }, "{name}");
    }
    assert!(!restored.join(BUILT_CONSOLE).exists());
    let again = restore(&world, bucket, &manifest, &restored).await;
    let refusal = again.unwrap_err().to_string();
    assert!(refusal.contains("is not empty"), "{refusal}");
}

#[tokio::test]
async fn a_source_that_is_gone_or_has_another_content_is_a_failure() {
    let folder = TempDir::new().unwrap();
    let (world, manifest) = world(folder.path(), &[("Cargo.toml", "[workspace]")]).await;
    let key = manifest.sources()[0].key.clone();
    let bucket = &settings().bucket;
    for content in [Some(b"other".to_vec()), None] {
        {
            let mut state = world.state();
            let objects = state.objects.as_mut().unwrap();
            match &content {
                Some(bytes) => drop(objects.insert(key.clone(), bytes.clone())),
                None => drop(objects.remove(&key)),
            }
        }
        let restored = TempDir::new().unwrap();
        let failure = restore(&world, bucket, &manifest, restored.path()).await;
        let failure = failure.unwrap_err().to_string();
        assert!(failure.contains(&key), "{failure}");
        assert!(!restored.path().join("Cargo.toml").exists());
    }
}

#[tokio::test]
async fn a_path_that_leaves_the_folder_is_refused_before_anything_is_written() {
    let folder = TempDir::new().unwrap();
    let (world, manifest) = world(folder.path(), &[("Cargo.toml", "[workspace]")]).await;
    for name in ["../outside", "/etc/outside", "a/../../outside", ""] {
        let mut manifest = manifest.clone();
        for entry in manifest.objects.values_mut() {
            name.clone_into(&mut entry.name);
        }
        let restored = folder.path().join("restored");
        let bucket = &settings().bucket;
        let refusal = restore(&world, bucket, &manifest, &restored).await;
        let refusal = refusal.unwrap_err().to_string();
        assert!(
            refusal.contains("no path in a checkout"),
            "{name}: {refusal}"
        );
        assert!(!restored.exists());
    }
}
