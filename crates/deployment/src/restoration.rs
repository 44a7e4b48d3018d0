//! The sources of a release, out of the bucket into a folder that builds what the bucket holds.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Component, Path};

use futures::stream::{self, StreamExt, TryStreamExt};

use crate::cloud::Cloud;
use crate::error::Failure;
use crate::manifest::Manifest;
use crate::release::{Object, digest};

/// How many files are fetched at the same time.
const AT_ONCE: usize = 16;

/// What a file begins with that is run as it is.
const SCRIPT: &[u8] = b"#!/";

/// Writes every source that the manifest names below `folder`, which must be empty or not there;
/// answers how many. A file is written only with the content that the manifest names.
pub async fn restore(
    cloud: &dyn Cloud,
    bucket: &str,
    manifest: &Manifest,
    folder: &Path,
) -> Result<usize, Failure> {
    let sources = manifest.sources();
    for source in &sources {
        check_place(&source.name)?;
    }
    check_empty(folder)?;
    let fetched = sources.iter().map(|source| fetch(cloud, bucket, source));
    let mut fetched = stream::iter(fetched).buffer_unordered(AT_ONCE);
    while let Some((source, bytes)) = fetched.try_next().await? {
        write(folder, &source.name, &bytes)?;
    }
    Ok(sources.len())
}

async fn fetch<'a>(
    cloud: &dyn Cloud,
    bucket: &str,
    source: &'a Object,
) -> Result<(&'a Object, Vec<u8>), Failure> {
    let stored = cloud.get(bucket, &source.key).await?;
    let stored = stored.filter(|stored| digest(&stored.bytes) == source.sha256);
    let missing = || Failure::Missing {
        bucket: bucket.to_owned(),
        key: source.key.clone(),
    };
    Ok((source, stored.ok_or_else(missing)?.bytes))
}

/// One file of a checkout, by its path in it. What begins as a script can be run.
pub fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), Failure> {
    let file = folder.join(name);
    let failed = |error: std::io::Error| Failure::Unwritten {
        file: file.display().to_string(),
        reason: error.to_string(),
    };
    if let Some(parent) = file.parent() {
        fs::create_dir_all(parent).map_err(failed)?;
    }
    let mode = if bytes.starts_with(SCRIPT) {
        0o755
    } else {
        0o644
    };
    let mut options = OpenOptions::new();
    let opened = options.write(true).create_new(true).mode(mode).open(&file);
    opened
        .and_then(|mut open| open.write_all(bytes))
        .map_err(failed)
}

/// A manifest is read from a bucket: a path of it that leaves the folder is nobody's source.
fn check_place(name: &str) -> Result<(), Failure> {
    let mut parts = Path::new(name).components();
    if !name.is_empty() && parts.all(|part| matches!(part, Component::Normal(_))) {
        return Ok(());
    }
    Err(Failure::Manifest(format!(
        "it names the source `{name}`, which is no path in a checkout"
    )))
}

fn check_empty(folder: &Path) -> Result<(), Failure> {
    let is_empty = match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => true,
        Err(error) => return Err(Failure::file(folder, &error)),
    };
    if is_empty {
        return Ok(());
    }
    Err(Failure::Refused(format!(
        "{} is not empty: sources are restored into a folder of their own",
        folder.display()
    )))
}
