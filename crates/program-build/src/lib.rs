//! How the programs that are deployed are built: by cargo-lambda, for the C library of the functions'
//! runtime, so that what one machine builds another builds too.
//!
//! The deploy tool and `cargo xtask build` build by this crate alone: what the pipeline makes is what a
//! laptop makes.

mod cargo_lambda;
mod command;
pub mod python;
mod target;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use clap::ValueEnum;

pub use cargo_lambda::Toolchain;
pub use command::run;
pub use target::{Architecture, Target};

/// Which program compiles. It is chosen, and never changes by itself.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub enum Compiler {
    /// cargo-lambda, brought along: links for the runtime's C library.
    #[default]
    CargoLambda,
    /// cargo alone: links for this machine's C library.
    Cargo,
}

/// The folder of tools that are brought along, from cargo's target folder.
pub const TOOLS: &str = "local-tools";

/// One build of programs of a workspace.
#[derive(Clone, Copy, Debug)]
pub struct Build<'a> {
    /// The workspace.
    pub root: &'a Path,
    /// Where cargo builds.
    pub target_directory: &'a Path,
    /// Where the toolchain is brought to, and found again.
    pub tools: &'a Path,
    /// What the programs run on.
    pub target: Target,
    /// Which program compiles.
    pub compiler: Compiler,
    /// The packages whose features shared crates get. A program must not depend on which others are
    /// built beside it, so these are the same whatever is built.
    pub packages: &'a [&'a str],
}

impl Build<'_> {
    /// Builds programs in one invocation, and says what it does.
    pub fn run(&self, programs: &[&str], tell: &dyn Fn(&str)) -> Result<()> {
        self.target.check_installed(self.root)?;
        let mut command = Command::new("cargo");
        match self.compiler {
            Compiler::CargoLambda => {
                Toolchain::brought(self.tools, tell)?.first_in_path(&mut command)?;
                command.args(["lambda", "build", "--lambda-dir"]);
                command.arg(self.target_directory.join("lambda"));
                command.args(["--target", &self.target.for_runtime()]);
            }
            Compiler::Cargo => {
                command.args(["build", "--target", self.target.triple()]);
            }
        }
        command.args(["--release", "--locked"]);
        for package in self.packages {
            command.args(["--package", package]);
        }
        for program in programs {
            command.args(["--bin", program]);
        }
        command.env("CARGO_TARGET_DIR", self.target_directory);
        command.env("RUSTFLAGS", self.remapped()?);
        run(command.current_dir(self.root))
    }

    /// Where a program lies once it is built.
    pub fn place_of(&self, program: &str) -> PathBuf {
        match self.compiler {
            Compiler::CargoLambda => self
                .target_directory
                .join("lambda")
                .join(program)
                .join("bootstrap"),
            Compiler::Cargo => self
                .target_directory
                .join(self.target.triple())
                .join("release")
                .join(program),
        }
    }

    /// Where a folder lies must not be a part of what is built in it. Of two prefixes that fit, the
    /// compiler takes the later one.
    fn remapped(&self) -> Result<String> {
        let home = cargo_home()?;
        let places = [
            (self.root, "/source"),
            (self.target_directory, "/target"),
            (&home, "/cargo"),
        ];
        let flags = places.map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display()));
        Ok(flags.join(" "))
    }
}

/// Where cargo keeps what it has downloaded: where it is told to, as in the pipeline, or at home.
fn cargo_home() -> Result<PathBuf> {
    let told = std::env::var_os("CARGO_HOME").filter(|told| !told.is_empty());
    let at_home = || std::env::home_dir().map(|home| home.join(".cargo"));
    told.map(PathBuf::from)
        .or_else(at_home)
        .context("this account has no home folder; set CARGO_HOME")
}
