//! CloudFormation's words: change sets, and what the service finds out about stacks in its own time.

use std::collections::BTreeMap;

use crate::progress::Change;

/// What a change set is made for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Operation {
    /// A stack that is not there yet.
    Create,
    /// A new stack around tables that an earlier one left.
    CreateAdopting,
    /// A stack that is there.
    Update,
}

/// Which text the master stack is made of.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum TemplateText {
    /// The one at this address.
    At(String),
    /// The one that it has.
    AsItStands,
}

/// What a change set is made of.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Target {
    /// The stack.
    pub stack: String,
    /// The change set's name: letters, digits and hyphens, at most 128, a letter first.
    pub name: String,
    /// The master template.
    pub template: TemplateText,
    /// Parameters with their values.
    pub parameters: BTreeMap<String, String>,
    /// Parameters that keep the value which they have.
    pub kept: Vec<String>,
}

/// Which change set is meant.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ChangeSetName<'a> {
    /// The one of a stack that bears this name.
    Of {
        /// The stack.
        stack: &'a str,
        /// Its name there.
        name: &'a str,
    },
    /// The one with this id, of whichever stack.
    Id(&'a str),
}

/// What became of the wish for a change set.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Creation {
    /// The service makes it.
    Begun,
    /// The stack has one of this name (`AlreadyExistsException`), also while that one is deleted.
    NameTaken,
}

/// What became of a request that the service takes only at times.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Taken {
    /// The service is at it, or there is nothing to do.
    Begun,
    /// Not now (`InvalidChangeSetStatus`), and why: the change set is being made or deleted, or the
    /// stack is being changed.
    NotYet(String),
}

/// A change set as far as the service has come with it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ChangeSet {
    /// It is being made or deleted.
    Pending,
    /// It can be carried out.
    Ready(Vec<Change>),
    /// It cannot; also when there is nothing to change.
    Failed(FailedChangeSet),
    /// There is none.
    Gone,
}

/// A change set that the service could not make.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct FailedChangeSet {
    /// Its id.
    pub id: String,
    /// Name of the stack that it belongs to.
    pub stack: String,
    /// What the service says of it. Of a nested one this is only where it is: `Nested change set ID
    /// was not successfully created`.
    pub reason: String,
}

/// What the service wrote down of something that failed while a change set was made
/// (`DescribeEvents`): a validation, most often.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct FailedEvent {
    /// The resource's name in its template.
    pub resource: String,
    /// Type of the resource.
    pub resource_type: String,
    /// What is wrong.
    pub reason: String,
    /// Where in the template; empty where the service does not say.
    pub path: String,
}

/// A resource that is no longer what its template says.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Drifted {
    /// The resource.
    pub resource: String,
    /// How CloudFormation calls it: MODIFIED or DELETED.
    pub how: String,
}

/// A drift detection as far as the service has come with it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Detection {
    /// It goes on.
    Pending,
    /// Every resource has been looked at; these differ.
    Done(Vec<Drifted>),
    /// Some could not be looked at (`DETECTION_FAILED`): what is known, and why there is no more.
    Incomplete {
        /// What differs as far as is known.
        found: Vec<Drifted>,
        /// What the service says.
        reason: String,
    },
}
