//! An earlier release of this very repository: its sources and programs, made from the history once,
//! and kept below cargo's target folder until another commit is named.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::deploy;
use crate::programs::PROGRAMS;
use crate::run::{is_there, run, run_with};
use crate::{build, terminal, workspace};

/// Names the commit, from the root.
pub const FILE: &str = "crates/deploy-end-to-end/earlier-release";
/// Below cargo's target folder; each commit has a folder of its own.
const FOLDER: &str = "earlier-release";
/// Written last: whoever finds it finds everything.
const MADE: &str = "made";

/// A release that was.
#[derive(Clone, Debug)]
pub struct Earlier {
    /// Its working tree, as its commit has it.
    pub sources: PathBuf,
    /// Its functions and its deploy tool, without symbols.
    pub programs: PathBuf,
}

/// Makes the earlier release, unless it is made already.
pub fn release(root: &Path) -> Result<Earlier> {
    let commit = commit(root)?;
    check_history(root, &commit)?;
    let folder = workspace::target_directory(root)?.join(FOLDER);
    forget_others(&folder, &commit)?;
    let place = folder.join(&commit);
    let earlier = Earlier {
        sources: place.join("sources"),
        programs: place.join("programs"),
    };
    if !place.join(MADE).exists() {
        terminal::line(&format!("making the release of {commit}, once"));
        make(root, &commit, &place, &earlier)?;
        std::fs::write(place.join(MADE), "").with_context(|| place.display().to_string())?;
    }
    Ok(earlier)
}

/// The commit that the file names.
pub fn commit(root: &Path) -> Result<String> {
    let text = std::fs::read_to_string(root.join(FILE)).context(FILE)?;
    let commit = text.trim();
    let is_whole = commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_whole {
        bail!("{FILE} must hold one commit, all forty digits of it");
    }
    Ok(commit.to_owned())
}

/// A clone whose history does not have the commit cannot show what this is about, and must say so.
pub fn check_history(root: &Path, commit: &str) -> Result<()> {
    let root = root.display().to_string();
    let before = ["-C", &root, "merge-base", "--is-ancestor", commit, "HEAD"];
    if is_there("git", &before) {
        return Ok(());
    }
    bail!(
        "the history of this clone does not reach {commit}, the release that {FILE} names; \
         `git fetch --unshallow` brings it, unless it was never a part of it"
    )
}

fn make(root: &Path, commit: &str, place: &Path, earlier: &Earlier) -> Result<()> {
    let fresh = |folder: &Path| {
        if folder.exists() {
            std::fs::remove_dir_all(folder).with_context(|| folder.display().to_string())?;
        }
        std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())
    };
    fresh(&earlier.sources)?;
    fresh(&earlier.programs)?;
    unpack(root, commit, &earlier.sources)?;
    let shown = |path: &Path| path.display().to_string();
    let built = compile(root, place, earlier)?;
    for program in PROGRAMS {
        let (from, to) = (built.join(program), earlier.programs.join(program));
        run(
            root,
            "strip",
            &["--strip-all", "-o", &shown(&to), &shown(&from)],
        )?;
    }
    std::fs::remove_dir_all(place.join("built")).context("what was built")
}

/// The working tree of a commit, in a folder of its own.
pub fn unpack(root: &Path, commit: &str, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let packed = folder.with_extension("tar");
    let [from, to] = [packed.as_path(), folder].map(|path| path.display().to_string());
    run(root, "git", &["archive", "--output", &from, commit])?;
    run(root, "tar", &["-xf", &from, "-C", &to])?;
    std::fs::remove_file(&packed).context("the packed sources")
}

/// What both releases are made of is compiled once: cargo's own folder is the place of all that comes
/// between, with the packages and features of the build that every test begins with. Programs alone
/// get a folder apart, where they cannot be taken for this release's.
fn compile(root: &Path, place: &Path, earlier: &Earlier) -> Result<PathBuf> {
    let mut arguments = vec!["build", "--locked", "--workspace", "--all-features"];
    for program in build::FUNCTIONS.into_iter().chain([deploy::PROGRAM]) {
        arguments.extend(["--bin", program]);
    }
    // There are none; whoever asks for them gets the features that tests ask for.
    arguments.push("--examples");
    let built = place.join("built");
    let between = workspace::target_directory(root)?;
    let variables = [
        ("CARGO_TARGET_DIR", built.display().to_string()),
        ("CARGO_BUILD_BUILD_DIR", between.display().to_string()),
        ("CARGO_INCREMENTAL", "0".to_owned()),
    ];
    let variables = variables
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    run_with(&earlier.sources, "cargo", &arguments, &variables)
        .context("the earlier release does not build")?;
    Ok(built.join("debug"))
}

fn forget_others(folder: &Path, commit: &str) -> Result<()> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Ok(());
    };
    for entry in entries {
        let entry = entry.with_context(|| folder.display().to_string())?;
        if entry.file_name() != *commit {
            std::fs::remove_dir_all(entry.path()).with_context(|| folder.display().to_string())?;
        }
    }
    Ok(())
}
