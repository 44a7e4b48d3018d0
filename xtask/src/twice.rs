//! One commit built in two folders that share nothing: the programs must not know where they were
//! built. Takes as long as two builds from the beginning.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::{earlier, programs, say, workspace};

/// Two folders below cargo's whose paths differ in length, too.
const FOLDERS: [&str; 2] = ["twice/one", "twice/a-folder-of-another-name"];
const COMMIT: &str = "HEAD";

/// Builds what is committed twice, and compares byte by byte.
pub fn run(root: &Path, named: &[&str]) -> Result<()> {
    let target = workspace::target_directory(root)?;
    let [one, other] = FOLDERS.map(|folder| target.join(folder));
    let (first, second) = (built(root, &one, named)?, built(root, &other, named)?);
    let mut differing = Vec::new();
    for program in named {
        let [left, right] = [&first, &second].map(|folder| digest(&folder.join(program)));
        let (left, right) = (left?, right?);
        let verdict = if left == right { "same" } else { "DIFFERS" };
        say::line(&format!("{verdict:>8}  {left}  {program}"));
        if left != right {
            differing.push(*program);
        }
    }
    for folder in [&one, &other] {
        std::fs::remove_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    if differing.is_empty() {
        return Ok(());
    }
    bail!(
        "what was built depends on where it was built: {}",
        differing.join(", ")
    )
}

/// Answers the folder of the programs.
fn built(root: &Path, place: &Path, named: &[&str]) -> Result<PathBuf> {
    let began = Instant::now();
    if place.exists() {
        std::fs::remove_dir_all(place).with_context(|| place.display().to_string())?;
    }
    let sources = place.join("sources");
    earlier::unpack(root, COMMIT, &sources)?;
    let target = place.join("built");
    let folder = programs::build(&sources, &target, named)?;
    say::line(&format!(
        "built in {} after {:.0} s",
        place.display(),
        began.elapsed().as_secs_f64()
    ));
    Ok(folder)
}

fn digest(file: &Path) -> Result<String> {
    let bytes = std::fs::read(file).with_context(|| file.display().to_string())?;
    Ok(hex::encode(Sha256::digest(bytes)))
}
