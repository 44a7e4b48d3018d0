//! What a person is told while a plan is carried out.

use std::time::Duration;

use crate::talk::repeated;
use domain::counted::counted;

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// A step of the plan begins.
    Begins(String),
    /// An object lies in the bucket.
    Uploaded {
        /// Its key.
        key: String,
        /// Its size in bytes.
        size: u64,
    },
    /// The change set, as the service sees it.
    Changes(Vec<Change>),
    /// A nested stack, or the master stack, has a new status.
    Stack {
        /// Its name in the master template, or the master's own name.
        name: String,
        /// Its status.
        status: String,
        /// Since the operation began.
        after: Duration,
    },
    /// Something to know.
    Note(String),
    /// A resource failed.
    Failed {
        /// The resource.
        resource: String,
        /// What the service says.
        reason: String,
    },
}

/// One line of a change set.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Change {
    /// Add, modify, remove, ...
    pub action: String,
    /// Whether the resource is replaced.
    pub replacement: Option<String>,
    /// Its name in the template.
    pub resource: String,
    /// Its type.
    pub resource_type: String,
    /// Whether it is sure to happen.
    pub certainty: Certainty,
}

/// Whether a change of a change set is sure to happen.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Certainty {
    /// It is.
    #[default]
    Certain,
    /// Only where the outputs of another nested stack change, which the service does not know before
    /// that stack has been updated.
    Possible,
}

/// Who is told.
pub trait Progress: Send {
    /// Called once for each event, in their order.
    fn report(&mut self, event: Event);
}

impl<F: FnMut(Event) + Send> Progress for F {
    fn report(&mut self, event: Event) {
        self(event);
    }
}

impl std::fmt::Display for Event {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Begins(text) | Self::Note(text) => write!(formatter, "{text}"),
            Self::Uploaded { key, size } => {
                write!(formatter, "  uploaded {} ({})", short(key), bytes(*size))
            }
            Self::Changes(changes) => {
                write!(
                    formatter,
                    "  change set: {}",
                    counted(changes.len(), "change", "changes")
                )?;
                changes
                    .iter()
                    .try_for_each(|change| write!(formatter, "\n    {change}"))
            }
            Self::Stack {
                name,
                status,
                after,
            } => {
                write!(
                    formatter,
                    "  {:>6.1} s  {name:<24} {status}",
                    after.as_secs_f64()
                )
            }
            Self::Failed { resource, reason } => {
                write!(formatter, "  failed: {resource}: {}", repeated(reason))
            }
        }
    }
}

/// A size as a person reads it.
pub fn bytes(size: u64) -> String {
    counted(usize::try_from(size).unwrap_or(usize::MAX), "byte", "bytes")
}

/// Text with every digest cut to what tells it from others at a glance.
pub fn short(text: &str) -> String {
    let is_digest =
        |word: &str| word.len() == 64 && word.chars().all(|letter| letter.is_ascii_hexdigit());
    let mut shortened = String::new();
    for word in text.split_inclusive(['/', '-', '.']) {
        let end = word.trim_end_matches(['/', '-', '.']);
        shortened.push_str(if is_digest(end) { &end[..12] } else { end });
        shortened.push_str(&word[end.len()..]);
    }
    shortened
}

impl std::fmt::Display for Change {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let replacement = match self.replacement.as_deref() {
            Some("True") => " (replaced)",
            Some("Conditional") => " (perhaps replaced)",
            _ => "",
        };
        let certainty = match self.certainty {
            Certainty::Certain => "",
            Certainty::Possible => " (may change)",
        };
        let Self {
            action,
            resource,
            resource_type,
            ..
        } = self;
        write!(
            formatter,
            "{action:<8} {resource} {resource_type}{certainty}{replacement}"
        )
    }
}
