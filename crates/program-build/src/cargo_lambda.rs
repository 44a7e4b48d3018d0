//! cargo-lambda and the linker that it works with, in a folder of their own: every machine builds with
//! the same versions.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::python;

/// The versions.
const REQUIREMENTS: &str = include_str!("../requirements.txt");
/// A compiler is taken as it was published, and never built here.
const BUILT_ALREADY: [&str; 2] = ["--only-binary", ":all:"];
/// Where it is brought, from the folder of tools.
const FOLDER: &str = "cargo-lambda";

/// The toolchain, as it was brought.
#[derive(Clone, Debug)]
pub struct Toolchain {
    programs: PathBuf,
}

impl Toolchain {
    /// Brings it, unless it is there in these versions.
    pub fn brought(tools: &Path, tell: &dyn Fn(&str)) -> Result<Self> {
        let folder = tools.join(FOLDER);
        python::provide(&folder, REQUIREMENTS, &BUILT_ALREADY, tell)
            .context("cargo-lambda cannot be brought; `--compiler cargo` builds without it")?;
        Ok(Self {
            programs: folder.join("bin"),
        })
    }

    /// Lets a command find it before any other of the same name: cargo its subcommand, and that the
    /// linker.
    pub(crate) fn first_in_path(&self, command: &mut Command) -> Result<()> {
        let others = std::env::var_os("PATH").unwrap_or_default();
        let places = [self.programs.clone()]
            .into_iter()
            .chain(std::env::split_paths(&others));
        let path: OsString = std::env::join_paths(places).context("PATH")?;
        command.env("PATH", path);
        Ok(())
    }
}
