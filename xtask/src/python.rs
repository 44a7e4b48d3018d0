//! The Python tools, pinned in `xtask/emulator/requirements.txt`, in an environment of their own.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::run::run;
use crate::{say, workspace};

/// cfn-lint over every template, with nothing ignored.
pub fn lint_templates(root: &Path) -> Result<()> {
    let templates: Vec<String> = workspace::files(&root.join("cfn"))?
        .into_iter()
        .filter(|file| {
            file.extension()
                .is_some_and(|extension| extension == "yaml")
        })
        .map(|file| file.display().to_string())
        .collect();
    if templates.is_empty() {
        say::line("there are no templates below cfn/");
        return Ok(());
    }
    let lint = environment(root)?.join("bin/cfn-lint");
    let mut arguments = vec!["--non-zero-exit-code", "informational", "--"];
    arguments.extend(templates.iter().map(String::as_str));
    run(root, &lint.display().to_string(), &arguments)
}

/// The virtual environment, made or remade when the requirements differ from those it was made of.
pub fn environment(root: &Path) -> Result<PathBuf> {
    let requirements = root.join("xtask/emulator/requirements.txt");
    let wanted = std::fs::read(&requirements)
        .with_context(|| format!("{} cannot be read", requirements.display()))?;
    let wanted = hex::encode(Sha256::digest(&wanted));
    let environment = folder(root)?;
    let stamp = environment.join("requirements.sha256");
    if std::fs::read_to_string(&stamp).is_ok_and(|made_of| made_of == wanted) {
        return Ok(environment);
    }
    say::line("installing the Python tools (cfn-lint, MiniStack) below target/local-tools");
    if environment.exists() {
        std::fs::remove_dir_all(&environment).context("the outdated Python environment stays")?;
    }
    let place = environment.display().to_string();
    run(root, python_program()?, &["-m", "venv", &place])?;
    let pip = environment.join("bin/pip").display().to_string();
    let requirements = requirements.display().to_string();
    let arguments = [
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-r",
        &requirements,
    ];
    run(root, &pip, &arguments)?;
    std::fs::write(&stamp, wanted).context("the stamp of the Python environment")?;
    Ok(environment)
}

/// Where the virtual environment lies, whether it has been made or not.
pub fn folder(root: &Path) -> Result<PathBuf> {
    Ok(workspace::target_directory(root)?.join("local-tools/python"))
}

fn python_program() -> Result<&'static str> {
    let answers = |program: &&str| crate::run::is_there(program, &["-c", "import venv, ensurepip"]);
    let Some(program) = ["python3", "python"].into_iter().find(answers) else {
        bail!(
            "Python 3.10 or newer with its `venv` module is needed; on Debian: apt-get install python3-venv"
        );
    };
    Ok(program)
}
