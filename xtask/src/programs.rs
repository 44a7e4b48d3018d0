//! `cargo xtask build`: the programs as they are deployed, in one folder, from which
//! `cargo xtask deploy --programs` takes them.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use clap::builder::PossibleValuesParser;

use crate::build::FUNCTIONS;
use crate::deploy;
use crate::run::run_with;
use crate::{say, twice, workspace};

/// Where they are put, from the root, wherever cargo builds.
pub const FOLDER: &str = "target/programs";
/// What the functions run on.
const TARGET: &str = "x86_64-unknown-linux-gnu";

/// What is deployed, and the tool that does it: the bucket holds it too.
pub const PROGRAMS: [&str; 6] = {
    let [api, orchestration, finder, poller, builder] = FUNCTIONS;
    [api, orchestration, finder, poller, builder, deploy::PROGRAM]
};

/// Which programs `cargo xtask build` builds.
#[derive(Args, Clone, Debug)]
pub struct BuildOptions {
    /// Their names; all of them, where none is named.
    #[arg(value_parser = PossibleValuesParser::new(PROGRAMS), value_name = "PROGRAM")]
    pub programs: Vec<String>,
    /// Builds what is committed here and in another folder, and compares the programs.
    #[arg(long)]
    pub twice: bool,
}

/// Builds programs, and says where they lie.
pub fn run(options: &BuildOptions) -> Result<()> {
    let root = workspace::root();
    let named: Vec<&str> = options.programs.iter().map(String::as_str).collect();
    let programs = if named.is_empty() {
        &PROGRAMS[..]
    } else {
        &named[..]
    };
    if options.twice {
        return twice::run(&root, programs);
    }
    say::line("building for release; the first time this takes a while");
    let built = build(&root, &workspace::target_directory(&root)?, programs)?;
    let folder = root.join(FOLDER);
    std::fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    for program in programs {
        let built = built.join(program);
        let place = folder.join(program);
        std::fs::copy(&built, &place).with_context(|| built.display().to_string())?;
        say::line(&place.display().to_string());
    }
    Ok(())
}

/// Builds programs of a working tree in a folder; answers where they lie.
pub fn build(root: &Path, target: &Path, programs: &[&str]) -> Result<PathBuf> {
    let flags = remapped(root, target)?;
    let place = target.display().to_string();
    let variables = [
        ("RUSTFLAGS", flags.as_str()),
        ("CARGO_TARGET_DIR", place.as_str()),
    ];
    run_with(root, "cargo", &arguments(programs), &variables)
        .context("the programs do not build")?;
    Ok(target.join(TARGET).join("release"))
}

/// Every package is chosen whichever program is built: the features of what they share are those
/// that the chosen packages ask for, and a program must not depend on which others it is built with.
fn arguments<'a>(programs: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = vec!["build", "--release", "--locked", "--target", TARGET];
    for package in FUNCTIONS.into_iter().chain([deploy::PACKAGE]) {
        arguments.extend(["--package", package]);
    }
    for program in programs {
        arguments.extend(["--bin", program]);
    }
    arguments
}

/// Where a folder lies must not be a part of what is built in it. Of two prefixes that fit, the
/// compiler takes the later one.
fn remapped(root: &Path, target: &Path) -> Result<String> {
    let cargo_home = match std::env::var_os("CARGO_HOME") {
        Some(home) => PathBuf::from(home),
        None => std::env::home_dir()
            .context("this account has no home folder; set CARGO_HOME")?
            .join(".cargo"),
    };
    let places = [
        (root, "/source"),
        (target, "/target"),
        (&cargo_home, "/cargo"),
    ];
    let flags = places.map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display()));
    Ok(flags.join(" "))
}
