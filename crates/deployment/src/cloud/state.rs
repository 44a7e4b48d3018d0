//! What AWS answers about what stands in an account, as values.

use std::collections::BTreeMap;

/// Outputs of a stack.
pub type Outputs = BTreeMap<String, String>;

/// The objects of a bucket, by their keys.
pub type Keys = BTreeMap<String, Listed>;

/// An object as a listing shows it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Listed {
    /// Its size in bytes.
    pub size: u64,
    /// The service's tag of its content, without quotes.
    pub tag: String,
}

/// An object with the tag that tells this content from a later one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Stored {
    /// The content.
    pub bytes: Vec<u8>,
    /// The service's tag of it.
    pub tag: String,
}

/// What must be true of an object for a write to happen.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Condition<'a> {
    /// There is no such object.
    Absent,
    /// It still has this tag.
    Unchanged(&'a str),
}

/// What became of a conditional write.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Written {
    /// It happened; the object has this tag now.
    Done(String),
    /// The condition was not true: somebody else was faster.
    Refused,
}

/// A stack as it stands.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct StackState {
    /// What CloudFormation calls its status.
    pub status: String,
    /// Its parameters.
    pub parameters: BTreeMap<String, String>,
    /// Its outputs.
    pub outputs: Outputs,
}

/// A nested stack of the master.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Nested {
    /// Its name in the master template.
    pub resource: String,
    /// Its id.
    pub id: String,
    /// Its status.
    pub status: String,
}

/// A function as it runs.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FunctionState {
    /// SHA-256 of its archive in hexadecimal digits.
    pub code_sha256: String,
    /// Whether its last update has ended.
    pub update: Update,
}

/// How far the last update of a function is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Update {
    /// Everything runs the newest code.
    Done,
    /// It goes on.
    Pending,
    /// It failed, and why.
    Failed(String),
}

/// An execution that has work left.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct LiveExecution {
    /// Its id.
    pub id: String,
    /// Drill or recovery.
    pub kind: String,
    /// Its status, as the API names it.
    pub status: String,
    /// Name of its plan.
    pub plan: String,
}

/// A table that is there.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Presence {
    /// It is there.
    Present,
    /// It is not.
    Absent,
}
