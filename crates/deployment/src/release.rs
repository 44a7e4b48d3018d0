//! What shall run: templates, the state machine's definition and artifacts, each by its content.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::error::Failure;

/// The templates, the master first; all of them lie in one folder.
pub const TEMPLATES: [&str; 7] = [
    "master-template.yaml",
    "database-stack.yaml",
    "lambda-stack.yaml",
    "step-functions-stack.yaml",
    "api-stack.yaml",
    "frontend-stack.yaml",
    "security-stack.yaml",
];

/// The state machine's definition, beside the templates.
pub const DEFINITION: &str = "state-machine.asl.json";

/// The functions: name of the program, of the artifact, and end of the function's name.
pub const FUNCTIONS: [&str; 5] = [
    "api-handler",
    "orchestration",
    "execution-finder",
    "execution-poller",
    "frontend-builder",
];

/// The console's artifact.
pub const CONSOLE: &str = "console";

/// One thing in the deployment bucket, under a key that its content decides.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Object {
    /// What it is called: a file name below `cfn/`, or the name of an artifact.
    pub name: String,
    /// Where it lies in the bucket.
    pub key: String,
    /// SHA-256 of its content, in hexadecimal digits.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
    /// The file that holds the content.
    pub file: PathBuf,
}

/// Everything that a deployment puts into the bucket and names to CloudFormation.
#[derive(Clone, Debug)]
pub struct Release {
    /// The templates, in the order of [`TEMPLATES`].
    pub templates: Vec<Object>,
    /// The state machine's definition.
    pub definition: Object,
    /// The functions' archives, in the order of [`FUNCTIONS`].
    pub functions: Vec<Object>,
    /// The console's archive.
    pub console: Object,
}

impl Release {
    /// Reads a release: templates from one folder, archives named `<name>.zip` from another.
    pub fn read(templates: &Path, archives: &Path) -> Result<Self, Failure> {
        let read_templates = TEMPLATES.iter().map(|name| template(templates, name));
        let read_functions = FUNCTIONS.iter().map(|name| artifact(archives, name));
        Ok(Self {
            templates: read_templates.collect::<Result<_, _>>()?,
            definition: template(templates, DEFINITION)?,
            functions: read_functions.collect::<Result<_, _>>()?,
            console: artifact(archives, CONSOLE)?,
        })
    }

    /// The master template.
    pub fn master(&self) -> &Object {
        &self.templates[0]
    }

    /// Every object, in the order of upload: what others name comes before what names it.
    pub fn objects(&self) -> impl Iterator<Item = &Object> {
        let artifacts = self
            .functions
            .iter()
            .chain([&self.console, &self.definition]);
        artifacts.chain(self.templates.iter().rev())
    }
}

fn template(folder: &Path, name: &str) -> Result<Object, Failure> {
    object(name, &folder.join(name), |sha256| {
        format!("cfn/{sha256}/{name}")
    })
}

fn artifact(folder: &Path, name: &str) -> Result<Object, Failure> {
    let file = folder.join(format!("{name}.zip"));
    object(name, &file, |sha256| {
        format!("artifacts/{name}-{sha256}.zip")
    })
}

fn object(name: &str, file: &Path, key: impl Fn(&str) -> String) -> Result<Object, Failure> {
    let bytes = std::fs::read(file).map_err(|error| Failure::file(file, &error))?;
    let sha256 = hex::encode(Sha256::digest(&bytes));
    Ok(Object {
        name: name.to_owned(),
        key: key(&sha256),
        size: bytes.len() as u64,
        sha256,
        file: file.to_path_buf(),
    })
}
