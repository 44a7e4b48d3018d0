//! Programs from the Python Package Index, each in a folder of its own: a machine needs Python 3 and nothing else.

use std::fs::File;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::run;

/// Makes a virtual environment, unless it is there with these requirements. One that was moved or
/// left half-made is made anew: its programs name the place where they were installed. Two that need
/// it at once make it once. `options` are more words for pip.
pub fn provide(
    environment: &Path,
    requirements: &str,
    options: &[&str],
    tell: &dyn Fn(&str),
) -> Result<()> {
    let wanted = digest(environment, requirements);
    let stamp = environment.join("requirements.sha256");
    let is_there = || std::fs::read_to_string(&stamp).is_ok_and(|made_of| made_of == wanted);
    if is_there() {
        return Ok(());
    }
    let place = environment.display().to_string();
    let beside = environment.parent().context("a folder around it")?;
    std::fs::create_dir_all(beside).with_context(|| beside.display().to_string())?;
    let lock = environment.with_extension("lock");
    let lock = File::create(&lock).with_context(|| lock.display().to_string())?;
    lock.lock()
        .with_context(|| format!("the lock of {place}"))?;
    if is_there() {
        return Ok(());
    }
    tell(&format!("installing what is needed in {place}"));
    if environment.exists() {
        std::fs::remove_dir_all(environment).with_context(|| place.clone())?;
    }
    run(Command::new(program()?)
        .args(["-m", "venv"])
        .arg(environment))?;
    let list = environment.join("requirements.txt");
    std::fs::write(&list, requirements).with_context(|| list.display().to_string())?;
    run(Command::new(environment.join("bin/pip"))
        .args(["install", "--quiet", "--disable-pip-version-check"])
        .args(options)
        .arg("-r")
        .arg(&list))?;
    std::fs::write(&stamp, wanted).with_context(|| stamp.display().to_string())
}

/// What an environment is made of, and where.
fn digest(environment: &Path, requirements: &str) -> String {
    let mut digest = Sha256::new_with_prefix(requirements);
    digest.update(environment.as_os_str().as_encoded_bytes());
    hex::encode(digest.finalize())
}

fn program() -> Result<&'static str> {
    let answers = |program: &&str| {
        let tried = Command::new(program)
            .args(["-c", "import venv, ensurepip"])
            .output();
        tried.is_ok_and(|tried| tried.status.success())
    };
    let Some(program) = ["python3", "python"].into_iter().find(answers) else {
        bail!(
            "Python 3.10 or newer with its `venv` module is needed; on Debian: apt-get install \
             python3-venv"
        );
    };
    Ok(program)
}
