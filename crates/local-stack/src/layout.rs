//! The state folder: what lies where, and the lock that says whether a supervisor lives.

use std::fs::{File, TryLockError};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::processes;

/// How long asking for the lock goes on while others ask too.
const ASKING: Duration = Duration::from_millis(500);
const PACE: Duration = Duration::from_millis(20);

/// A supervisor that lives.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Supervisor {
    /// Its process id; nothing in the moment between taking the lock and writing it there.
    pub process_id: Option<u32>,
}

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

    /// The folder at `root`, where it is there: who only asks makes none.
    pub fn existing(root: &Path) -> Result<Option<Self>> {
        match root.canonicalize() {
            Ok(root) => Ok(Some(Self { root })),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error)
                .with_context(|| format!("the state folder {} cannot be used", root.display())),
        }
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
        let file = File::options()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(self.lock_file())
            .with_context(|| self.lock_place("opened"))?;
        let began = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Some(file)),
                // Who asks whether a supervisor lives has it for a moment.
                Err(TryLockError::WouldBlock) if began.elapsed() < ASKING => {
                    std::thread::sleep(PACE);
                }
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) => {
                    return Err(error).with_context(|| self.lock_place("locked"));
                }
            }
        }
    }

    /// Whether a supervisor lives.
    pub fn is_running(&self) -> Result<bool> {
        Ok(self.supervisor()?.is_some())
    }

    /// The supervisor that has the lock.
    pub fn supervisor(&self) -> Result<Option<Supervisor>> {
        let mut file = match File::open(self.lock_file()) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).with_context(|| self.lock_place("opened")),
        };
        // Several may ask at once, and none of them is a supervisor.
        match file.try_lock_shared() {
            Ok(()) => Ok(None),
            Err(TryLockError::WouldBlock) => {
                let mut text = String::new();
                file.read_to_string(&mut text)
                    .with_context(|| self.lock_place("read"))?;
                let process_id = text.trim().parse().ok().filter(|id| processes::exists(*id));
                Ok(Some(Supervisor { process_id }))
            }
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| self.lock_place("locked"))
            }
        }
    }

    fn lock_file(&self) -> PathBuf {
        self.root.join("supervisor.lock")
    }

    fn lock_place(&self, deed: &str) -> String {
        format!("{} cannot be {deed}", self.lock_file().display())
    }
}
