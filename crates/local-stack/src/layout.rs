//! The state folder: what lies where, and the lock that says whether a supervisor lives.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The state folder of one local stack.
#[derive(Clone, Debug)]
pub struct Layout {
    root: PathBuf,
}

impl Layout {
    /// The folder at `root`, made absolute, and made when it is not there.
    pub fn at(root: &Path) -> Result<Self> {
        std::fs::create_dir_all(root.join("logs"))
            .with_context(|| format!("the state folder {} cannot be made", root.display()))?;
        let root = root
            .canonicalize()
            .with_context(|| format!("the state folder {} cannot be used", root.display()))?;
        Ok(Self { root })
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The emulator's own state.
    pub fn emulator(&self) -> PathBuf {
        self.root.join("emulator")
    }

    /// The archives that are deployed.
    pub fn archives(&self) -> PathBuf {
        self.root.join("archives")
    }

    /// What `status` reads.
    pub fn status(&self) -> PathBuf {
        self.root.join("status.json")
    }

    /// The process groups that the supervisor started.
    pub fn processes(&self) -> PathBuf {
        self.root.join("processes.json")
    }

    /// A component's log.
    pub fn log(&self, component: &str) -> PathBuf {
        self.root.join("logs").join(format!("{component}.log"))
    }

    /// Takes the lock for as long as the answer lives; `None` when a supervisor has it.
    pub fn lock(&self) -> Result<Option<File>> {
        let place = self.root.join("supervisor.lock");
        let file = File::options()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&place)
            .with_context(|| format!("{} cannot be opened", place.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("{} cannot be locked", place.display()))
            }
        }
    }

    /// Whether a supervisor lives.
    pub fn is_running(&self) -> Result<bool> {
        Ok(self.lock()?.is_none())
    }
}
