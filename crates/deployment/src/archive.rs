//! Zip archives that depend on nothing but what is in them: same files, same bytes.

use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::error::Failure;

/// One file of an archive.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its path in the archive, with `/` between folders.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
    /// Whether it is a program.
    pub kind: EntryKind,
}

/// What the file is once it is unpacked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum EntryKind {
    /// Started by the runtime: mode 0755.
    Program,
    /// Read only: mode 0644.
    Content,
}

/// The archive of a function: its program under the name that the runtime starts.
pub fn function(program: Vec<u8>) -> Result<Vec<u8>, Failure> {
    self::program("bootstrap", program)
}

/// The archive of one program.
pub fn program(name: &str, program: Vec<u8>) -> Result<Vec<u8>, Failure> {
    pack(vec![Entry {
        name: name.to_owned(),
        bytes: program,
        kind: EntryKind::Program,
    }])
}

/// The archive of a folder, all files below it.
pub fn folder(folder: &Path) -> Result<Vec<u8>, Failure> {
    let mut entries = Vec::new();
    for file in files_below(folder)? {
        let relative = file.strip_prefix(folder).unwrap_or(&file);
        let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
        let bytes = std::fs::read(&file).map_err(|error| Failure::file(&file, &error))?;
        entries.push(Entry {
            name: parts.join("/"),
            bytes,
            kind: EntryKind::Content,
        });
    }
    pack(entries)
}

/// Packs the entries in the order of their names, without times, owners or other accidents.
pub fn pack(mut entries: Vec<Entry>) -> Result<Vec<u8>, Failure> {
    entries.sort_by(|left, right| left.name.cmp(&right.name));
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for entry in &entries {
        let mode = match entry.kind {
            EntryKind::Program => 0o755,
            EntryKind::Content => 0o644,
        };
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default())
            .unix_permissions(mode);
        archive
            .start_file(entry.name.as_str(), options)
            .map_err(|error| not_packed(entry, &error))?;
        archive
            .write_all(&entry.bytes)
            .map_err(|error| not_packed(entry, &error))?;
    }
    let finished = archive
        .finish()
        .map_err(|error| Failure::Archive(error.to_string()))?;
    Ok(finished.into_inner())
}

fn not_packed(entry: &Entry, error: &dyn std::error::Error) -> Failure {
    Failure::Archive(format!("{}: {error}", entry.name))
}

fn files_below(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    let entries = std::fs::read_dir(folder).map_err(|error| Failure::file(folder, &error))?;
    for entry in entries {
        let path = entry.map_err(|error| Failure::file(folder, &error))?.path();
        if path.is_dir() {
            found.extend(files_below(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Every file of an archive with its path, in the archive's order.
pub fn files(archive: &[u8]) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let unread = |error: &dyn std::error::Error| Failure::Archive(error.to_string());
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).map_err(|error| unread(&error))?;
    let mut found = Vec::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|error| unread(&error))?;
        let mut bytes = Vec::new();
        entry
            .read_to_end(&mut bytes)
            .map_err(|error| unread(&error))?;
        let name = entry.name().map_err(|error| unread(&error))?;
        found.push((name.into_owned(), bytes));
    }
    Ok(found)
}

/// One file of an archive, if it can be read and has it.
pub fn file(archive: &[u8], name: &str) -> Option<Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).ok()?;
    let mut entry = archive.by_name(name).ok()?;
    let mut bytes = Vec::new();
    entry.read_to_end(&mut bytes).ok()?;
    Some(bytes)
}
