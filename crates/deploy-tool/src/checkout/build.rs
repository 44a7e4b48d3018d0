//! Building what is deployed, and packing it so that the same sources give the same bytes.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use deployment::archive;
use deployment::release::{CONSOLE, FUNCTIONS, TOOL, digest};

use super::{glibc, package};

/// Which C library cargo-lambda links for.
const GLIBC: &str = "2.34";

/// How artifacts come to be.
#[derive(Clone, Debug)]
pub struct Builder {
    /// Where cargo builds, and where archives are put.
    pub target_directory: PathBuf,
    /// What the functions are built for: `x86_64` or `arm64`.
    pub architecture: String,
    /// Programs that are built already.
    pub programs: Option<PathBuf>,
    /// A console that is built already.
    pub console: Option<PathBuf>,
    /// Which program compiles.
    pub compiler: Compiler,
}

/// Which program compiles.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Compiler {
    /// cargo-lambda: links for the runtime's C library.
    CargoLambda,
    /// cargo alone: links for this machine's, and the result is checked.
    Cargo,
}

impl Compiler {
    /// cargo-lambda where it is installed.
    pub fn installed() -> Self {
        let answers = Command::new("cargo")
            .args(["lambda", "--version"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if answers.is_ok_and(|status| status.success()) {
            Self::CargoLambda
        } else {
            Self::Cargo
        }
    }
}

impl Builder {
    /// Digest of something that needs no building.
    pub(super) fn ready_made(&self, name: &str) -> Result<Option<String>> {
        let source = if name == CONSOLE {
            &self.console
        } else {
            &self.programs
        };
        let Some(folder) = source else {
            return Ok(None);
        };
        let bytes = if name == CONSOLE {
            archive::folder(folder)?
        } else {
            let file = folder.join(name);
            // Whoever builds the functions need not have built this tool.
            if name == TOOL && !file.exists() {
                return Ok(None);
            }
            std::fs::read(&file).with_context(|| file.display().to_string())?
        };
        Ok(Some(digest(&bytes)))
    }

    /// How an artifact is built: a part of what it is built of.
    pub(super) fn how(&self, name: &str) -> String {
        if name == CONSOLE {
            "npm".to_owned()
        } else {
            format!("{:?} {} release", self.compiler, self.triple())
        }
    }

    /// Builds programs, in one invocation.
    pub(super) fn programs(
        &self,
        root: &Path,
        names: &[String],
        tell: &dyn Fn(&str),
    ) -> Result<()> {
        let built = self.programs.iter();
        let is_built = |name: &&String| !built.clone().any(|folder| folder.join(name).exists());
        let names: Vec<&String> = names.iter().filter(is_built).collect();
        if names.is_empty() {
            return Ok(());
        }
        let listed: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
        tell(&format!("building {}", listed.join(", ")));
        let mut command = Command::new("cargo");
        match self.compiler {
            Compiler::CargoLambda => {
                let target = format!("{}.{GLIBC}", self.triple());
                command.args([
                    "lambda",
                    "build",
                    "--release",
                    "--locked",
                    "--target",
                    &target,
                ]);
            }
            Compiler::Cargo => {
                command.args(["build", "--release", "--locked", "--target", self.triple()]);
            }
        }
        // Crates that several programs share get the features that the chosen packages ask for: what
        // a program is must not depend on which others are built beside it.
        for name in FUNCTIONS.iter().chain([&TOOL]) {
            command.args(["--package", package(name)]);
        }
        for name in names {
            command.args(["--bin", name]);
        }
        command.env("CARGO_TARGET_DIR", &self.target_directory);
        command.env("RUSTFLAGS", self.remapped(root));
        run(command.current_dir(root))
    }

    /// Packs one artifact; answers the archive.
    pub(super) fn pack(&self, root: &Path, name: &str, tell: &dyn Fn(&str)) -> Result<PathBuf> {
        let bytes = if name == CONSOLE {
            archive::folder(&self.built_console(root, tell)?)?
        } else {
            let program = self.program(name);
            let bytes = std::fs::read(&program).with_context(|| program.display().to_string())?;
            glibc::check(name, &bytes)?;
            if name == TOOL {
                archive::program(TOOL, bytes)?
            } else {
                archive::function(bytes)?
            }
        };
        let folder = self.target_directory.join("deploy");
        std::fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        let file = folder.join(format!("{name}.zip"));
        std::fs::write(&file, bytes).with_context(|| file.display().to_string())?;
        Ok(file)
    }

    fn program(&self, name: &str) -> PathBuf {
        let ready_made = self.programs.iter().map(|programs| programs.join(name));
        if let Some(program) = ready_made.into_iter().find(|program| program.exists()) {
            return program;
        }
        if self.compiler == Compiler::CargoLambda {
            return self
                .target_directory
                .join("lambda")
                .join(name)
                .join("bootstrap");
        }
        self.target_directory
            .join(self.triple())
            .join("release")
            .join(name)
    }

    /// The folder of the console as it is built.
    fn built_console(&self, root: &Path, tell: &dyn Fn(&str)) -> Result<PathBuf> {
        if let Some(console) = &self.console {
            return Ok(console.clone());
        }
        let folder = root.join("frontend");
        tell("building the console");
        if !folder.join("node_modules").exists() {
            run(Command::new("npm")
                .args(["ci", "--no-audit", "--no-fund"])
                .current_dir(&folder))?;
        }
        run(Command::new("npm")
            .args(["run", "build"])
            .current_dir(&folder))?;
        Ok(folder.join("dist"))
    }

    fn triple(&self) -> &'static str {
        match self.architecture.as_str() {
            "arm64" => "aarch64-unknown-linux-gnu",
            _ => "x86_64-unknown-linux-gnu",
        }
    }

    /// Where a folder lies must not be a part of what is built in it.
    fn remapped(&self, root: &Path) -> String {
        let home = cargo_home();
        let places = [
            (Some(root), "/source"),
            (Some(self.target_directory.as_path()), "/target"),
            (home.as_deref(), "/cargo"),
        ];
        let flags = places
            .into_iter()
            .filter_map(|(from, to)| Some(format!("--remap-path-prefix={}={to}", from?.display())));
        flags.collect::<Vec<_>>().join(" ")
    }
}

/// Where cargo keeps what it has downloaded: where it is told to, as in the pipeline, or at home.
fn cargo_home() -> Option<PathBuf> {
    let told = std::env::var_os("CARGO_HOME").filter(|told| !told.is_empty());
    let at_home = || std::env::home_dir().map(|home| home.join(".cargo"));
    told.map(PathBuf::from).or_else(at_home)
}

/// Output of compilers goes to standard error: standard output is for the answer.
fn run(command: &mut Command) -> Result<()> {
    let shown = format!("{command:?}");
    let status = command
        .stdin(Stdio::null())
        .stdout(std::io::stderr())
        .status()
        .with_context(|| format!("`{shown}` cannot be started"))?;
    if !status.success() {
        bail!("`{shown}` failed ({status})");
    }
    Ok(())
}
