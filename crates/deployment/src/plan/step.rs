//! The steps of a plan, and what each of them touches.

use std::collections::BTreeMap;

use serde::Serialize;

/// The steps, in the order in which they are carried out. Empty when everything is as it shall be.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Plan {
    /// Name of the master stack.
    pub stack: String,
    /// What is to be done.
    pub steps: Vec<Step>,
}

/// One step of a plan.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(
    tag = "step",
    rename_all = "SCREAMING_SNAKE_CASE",
    rename_all_fields = "camelCase"
)]
pub enum Step {
    /// Make the deployment bucket: private, versioned, encrypted.
    CreateBucket {
        /// Its name.
        bucket: String,
    },
    /// Make sure that a bucket which is there is private, versioned and encrypted.
    SecureBucket {
        /// Its name.
        bucket: String,
    },
    /// Build an artifact.
    Build {
        /// Its name.
        artifact: String,
        /// Why.
        because: String,
    },
    /// Put an object into the bucket.
    Upload {
        /// Where.
        key: String,
        /// Its size in bytes.
        size: u64,
    },
    /// Write down what the bucket holds now.
    WriteManifest,
    /// Take an object out of the bucket that nobody names any longer.
    Remove {
        /// Which.
        key: String,
    },
    /// Follow the operation that is going on to its end, and plan anew.
    Await {
        /// The status of that operation.
        status: String,
    },
    /// Delete what a failed creation or deletion left.
    DeleteStack {
        /// The status that it is stuck in.
        status: String,
    },
    /// Put back, from its earlier version, what a stack goes back to and the bucket has lost.
    PutBack {
        /// Which.
        key: String,
    },
    /// Finish the way back from a failed update.
    ContinueRollback,
    /// Create the stack, through a change set.
    CreateStack,
    /// Create the stack around tables that an earlier one left.
    AdoptTables {
        /// The tables.
        tables: Vec<String>,
    },
    /// Give a stack that was made of other texts the release's own: protection from deletion begins.
    EndCreation,
    /// Name in the stack what runs already, so that the record is true; nothing else changes.
    NameInStack {
        /// The parameters that name it.
        parameters: BTreeMap<String, String>,
    },
    /// Update the stack, through a change set.
    UpdateStack {
        /// What differs.
        differences: Vec<Difference>,
    },
    /// Give a function other code, from the bucket.
    UpdateCode {
        /// The function.
        function: String,
        /// The archive.
        key: String,
    },
    /// Publish the console from the bucket, and make the distribution forget the old one.
    PublishConsole {
        /// The archive.
        key: String,
    },
}

/// What becomes of the stack itself.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Making {
    /// Nothing.
    Nothing,
    /// It is created, with nothing of an earlier one.
    Anew,
    /// It is updated.
    Further,
}

/// One reason to update the stack.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(
    tag = "what",
    rename_all = "SCREAMING_SNAKE_CASE",
    rename_all_fields = "camelCase"
)]
pub enum Difference {
    /// The master template's text.
    Template,
    /// A parameter.
    Parameter {
        /// Its name.
        name: String,
        /// Its value in the stack, if it has one.
        from: Option<String>,
        /// Its value in the release.
        to: String,
    },
    /// The stack is to be rolled back first; what differs then is for the change set to say.
    AfterRollback,
}

impl Plan {
    /// Whether a step changes the stack, its code, or its console.
    pub fn touches_what_runs(&self) -> bool {
        self.steps.iter().any(Step::touches_what_runs)
    }

    /// What becomes of the stack itself.
    pub fn making(&self) -> Making {
        let made = self.steps.iter().map(Step::making);
        let mut made = made.filter(|making| *making != Making::Nothing);
        made.next().unwrap_or(Making::Nothing)
    }

    /// Whether a step changes functions: what interrupts executions.
    pub fn touches_executions(&self) -> bool {
        let mut steps = self.steps.iter();
        steps.any(|step| step.touches_what_runs() && !matches!(step, Step::PublishConsole { .. }))
    }
}

impl Step {
    /// What it makes of the stack, so that it names the release and nothing else.
    pub(super) fn making(&self) -> Making {
        match self {
            Self::CreateStack | Self::AdoptTables { .. } => Making::Anew,
            Self::UpdateStack { .. } | Self::EndCreation => Making::Further,
            Self::CreateBucket { .. }
            | Self::SecureBucket { .. }
            | Self::Build { .. }
            | Self::Upload { .. }
            | Self::WriteManifest
            | Self::Remove { .. }
            | Self::PutBack { .. }
            | Self::Await { .. }
            | Self::DeleteStack { .. }
            | Self::ContinueRollback
            | Self::UpdateCode { .. }
            | Self::PublishConsole { .. }
            | Self::NameInStack { .. } => Making::Nothing,
        }
    }

    fn touches_what_runs(&self) -> bool {
        match self {
            Self::CreateBucket { .. }
            | Self::SecureBucket { .. }
            | Self::Build { .. }
            | Self::Upload { .. }
            | Self::WriteManifest
            | Self::Remove { .. }
            | Self::PutBack { .. }
            | Self::Await { .. } => false,
            Self::DeleteStack { .. }
            | Self::ContinueRollback
            | Self::CreateStack
            | Self::AdoptTables { .. }
            | Self::EndCreation
            | Self::NameInStack { .. }
            | Self::UpdateStack { .. }
            | Self::UpdateCode { .. }
            | Self::PublishConsole { .. } => true,
        }
    }
}
