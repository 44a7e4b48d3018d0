//! The archives that are deployed, made from what cargo and npm built, and only when that changed.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use deployment::archive;
use deployment::release::{CONSOLE, FUNCTIONS};

use crate::terminal;

/// Makes every archive anew whose source differs from the one that it was made of.
pub fn pack(programs: &Path, console: &Path, archives: &Path) -> Result<()> {
    std::fs::create_dir_all(archives).with_context(|| archives.display().to_string())?;
    for name in FUNCTIONS {
        pack_function(name, &programs.join(name), archives)?;
    }
    pack_console(console, archives)
}

fn pack_function(name: &str, program: &Path, archives: &Path) -> Result<()> {
    if !program.exists() {
        bail!(
            "{} is not built; `cargo xtask local` builds it",
            program.display()
        );
    }
    let made_of = stamp_of(program)?;
    let stamp = archives.join(format!("{name}.stamp"));
    let archive = archives.join(format!("{name}.zip"));
    let is_current = std::fs::read_to_string(&stamp).is_ok_and(|stamp| stamp == made_of);
    if is_current && archive.exists() {
        return Ok(());
    }
    terminal::line(&format!("  packing {name}"));
    let stripped = archives.join(format!("{name}.stripped"));
    strip(program, &stripped)?;
    let bytes = std::fs::read(&stripped).with_context(|| stripped.display().to_string())?;
    std::fs::remove_file(&stripped).with_context(|| stripped.display().to_string())?;
    std::fs::write(&archive, archive::function(bytes)?)
        .with_context(|| archive.display().to_string())?;
    std::fs::write(&stamp, made_of).with_context(|| stamp.display().to_string())
}

fn pack_console(console: &Path, archives: &Path) -> Result<()> {
    if !console.join("index.html").exists() {
        bail!(
            "the console is not built: there is no {}/index.html",
            console.display()
        );
    }
    let archive = archives.join(format!("{CONSOLE}.zip"));
    let bytes = archive::folder(console)?;
    std::fs::write(&archive, bytes).with_context(|| archive.display().to_string())
}

/// Development programs are mostly symbols; without them a function starts and uploads faster.
fn strip(program: &Path, stripped: &Path) -> Result<()> {
    let status = Command::new("strip")
        .arg("--strip-all")
        .arg("-o")
        .arg(stripped)
        .arg(program)
        .status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => bail!("strip of {} failed ({status})", program.display()),
        Err(_) => std::fs::copy(program, stripped)
            .map(drop)
            .with_context(|| format!("{} cannot be copied", program.display())),
    }
}

/// Cargo writes a program only when it built it, so size and time tell one build from another.
fn stamp_of(program: &Path) -> Result<String> {
    let metadata = std::fs::metadata(program).with_context(|| program.display().to_string())?;
    let modified = metadata
        .modified()
        .with_context(|| program.display().to_string())?;
    let since = modified
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    Ok(format!(
        "{} {} {}",
        program.display(),
        metadata.len(),
        since.as_nanos()
    ))
}
