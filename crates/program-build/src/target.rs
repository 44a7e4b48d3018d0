//! What the programs run on.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

/// The C library of the runtime `provided.al2023`: <https://docs.aws.amazon.com/linux/al2023/ug/compare-with-al2.html>.
const GLIBC: &str = "2.34";

/// Processors that Lambda offers.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub enum Architecture {
    /// Intel's and AMD's.
    #[default]
    #[value(name = "x86_64")]
    X86,
    /// AWS's own.
    #[value(name = "arm64")]
    Arm,
}

/// What programs are built for.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Target {
    /// The processors.
    pub architecture: Architecture,
}

impl Architecture {
    /// Its name, as CloudFormation and Lambda write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::X86 => "x86_64",
            Self::Arm => "arm64",
        }
    }
}

impl Target {
    /// The target's name as the compiler knows it.
    pub fn triple(self) -> &'static str {
        match self.architecture {
            Architecture::X86 => "x86_64-unknown-linux-gnu",
            Architecture::Arm => "aarch64-unknown-linux-gnu",
        }
    }

    /// The same with the C library to link for.
    pub fn for_runtime(self) -> String {
        format!("{}.{GLIBC}", self.triple())
    }

    /// Refuses, before minutes pass, a target whose standard library is not there.
    pub(crate) fn check_installed(self, root: &Path) -> Result<()> {
        let said = Command::new("rustc")
            .args(["--print", "target-libdir", "--target", self.triple()])
            .current_dir(root)
            .output()
            .context("rustc cannot be started")?;
        let folder = String::from_utf8_lossy(&said.stdout);
        if said.status.success() && Path::new(folder.trim()).is_dir() {
            return Ok(());
        }
        bail!(
            "the standard library for {} is not installed, so nothing can be built for {}: run \
             `rustup target add {}`",
            self.triple(),
            self.architecture.name(),
            self.triple()
        )
    }
}
