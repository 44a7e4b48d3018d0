//! cargo-lambda and the linker that it works with, in a folder of their own: a machine needs Python 3
//! and nothing else, and every machine builds with the same versions.

use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::run;

/// The versions.
const REQUIREMENTS: &str = include_str!("../requirements.txt");
/// Where it is brought, from the folder of tools.
const FOLDER: &str = "cargo-lambda";

/// The toolchain, as it was brought.
#[derive(Clone, Debug)]
pub struct Toolchain {
    programs: PathBuf,
}

impl Toolchain {
    /// Brings it, unless it is there in these versions. A folder that was moved or left half-made is
    /// made anew: its programs name the place where they were installed.
    pub fn brought(tools: &Path, tell: &dyn Fn(&str)) -> Result<Self> {
        let folder = tools.join(FOLDER);
        let wanted = digest(&folder);
        let stamp = folder.join("requirements.sha256");
        let toolchain = Self {
            programs: folder.join("bin"),
        };
        let is_brought = || std::fs::read_to_string(&stamp).is_ok_and(|made_of| made_of == wanted);
        if is_brought() {
            return Ok(toolchain);
        }
        // Two builds at once bring it once.
        std::fs::create_dir_all(tools).with_context(|| tools.display().to_string())?;
        let lock = File::create(tools.join("cargo-lambda.lock")).context("the toolchain's lock")?;
        lock.lock().context("the toolchain's lock")?;
        if is_brought() {
            return Ok(toolchain);
        }
        tell(&format!(
            "bringing cargo-lambda and its linker into {}",
            folder.display()
        ));
        if folder.exists() {
            std::fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
        }
        run(Command::new(python()?).args(["-m", "venv"]).arg(&folder))?;
        let list = folder.join("requirements.txt");
        std::fs::write(&list, REQUIREMENTS).with_context(|| list.display().to_string())?;
        run(Command::new(toolchain.programs.join("pip"))
            .args(["install", "--quiet", "--disable-pip-version-check"])
            .args(["--only-binary", ":all:", "-r"])
            .arg(&list))
        .context("cargo-lambda cannot be installed; `--compiler cargo` builds without it")?;
        std::fs::write(&stamp, wanted).with_context(|| stamp.display().to_string())?;
        Ok(toolchain)
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

/// What the toolchain is made of, and where.
fn digest(folder: &Path) -> String {
    let mut digest = Sha256::new_with_prefix(REQUIREMENTS);
    digest.update(folder.as_os_str().as_encoded_bytes());
    hex::encode(digest.finalize())
}

fn python() -> Result<&'static str> {
    let answers = |program: &&str| {
        let tried = Command::new(program)
            .args(["-c", "import venv, ensurepip"])
            .output();
        tried.is_ok_and(|tried| tried.status.success())
    };
    let Some(program) = ["python3", "python"].into_iter().find(answers) else {
        bail!(
            "cargo-lambda is brought by Python 3 with its `venv` module; on Debian: apt-get install \
             python3-venv. `--compiler cargo` builds without it"
        );
    };
    Ok(program)
}
