//! Archives: same files, same bytes.

use std::fs;

use deployment::archive::{Entry, EntryKind, folder, function, pack};
use tempfile::TempDir;

fn entry(name: &str, content: &str) -> Entry {
    let bytes = content.as_bytes().to_vec();
    Entry {
        name: name.to_owned(),
        bytes,
        kind: EntryKind::Content,
    }
}

#[test]
fn the_same_program_gives_the_same_bytes() {
    let program = vec![7; 100_000];
    assert_eq!(
        function(program.clone()).unwrap(),
        function(program).unwrap()
    );
}

#[test]
fn the_order_of_the_entries_makes_no_difference() {
    let there = pack(vec![entry("a", "1"), entry("b/c", "2")]).unwrap();
    let back = pack(vec![entry("b/c", "2"), entry("a", "1")]).unwrap();
    assert_eq!(there, back);
}

#[test]
fn two_copies_of_a_folder_made_at_different_times_give_the_same_bytes() {
    let copies = [TempDir::new().unwrap(), TempDir::new().unwrap()];
    for (copy, names) in copies
        .iter()
        .zip([["index.html", "assets/a.js"], ["assets/a.js", "index.html"]])
    {
        for name in names {
            let file = copy.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, name).unwrap();
        }
    }
    let old = std::time::UNIX_EPOCH + std::time::Duration::from_hours(500_000);
    let file = fs::File::options()
        .append(true)
        .open(copies[1].path().join("index.html"))
        .unwrap();
    file.set_modified(old).unwrap();
    assert_eq!(
        folder(copies[0].path()).unwrap(),
        folder(copies[1].path()).unwrap()
    );
}

#[test]
fn another_content_gives_other_bytes() {
    assert_ne!(
        pack(vec![entry("a", "1")]).unwrap(),
        pack(vec![entry("a", "2")]).unwrap()
    );
}

#[test]
fn a_function_is_a_program_that_the_runtime_may_start() {
    let bytes = function(b"program".to_vec()).unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let bootstrap = archive.by_name("bootstrap").unwrap();
    assert_eq!(bootstrap.unix_mode().map(|mode| mode & 0o777), Some(0o755));
}
