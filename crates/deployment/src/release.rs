//! What shall run: templates, the state machine's definition, artifacts and the sources of all of
//! them, each under a key that its content decides.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
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

/// What the names of the console's built files begin with: no source lies there.
pub const BUILT_CONSOLE: &str = "frontend/dist/";

/// Where the bills of materials lie: what each artifact is made of, by those who wrote it.
pub const BILLS: &str = "bills-of-materials/";

/// The deploy tool's own artifact, by the name of its program.
pub const TOOL: &str = "drs-deploy";

/// What an artifact is called in the bucket while nobody knows its hash.
const UNKNOWN: &str = "(known after the build)";

/// Where the bytes of an object come from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Body {
    /// A file of this machine.
    File(PathBuf),
    /// Memory.
    Bytes(Arc<Vec<u8>>),
    /// Nowhere: the bucket must have it already.
    Stored,
    /// It has to be built first, and why.
    Unbuilt(String),
}

/// One thing in the deployment bucket, under a key that its content decides.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Object {
    /// What it is called: a file's name, or the name of an artifact.
    pub name: String,
    /// Where it lies in the bucket.
    pub key: String,
    /// SHA-256 of its content, in hexadecimal digits.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
    /// Where its content comes from.
    pub body: Body,
    /// Digest of all that an artifact is built of; nothing for what is not built.
    pub source: Option<String>,
}

/// Whether the working tree is what the commit says.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Tree {
    /// Nothing differs from the commit.
    Clean,
    /// Something does, or there is no commit.
    Dirty,
}

/// Where a release comes from.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Provenance {
    /// The git commit.
    pub commit: String,
    /// Whether the tree was the commit's.
    pub tree: Tree,
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
    /// The deploy tool's archive; a stack on one machine has none.
    pub tool: Option<Object>,
    /// Sources of the functions and of the console.
    pub sources: Vec<Object>,
    /// The bill of materials of each artifact; an older manifest names none.
    pub bills: Vec<Object>,
    /// The console's files as they were built: what its archive holds, to be looked at one by one.
    pub console_files: Vec<Object>,
    /// Where it comes from; nothing for a stack on one machine, which keeps no manifest.
    pub provenance: Option<Provenance>,
}

impl Release {
    /// Reads a release of one machine: templates from one folder, archives named `<name>.zip` from
    /// another.
    pub fn read(templates: &Path, archives: &Path) -> Result<Self, Failure> {
        let read_functions = FUNCTIONS
            .iter()
            .map(|name| artifact(name, &archives.join(format!("{name}.zip"))));
        Ok(Self {
            templates: read_templates(templates)?,
            definition: template(templates, DEFINITION)?,
            functions: read_functions.collect::<Result<_, _>>()?,
            console: artifact(CONSOLE, &archives.join(format!("{CONSOLE}.zip")))?,
            tool: None,
            sources: Vec::new(),
            bills: Vec::new(),
            console_files: Vec::new(),
            provenance: None,
        })
    }

    /// The master template.
    pub fn master(&self) -> &Object {
        &self.templates[0]
    }

    /// What is built: the functions, the console and the tool.
    pub fn artifacts(&self) -> impl Iterator<Item = &Object> {
        self.functions
            .iter()
            .chain([&self.console])
            .chain(&self.tool)
    }

    /// The same, to be replaced by what was built.
    pub fn artifacts_mut(&mut self) -> impl Iterator<Item = &mut Object> {
        let built = self.functions.iter_mut().chain([&mut self.console]);
        built.chain(&mut self.tool)
    }

    /// Every object: what others name comes before what names it.
    pub fn objects(&self) -> impl Iterator<Item = &Object> {
        let files = self.sources.iter().chain(&self.console_files);
        let parts = files.chain(&self.bills).chain(self.artifacts());
        let definition = std::iter::once(&self.definition);
        parts.chain(definition).chain(self.templates.iter().rev())
    }
}

/// The templates of a folder, in the order of [`TEMPLATES`].
pub fn read_templates(folder: &Path) -> Result<Vec<Object>, Failure> {
    let read = TEMPLATES.iter().map(|name| template(folder, name));
    read.collect()
}

/// A template, or the state machine's definition.
pub fn template(folder: &Path, name: &str) -> Result<Object, Failure> {
    let file = folder.join(name);
    let bytes = std::fs::read(&file).map_err(|error| Failure::file(&file, &error))?;
    let sha256 = digest(&bytes);
    let key = format!("cfn/{sha256}/{name}");
    Ok(object(name, key, sha256, bytes.len(), Body::File(file)))
}

/// An archive that has been built.
pub fn artifact(name: &str, file: &Path) -> Result<Object, Failure> {
    let bytes = std::fs::read(file).map_err(|error| Failure::file(file, &error))?;
    let sha256 = digest(&bytes);
    let key = artifact_key(name, &sha256);
    let body = Body::File(file.to_path_buf());
    Ok(object(name, key, sha256, bytes.len(), body))
}

/// An artifact of which only is known what it is built of.
pub fn unbuilt(name: &str, source: &str, reason: &str) -> Object {
    let key = artifact_key(name, UNKNOWN);
    let body = Body::Unbuilt(reason.to_owned());
    Object {
        source: Some(source.to_owned()),
        ..object(name, key, String::new(), 0, body)
    }
}

/// A source file: below `lambda/` or `frontend/`, in a folder that its content names, so that no
/// sync ever overwrites what an earlier manifest names.
pub fn source(prefix: &str, name: &str, file: &Path) -> Result<Object, Failure> {
    let bytes = std::fs::read(file).map_err(|error| Failure::file(file, &error))?;
    let sha256 = digest(&bytes);
    let key = format!("{prefix}/{sha256}/{name}");
    let body = Body::File(file.to_path_buf());
    Ok(object(name, key, sha256, bytes.len(), body))
}

/// The bill of materials of an artifact, as the text of its document: in a folder that its content
/// names, so that each manifest keeps its own.
pub fn bill(artifact: &str, document: Vec<u8>) -> Object {
    let sha256 = digest(&document);
    let name = format!("{artifact}.cdx.json");
    let key = format!("{BILLS}{sha256}/{name}");
    let size = document.len();
    object(&name, key, sha256, size, Body::Bytes(document.into()))
}

/// The files of the console's archive, each in a folder that its content names.
pub fn console_files(archive: &[u8]) -> Result<Vec<Object>, Failure> {
    let files = crate::archive::files(archive)?.into_iter();
    Ok(files
        .map(|(path, bytes)| {
            let sha256 = digest(&bytes);
            let name = format!("{BUILT_CONSOLE}{path}");
            let key = format!("frontend/{sha256}/{name}");
            let size = bytes.len();
            object(&name, key, sha256, size, Body::Bytes(bytes.into()))
        })
        .collect())
}

/// Where an artifact of this content lies.
pub fn artifact_key(name: &str, sha256: &str) -> String {
    format!("artifacts/{name}-{sha256}.zip")
}

/// SHA-256 in hexadecimal digits.
pub fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn object(name: &str, key: String, sha256: String, size: usize, body: Body) -> Object {
    Object {
        name: name.to_owned(),
        key,
        sha256,
        size: size as u64,
        body,
        source: None,
    }
}
