//! A checkout that is small: the templates, a few sources, and programs that are built already.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::test_environment::Places;

/// The programs of a release.
pub const PROGRAMS: [&str; 6] = [
    "api-handler",
    "orchestration",
    "execution-finder",
    "execution-poller",
    "frontend-builder",
    "drs-deploy",
];

/// A checkout with its programs and its console.
#[derive(Clone, Debug)]
pub struct Checkout {
    /// The sources.
    pub root: PathBuf,
    /// The programs.
    pub programs: PathBuf,
    /// The console as it is built.
    pub console: PathBuf,
}

impl Checkout {
    /// Makes it, and commits it.
    pub fn make(root: &Path, places: &Places) -> Result<Self> {
        let checkout = Self {
            root: root.to_path_buf(),
            programs: root.with_extension("programs"),
            console: root.with_extension("console"),
        };
        copy(&places.repository.join("cfn"), &root.join("cfn"))?;
        write_sources(root)?;
        let settings = "[parameters]\nAdminEmail = \"admin@example.com\"\n";
        write(&root.join("deploy.toml"), settings)?;
        copy(&places.programs, &checkout.programs)?;
        checkout.paint("one")?;
        checkout.git(&["init", "--quiet"])?;
        checkout.commit()?;
        Ok(checkout)
    }

    /// Commits everything as it is.
    pub fn commit(&self) -> Result<()> {
        self.git(&["add", "--all"])?;
        let who = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
        self.git(
            &[
                &who[..],
                &["commit", "--quiet", "--allow-empty", "--message", "test"],
            ]
            .concat(),
        )
    }

    /// Gives a program other bytes; it does what it did.
    pub fn change_program(&self, name: &str) -> Result<()> {
        let program = self.programs.join(name);
        let mut bytes = fs::read(&program).with_context(|| program.display().to_string())?;
        bytes.push(b'\n');
        fs::write(&program, bytes).with_context(|| program.display().to_string())
    }

    /// Makes the console another one.
    pub fn paint(&self, text: &str) -> Result<()> {
        let page = format!("<!doctype html><title>{text}</title>\n");
        write(&self.console.join("index.html"), &page)?;
        write(&self.console.join(format!("assets/{text}.js")), text)
    }

    /// Changes the text of a file.
    pub fn replace(&self, file: &str, from: &str, to: &str) -> Result<()> {
        let file = self.root.join(file);
        let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        if !text.contains(from) {
            bail!("{} has no `{from}`", file.display());
        }
        fs::write(&file, text.replacen(from, to, 1)).with_context(|| file.display().to_string())
    }

    fn git(&self, arguments: &[&str]) -> Result<()> {
        let status = Command::new("git")
            .arg("-C")
            .arg(&self.root)
            .args(arguments)
            .status();
        if !status.context("git cannot be started")?.success() {
            bail!("git {arguments:?} failed");
        }
        Ok(())
    }
}

/// A workspace that cargo and npm can say the parts of: it needs nothing of others.
fn write_sources(root: &Path) -> Result<()> {
    let workspace = "[workspace]\nresolver = \"3\"\nmembers = [\"crates/*\"]\n";
    write(&root.join("Cargo.toml"), workspace)?;
    for program in PROGRAMS {
        let package = if program == "drs-deploy" {
            "deploy-tool"
        } else {
            program
        };
        let manifest =
            format!("[package]\nname = \"{package}\"\nversion = \"1.0.0\"\nedition = \"2024\"\n");
        let folder = root.join("crates").join(package);
        write(&folder.join("Cargo.toml"), &manifest)?;
        write(&folder.join("src/main.rs"), "fn main() {}\n")?;
    }
    let console = r#"{"name": "console", "version": "1.0.0"}"#;
    write(&root.join("frontend/package.json"), console)?;
    let lock = format!(r#"{{"lockfileVersion": 3, "packages": {{"": {console}}}}}"#);
    write(&root.join("frontend/package-lock.json"), &lock)?;
    let locked = Command::new("cargo")
        .args(["generate-lockfile", "--offline", "--quiet"])
        .current_dir(root)
        .status();
    if !locked.context("cargo cannot be started")?.success() {
        bail!("the small workspace cannot be locked");
    }
    Ok(())
}

fn write(file: &Path, text: &str) -> Result<()> {
    let folder = file.parent().context("a file without a folder")?;
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    fs::write(file, text).with_context(|| file.display().to_string())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| to.display().to_string())?;
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry.with_context(|| from.display().to_string())?;
        if entry.path().is_file() {
            let place = to.join(entry.file_name());
            fs::copy(entry.path(), &place).with_context(|| place.display().to_string())?;
        }
    }
    Ok(())
}
