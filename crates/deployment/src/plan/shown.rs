//! A plan as a person reads it.

use std::collections::BTreeMap;
use std::fmt;

use super::step::{Difference, Plan, Step};
use crate::progress::{bytes, short};

/// Sources are many, and their names tell little: they are counted.
const COUNTED: [&str; 2] = ["lambda/", "frontend/"];

impl fmt::Display for Plan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.steps.is_empty() {
            return writeln!(formatter, "stack {}: nothing to do", self.stack);
        }
        writeln!(formatter, "stack {}:", self.stack)?;
        let mut counts: BTreeMap<(usize, &str), (usize, u64)> = BTreeMap::new();
        for step in &self.steps {
            if let Some((kind, prefix, size)) = counted(step) {
                let (count, sum) = counts.entry((kind, prefix)).or_default();
                *count += 1;
                *sum += size;
            } else {
                write_counts(formatter, &mut counts)?;
                writeln!(formatter, "  {step}")?;
            }
        }
        write_counts(formatter, &mut counts)
    }
}

/// What kind of step it is, below which prefix, and how many bytes it moves.
fn counted(step: &Step) -> Option<(usize, &'static str, u64)> {
    let (kind, key, size) = match step {
        Step::Upload { key, size } => (0, key, *size),
        Step::Remove { key } => (1, key, 0),
        Step::CreateBucket { .. }
        | Step::SecureBucket { .. }
        | Step::Build { .. }
        | Step::WriteManifest
        | Step::Await { .. }
        | Step::DeleteStack { .. }
        | Step::PutBack { .. }
        | Step::ContinueRollback
        | Step::CreateStack
        | Step::AdoptTables { .. }
        | Step::EndCreation
        | Step::NameInStack { .. }
        | Step::UpdateStack { .. }
        | Step::UpdateCode { .. }
        | Step::PublishConsole { .. } => return None,
    };
    let prefix = COUNTED.into_iter().find(|prefix| key.starts_with(prefix))?;
    Some((kind, prefix, size))
}

fn write_counts(
    formatter: &mut fmt::Formatter<'_>,
    counts: &mut BTreeMap<(usize, &str), (usize, u64)>,
) -> fmt::Result {
    for ((kind, prefix), (count, size)) in std::mem::take(counts) {
        let files = domain::counted::counted(count, "file", "files");
        match kind {
            0 => writeln!(
                formatter,
                "  upload {files} below {prefix} ({})",
                bytes(size)
            )?,
            _ => writeln!(formatter, "  remove {files} below {prefix}")?,
        }
    }
    Ok(())
}

impl fmt::Display for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CreateBucket { bucket } => write!(formatter, "create bucket {bucket}"),
            Self::SecureBucket { bucket } => {
                write!(
                    formatter,
                    "make sure that {bucket} is private, versioned and encrypted"
                )
            }
            Self::Build { artifact, because } => write!(formatter, "build {artifact}: {because}"),
            Self::Upload { key, size } => {
                write!(formatter, "upload {} ({})", short(key), bytes(*size))
            }
            Self::WriteManifest => write!(formatter, "write the manifest"),
            Self::Remove { key } => write!(formatter, "remove {}", short(key)),
            Self::Await { status } => {
                write!(
                    formatter,
                    "wait for the operation that is {status}, then plan anew"
                )
            }
            Self::DeleteStack { status } => {
                write!(formatter, "delete stack, which is {status}, then plan anew")
            }
            Self::PutBack { key } => {
                write!(
                    formatter,
                    "put back {}, which the rollback needs",
                    short(key)
                )
            }
            Self::ContinueRollback => write!(formatter, "continue the update's rollback"),
            Self::CreateStack => write!(formatter, "create stack"),
            Self::AdoptTables { tables } => {
                write!(
                    formatter,
                    "create stack around the tables {}",
                    tables.join(", ")
                )
            }
            Self::EndCreation => write!(
                formatter,
                "update stack to the release's own templates, with what protects from deletion"
            ),
            Self::NameInStack { parameters } => {
                let names: Vec<&str> = parameters.keys().map(String::as_str).collect();
                write!(
                    formatter,
                    "name in the stack what runs already: {}",
                    names.join(", ")
                )
            }
            Self::UpdateStack { differences } => {
                write!(formatter, "update stack")?;
                differences
                    .iter()
                    .try_for_each(|difference| write!(formatter, "\n    {difference}"))
            }
            Self::UpdateCode { function, key } => {
                write!(formatter, "update the code of {function} to {}", short(key))
            }
            Self::PublishConsole { key } => write!(formatter, "publish {}", short(key)),
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Template => write!(formatter, "master template"),
            Self::Parameter {
                name,
                from: Some(from),
                to,
            } => {
                write!(formatter, "{name}: {} -> {}", short(from), short(to))
            }
            Self::Parameter {
                name,
                from: None,
                to,
            } => write!(formatter, "{name}: (none) -> {}", short(to)),
            Self::AfterRollback => write!(formatter, "what the rollback leaves to change"),
        }
    }
}
