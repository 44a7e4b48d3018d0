//! The walk through the steps: ask, write down that it begins, do it, write down how it ended.

use std::collections::BTreeSet;
use std::future::Future;

use anyhow::Result;
use jiff::Timestamp;

use super::Files;
use super::order::next;
use super::record::{Record, Standing};
use super::step::Step;

/// What somebody says before a step.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Answer {
    /// It may begin.
    Yes,
    /// Everything stops here.
    No,
}

/// Who is asked.
pub trait Person {
    /// Tells what the step does, costs and takes, and asks.
    fn agrees(&mut self, step: Step, record: &Record) -> Result<Answer>;
}

/// Who does it.
pub trait StepRunner {
    /// Does one step; answers what shows that it is proved, or why it is not. What it makes it writes
    /// into the files before it makes it.
    fn perform(
        &mut self,
        step: Step,
        files: &mut Files,
    ) -> impl Future<Output = Result<Vec<String>>>;
}

/// Where a walk ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Stopped {
    /// Nothing is left that can be tried.
    AtTheEnd,
    /// Somebody did not want this step.
    Declined(Step),
}

/// Goes through every step that may run, each once. Only a files that cannot be written ends it with
/// an error: nothing is done that is not written down.
pub async fn walk(
    files: &mut Files,
    runner: &mut impl StepRunner,
    person: &mut impl Person,
    now: impl Fn() -> Timestamp,
) -> Result<Stopped> {
    let mut tried = BTreeSet::new();
    while let Some(step) = next(&files.record.steps, &tried) {
        if person.agrees(step, &files.record)? == Answer::No {
            return Ok(Stopped::Declined(step));
        }
        tried.insert(step);
        let began = now();
        let standing = Standing::Begun {
            at: began.to_string(),
        };
        files.record.steps.insert(step, standing);
        files.keep()?;
        let outcome = runner.perform(step, files).await;
        let ended = now();
        let seconds = ended.duration_since(began).as_secs();
        let seconds = u64::try_from(seconds).unwrap_or_default();
        let at = ended.to_string();
        let standing = match outcome {
            Ok(evidence) => Standing::Proved {
                at,
                seconds,
                evidence,
            },
            Err(error) => Standing::NotProved {
                at,
                seconds,
                reason: format!("{error:#}"),
            },
        };
        tell(step, &standing);
        files.record.steps.insert(step, standing);
        files.keep()?;
    }
    Ok(Stopped::AtTheEnd)
}

fn tell(step: Step, standing: &Standing) {
    let title = step.title();
    match standing {
        Standing::Proved { evidence, .. } => {
            crate::terminal::line(&format!("  proved: {title}"));
            for one in evidence {
                crate::terminal::line(&format!("    {one}"));
            }
        }
        Standing::NotProved { reason, .. } => {
            crate::terminal::line(&format!("  NOT PROVED: {title}: {reason}"));
        }
        Standing::Begun { .. } => {}
    }
}
