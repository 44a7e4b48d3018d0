//! `cargo xtask build`: the programs as they are deployed, in one folder, from which
//! `cargo xtask deploy --programs` takes them.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use clap::builder::PossibleValuesParser;
use program_build::{Architecture, Build, Compiler, Target};

use crate::build::FUNCTIONS;
use crate::deploy;
use crate::{reproducible_build, terminal, workspace};

/// Where they are put, from the root, wherever cargo builds.
pub const FOLDER: &str = "target/programs";
/// Every package is chosen whichever program is built: a program must not depend on which others it
/// is built with.
const PACKAGES: [&str; 6] = {
    let [api, orchestration, finder, poller, builder] = FUNCTIONS;
    [api, orchestration, finder, poller, builder, deploy::PACKAGE]
};

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
    /// How they are built.
    #[command(flatten)]
    pub manner: Manner,
}

/// How programs are built.
#[derive(Args, Clone, Copy, Debug)]
pub struct Manner {
    /// What they are built for.
    #[arg(long, value_name = "NAME", value_enum, default_value_t)]
    pub architecture: Architecture,
    /// What builds them.
    #[arg(long, value_name = "NAME", value_enum, default_value_t)]
    pub compiler: Compiler,
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
        return reproducible_build::run(&root, programs, options.manner);
    }
    terminal::line("building for release; the first time this takes a while");
    let places = build_into(&root, &root.join(FOLDER), programs, options.manner)?;
    for place in places {
        terminal::line(&place.display().to_string());
    }
    Ok(())
}

/// Builds programs and puts them into one folder; answers where each lies.
pub fn build_into(
    root: &Path,
    folder: &Path,
    programs: &[&str],
    manner: Manner,
) -> Result<Vec<PathBuf>> {
    let built = build(root, &workspace::target_directory(root)?, programs, manner)?;
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let mut places = Vec::new();
    for (program, built) in programs.iter().zip(built) {
        let place = folder.join(program);
        std::fs::copy(&built, &place).with_context(|| built.display().to_string())?;
        places.push(place);
    }
    Ok(places)
}

/// Builds programs of a working tree in a folder; answers where each lies.
pub fn build(
    root: &Path,
    target_directory: &Path,
    programs: &[&str],
    manner: Manner,
) -> Result<Vec<PathBuf>> {
    let tools = workspace::target_directory(root)?.join(program_build::TOOLS);
    let build = Build {
        root,
        tools: &tools,
        target_directory,
        target: Target {
            architecture: manner.architecture,
        },
        compiler: manner.compiler,
        packages: &PACKAGES,
    };
    build
        .run(programs, &terminal::line)
        .context("the programs do not build")?;
    let places = programs.iter().map(|program| build.place_of(program));
    Ok(places.collect())
}
