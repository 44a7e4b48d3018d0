//! What makes an archive unacceptable.

use std::io::{Cursor, Write};

use frontend_builder::archive::{ArchiveRefused, unpack};
use zip::write::SimpleFileOptions;

use crate::fakes::{key_of, zipped};

fn refusal(files: &[(&str, &str)]) -> String {
    let bytes = zipped(files);
    unpack(&key_of(&bytes), bytes).unwrap_err().to_string()
}

#[test]
fn the_files_come_out_by_their_paths() {
    let bytes = zipped(&[("index.html", "page"), ("assets/app-0123abcd.js", "code")]);
    let files = unpack(&key_of(&bytes), bytes).unwrap();
    assert_eq!(files["assets/app-0123abcd.js"], b"code");
    assert_eq!(files.len(), 2);
}

#[test]
fn an_archive_that_is_not_what_its_name_says_is_refused() {
    let key = key_of(&zipped(&[("index.html", "another")]));
    let refusal = unpack(&key, zipped(&[("index.html", "page")])).unwrap_err();
    assert!(matches!(refusal, ArchiveRefused::WrongHash { .. }));
}

#[test]
fn a_key_without_a_hash_is_refused() {
    for key in [
        "artifacts/console.zip",
        "artifacts/console-12ab.zip",
        "console",
    ] {
        let refusal = unpack(key, zipped(&[("index.html", "page")])).unwrap_err();
        assert!(matches!(refusal, ArchiveRefused::NoHashInName(_)), "{key}");
    }
}

#[test]
fn paths_that_leave_the_bucket_are_refused() {
    for path in [
        "../up",
        "/root",
        "a/../../up",
        "a//b",
        "back\\slash",
        "./here",
        "sp ace",
    ] {
        let refusal = refusal(&[("index.html", "page"), (path, "x")]);
        assert!(
            refusal.contains("not a plain relative path"),
            "{path}: {refusal}"
        );
    }
}

#[test]
fn symbolic_links_are_refused() {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive
        .add_symlink("index.html", "/etc/passwd", SimpleFileOptions::default())
        .unwrap();
    let bytes = archive.finish().unwrap().into_inner();
    let refusal = unpack(&key_of(&bytes), bytes).unwrap_err();
    assert!(matches!(refusal, ArchiveRefused::UnsafePath(_)));
}

#[test]
fn a_file_that_unpacks_to_more_than_the_limit_is_refused() {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive
        .start_file("bomb.js", SimpleFileOptions::default())
        .unwrap();
    let zeros = vec![0; 1024 * 1024];
    for _ in 0..17 {
        archive.write_all(&zeros).unwrap();
    }
    let bytes = archive.finish().unwrap().into_inner();
    assert!(bytes.len() < 100_000, "the archive itself is small");
    let refusal = unpack(&key_of(&bytes), bytes).unwrap_err();
    assert!(matches!(refusal, ArchiveRefused::TooLarge(_)));
}

#[test]
fn too_many_files_are_refused() {
    let names: Vec<String> = (0..2_001).map(|number| format!("f{number}")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
    assert!(refusal(&files).contains("2001 entries"));
}

#[test]
fn an_archive_without_a_page_is_refused() {
    assert!(refusal(&[("assets/app.js", "code")]).contains("no index.html"));
}

#[test]
fn an_archive_that_brings_its_own_configuration_is_refused() {
    let refusal = refusal(&[("index.html", "page"), ("config.json", "{}")]);
    assert!(refusal.contains("only the stack writes"));
}

#[test]
fn bytes_that_are_no_archive_are_refused() {
    let bytes = b"no archive".to_vec();
    let refusal = unpack(&key_of(&bytes), bytes).unwrap_err();
    assert!(matches!(refusal, ArchiveRefused::Unreadable(_)));
}
