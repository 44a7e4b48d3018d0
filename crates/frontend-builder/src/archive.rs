//! The console as it travels: one zip archive whose name holds its hash. Nothing of it is
//! used before the hash, the sizes and every path in it are checked.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use sha2::{Digest, Sha256};
use zip::ZipArchive;
use zip::result::ZipError;

use crate::event::CONFIGURATION_FILE;

/// The largest archive that is fetched.
pub const LARGEST_ARCHIVE: u64 = 32 * 1024 * 1024;
const LARGEST_FILE: u64 = 16 * 1024 * 1024;
const LARGEST_SUM: u64 = 96 * 1024 * 1024;
const MOST_FILES: usize = 2_000;

/// The page that every address of the console answers with.
pub const INDEX_FILE: &str = "index.html";

/// Why an archive is refused.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveRefused {
    /// The key does not end in `-<64 hex digits>.zip`.
    #[error("the archive key {0} does not end in a SHA-256 hash and .zip")]
    NoHashInName(String),
    /// What was fetched is not what the name promises.
    #[error("the archive's content has the hash {found}, its name says {named}")]
    WrongHash {
        /// The hash in the name.
        named: String,
        /// The hash of the bytes.
        found: String,
    },
    /// It is no readable zip archive.
    #[error("the archive cannot be read: {0}")]
    Unreadable(String),
    /// An entry would leave the bucket's root, or is no plain file.
    #[error("the archive's entry {0:?} is not a plain relative path of a file")]
    UnsafePath(String),
    /// One of the limits is exceeded.
    #[error("the archive is too large: {0}")]
    TooLarge(String),
    /// It has no page to show.
    #[error("the archive has no {INDEX_FILE}")]
    NoIndex,
    /// It brings the file that the stack's configuration writes.
    #[error("the archive contains {CONFIGURATION_FILE}, which only the stack writes")]
    BringsConfiguration,
}

/// Checks `bytes` against the hash in `key` and unpacks them: path to content.
pub fn unpack(key: &str, bytes: Vec<u8>) -> Result<BTreeMap<String, Vec<u8>>, ArchiveRefused> {
    check_hash(key, &bytes)?;
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(unreadable)?;
    if archive.len() > MOST_FILES {
        return Err(ArchiveRefused::TooLarge(format!(
            "{} entries, at most {MOST_FILES} are allowed",
            archive.len()
        )));
    }
    let mut files = BTreeMap::new();
    let mut sum = 0;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(unreadable)?;
        let path = entry.name().map_err(unreadable)?.into_owned();
        if entry.is_symlink() || !is_plain(path.strip_suffix('/').unwrap_or(&path)) {
            return Err(ArchiveRefused::UnsafePath(path));
        }
        if entry.is_dir() {
            continue;
        }
        let content = read_bounded(&mut entry, &path)?;
        sum += content.len() as u64;
        if sum > LARGEST_SUM {
            return Err(ArchiveRefused::TooLarge(format!(
                "more than {LARGEST_SUM} bytes unpacked"
            )));
        }
        files.insert(path, content);
    }
    if files.contains_key(CONFIGURATION_FILE) {
        return Err(ArchiveRefused::BringsConfiguration);
    }
    if !files.contains_key(INDEX_FILE) {
        return Err(ArchiveRefused::NoIndex);
    }
    Ok(files)
}

fn check_hash(key: &str, bytes: &[u8]) -> Result<(), ArchiveRefused> {
    let named = key
        .strip_suffix(".zip")
        .and_then(|stem| stem.rsplit_once('-'))
        .map(|(_, hash)| hash)
        .filter(|hash| hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .ok_or_else(|| ArchiveRefused::NoHashInName(key.to_owned()))?;
    let found = hex::encode(Sha256::digest(bytes));
    if found.eq_ignore_ascii_case(named) {
        Ok(())
    } else {
        Err(ArchiveRefused::WrongHash {
            named: named.to_owned(),
            found,
        })
    }
}

/// A path of plain segments only: no root, no drive, no way up, nothing that a shell or a
/// browser reads in its own way.
fn is_plain(path: &str) -> bool {
    path.split('/').all(|segment| {
        !segment.is_empty()
            && segment != "."
            && segment != ".."
            && segment
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"._-@+".contains(&byte))
    })
}

/// Reads one entry, trusting its content and not its declared size.
fn read_bounded(entry: &mut impl Read, path: &str) -> Result<Vec<u8>, ArchiveRefused> {
    let mut content = Vec::new();
    entry
        .take(LARGEST_FILE + 1)
        .read_to_end(&mut content)
        .map_err(|error| ArchiveRefused::Unreadable(error.to_string()))?;
    if content.len() as u64 > LARGEST_FILE {
        return Err(ArchiveRefused::TooLarge(format!(
            "{path} is larger than {LARGEST_FILE} bytes"
        )));
    }
    Ok(content)
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it is the argument of `map_err`, which passes the error by value"
)]
fn unreadable(error: ZipError) -> ArchiveRefused {
    ArchiveRefused::Unreadable(error.to_string())
}
