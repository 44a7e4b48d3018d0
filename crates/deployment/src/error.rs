//! What can go wrong while deploying, each in a sentence that says what to do.

use std::path::Path;

/// A deployment that could not be planned, carried out or verified.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A file that is a part of the release cannot be used.
    #[error("{file} cannot be read: {reason}")]
    File {
        /// Which file.
        file: String,
        /// What the machine says.
        reason: String,
    },
    /// A file that is restored cannot be written.
    #[error("{file} cannot be written: {reason}")]
    Unwritten {
        /// Which file.
        file: String,
        /// What the machine says.
        reason: String,
    },
    /// An archive could not be made.
    #[error("the archive could not be packed: {0}")]
    Archive(String),
    /// The bucket's manifest cannot be used.
    #[error("the manifest of the bucket is of no use: {0}; `cargo xtask sync` writes a new one")]
    Manifest(String),
    /// Another version of this tool wrote the manifest.
    #[error(
        "the manifest of the bucket has format {format}, and this tool knows format {known}: use the \
         tool that wrote it"
    )]
    ManifestFormat {
        /// Its format.
        format: u32,
        /// What this tool knows.
        known: u32,
    },
    /// The bucket belongs to another environment.
    #[error(
        "the bucket {bucket} belongs to {owner}, and {meant} is meant: each environment has a bucket \
         of its own, choose another one with --bucket"
    )]
    OthersBucket {
        /// The bucket.
        bucket: String,
        /// Whose it is.
        owner: String,
        /// For whom it was taken.
        meant: String,
    },
    /// The bucket may be anybody's.
    #[error(
        "the bucket {bucket} does not record that it belongs to {meant}, and holds something: nothing \
         of it is deleted; look whether --bucket names the right one"
    )]
    NobodysBucket {
        /// The bucket.
        bucket: String,
        /// For whom it was taken.
        meant: String,
    },
    /// There is no bucket.
    #[error(
        "there is no bucket {bucket}: look whether --bucket, --project, --environment and --region \
         are those that are meant; `cargo xtask sync` makes it"
    )]
    NoBucket {
        /// How it would be called.
        bucket: String,
    },
    /// The bucket lacks what its manifest names.
    #[error(
        "the bucket {bucket} lacks {key}, which its manifest names, or has it with another content; `cargo xtask sync` from a \
         checkout puts it there"
    )]
    Missing {
        /// The bucket.
        bucket: String,
        /// What is missing.
        key: String,
    },
    /// There is nothing to deploy from.
    #[error("the bucket {bucket} has no manifest; `cargo xtask sync` from a checkout makes it")]
    NothingSynced {
        /// The bucket.
        bucket: String,
    },
    /// A Region that cannot be meant, or in which nothing can stand.
    #[error("{0}")]
    Region(String),
    /// A parameter that no template has.
    #[error(
        "the master template has no parameter {names}: look for a misspelling in --parameter and \
         deploy.toml; it has {known}"
    )]
    UnknownParameters {
        /// What was said.
        names: String,
        /// What there is.
        known: String,
    },
    /// A parameter that is nobody's choice.
    #[error("{name} is no parameter that can be chosen: it follows from {from}")]
    FollowingParameter {
        /// Its name.
        name: String,
        /// What it follows from.
        from: String,
    },
    /// Values that parameters do not take, each in a clause.
    #[error("the master template does not take these parameters: {0}")]
    ParameterValues(String),
    /// Parameters without a value.
    #[error(
        "the master template needs {names}, which nobody has given: say --parameter NAME=VALUE, or \
         write it into [parameters] of deploy.toml"
    )]
    ParametersMissing {
        /// Their names.
        names: String,
    },
    /// A stack that is gone has left its tables.
    #[error(
        "an earlier stack left {tables}; `--adopt-tables` makes the new stack take them over, and \
         `cargo xtask destroy --purge` deletes them with all that they hold"
    )]
    TablesLeft {
        /// The tables.
        tables: String,
    },
    /// A table that CloudFormation cannot be told to take over.
    #[error(
        "no template of this release names the table {table} so that CloudFormation can take it over: \
         it takes only a resource whose name stands in its template"
    )]
    NotAdoptable {
        /// The table.
        table: String,
    },
    /// Somebody else is deploying.
    #[error("{0}")]
    Locked(String),
    /// Executions would be hurt.
    #[error("{0}")]
    Live(String),
    /// A rule of the environment.
    #[error("{0}")]
    Refused(String),
    /// The change set would replace or remove what holds data.
    #[error(
        "this would replace or remove {resources}, which hold data; `--allow-replacement` allows it"
    )]
    Destructive {
        /// The resources.
        resources: String,
    },
    /// The stack is not there.
    #[error("there is no stack {stack}; `cargo xtask deploy` makes it")]
    NoStack {
        /// Name of the stack.
        stack: String,
    },
    /// A function did not take its new code.
    #[error("{function} did not take its new code: {reason}; the same command again goes on")]
    CodeNotTaken {
        /// The function.
        function: String,
        /// Why.
        reason: String,
    },
    /// A status of the stack that this version knows no way out of.
    #[error(
        "the stack {stack} is {status}, which this version cannot repair: look at it in the console"
    )]
    UnknownStatus {
        /// Name of the stack.
        stack: String,
        /// Its status.
        status: String,
    },
    /// The operation on the stack ended badly.
    #[error("the stack {stack} ended as {status}; first cause: {cause}")]
    StackFailed {
        /// Name of the stack.
        stack: String,
        /// How it ended.
        status: String,
        /// The first resource that failed, in which stack and why.
        cause: String,
    },
    /// The service refused the change set.
    #[error("the change set of {stack} was refused: {reason}")]
    ChangeSetRefused {
        /// Name of the stack.
        stack: String,
        /// What the service says.
        reason: String,
    },
    /// What runs is not what was deployed.
    #[error("after the deployment, {0}")]
    NotVerified(String),
    /// A call to AWS failed for a reason with a remedy.
    #[error("{operation}: {cause}; {remedy}")]
    Known {
        /// Which call.
        operation: String,
        /// The reason in a sentence.
        cause: String,
        /// What to do.
        remedy: &'static str,
    },
    /// A call to AWS failed.
    #[error("{operation} failed: {reason}")]
    Call {
        /// Which call.
        operation: &'static str,
        /// Code and message of the service, or what kept the call from it.
        reason: String,
    },
}

impl Failure {
    /// A file that cannot be read.
    pub fn file(file: &Path, error: &std::io::Error) -> Self {
        Self::File {
            file: file.display().to_string(),
            reason: error.to_string(),
        }
    }
}
