//! Building what is deployed, and packing it so that the same sources give the same bytes.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use deployment::archive;
use deployment::release::{CONSOLE, FUNCTIONS, TOOL, digest};
use program_build::{Build, Compiler, Target, run};

use super::{PACKAGE, glibc};

/// Crates that several programs share get the features that these ask for, whichever is built.
const PACKAGES: [&str; 6] = {
    let [api, orchestration, finder, poller, builder] = FUNCTIONS;
    [api, orchestration, finder, poller, builder, PACKAGE]
};

/// How artifacts come to be.
#[derive(Clone, Debug)]
pub struct Builder {
    /// Where cargo builds, and where archives are put.
    pub target_directory: PathBuf,
    /// Where tools are brought to.
    pub tools: PathBuf,
    /// What the functions run on.
    pub target: Target,
    /// Programs that are built already.
    pub programs: Option<PathBuf>,
    /// A console that is built already.
    pub console: Option<PathBuf>,
    /// Which program compiles.
    pub compiler: Compiler,
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
            format!("{:?} {} release", self.compiler, self.target.triple())
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
        self.build(root).run(&listed, tell)
    }

    fn build<'a>(&'a self, root: &'a Path) -> Build<'a> {
        Build {
            root,
            target_directory: &self.target_directory,
            tools: &self.tools,
            target: self.target,
            compiler: self.compiler,
            packages: &PACKAGES,
        }
    }

    /// Packs one artifact; answers the archive.
    pub(super) fn pack(&self, root: &Path, name: &str, tell: &dyn Fn(&str)) -> Result<PathBuf> {
        let bytes = if name == CONSOLE {
            archive::folder(&self.built_console(root, tell)?)?
        } else {
            let program = self.program(root, name);
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

    fn program(&self, root: &Path, name: &str) -> PathBuf {
        let ready_made = self.programs.iter().map(|programs| programs.join(name));
        let ready_made = ready_made.into_iter().find(|program| program.exists());
        ready_made.unwrap_or_else(|| self.build(root).place_of(name))
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
}
