//! A change set's life: made under a name of its own, waited for, carried out or deleted. The service
//! does each of these in its own time, and refuses what comes too early; every wait here has an end.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::refusal;
use crate::cloud::{
    ChangeSet, ChangeSetName, Cloud, Creation, FailedChangeSet, Operation, Taken, Target,
    TemplateText,
};
use crate::error::Failure;
use crate::manifest::Written;
use crate::progress::{Change, Event, Progress};

/// Looks at a change set that is being made: half an hour at the pace of AWS, which makes one for
/// each nested stack.
const LOOKS_WHILE_MADE: usize = 900;

/// Looks at one that is being deleted or not taken yet: five minutes.
const LOOKS_WHILE_BUSY: usize = 150;

/// What the names of this tool's change sets begin with.
const PREFIX: &str = "deployment-";

/// How many digits of a digest tell two changes of one run apart.
const DIGITS: usize = 16;

/// A name that no other run gives, so that nothing an interrupted one left is in its way: from the
/// run's time and what is to be changed. At most 64 letters of the 128 that the service takes.
pub(super) fn name(
    written: &Written,
    template: &TemplateText,
    parameters: &BTreeMap<String, String>,
) -> String {
    let mut hasher = Sha256::new();
    match template {
        TemplateText::At(address) => hasher.update(address),
        TemplateText::AsItStands => {}
    }
    for (name, value) in parameters {
        hasher.update(format!("\n{name}={value}"));
    }
    let digest = hex::encode(hasher.finalize());
    let run = written.time.chars().filter(char::is_ascii_alphanumeric);
    let run: String = run.take(32).collect();
    let hyphen = if run.is_empty() { "" } else { "-" };
    format!("{PREFIX}{run}{hyphen}{}", &digest[..DIGITS])
}

/// Makes a change set and waits for it. Answers nothing where there is nothing to change; such a
/// change set is deleted, as is one that is refused.
pub(super) async fn prepare(
    cloud: &dyn Cloud,
    operation: Operation,
    target: &Target,
    progress: &mut dyn Progress,
) -> Result<Option<Vec<Change>>, Failure> {
    let Target { stack, name, .. } = target;
    delete_what_others_left(cloud, stack, progress).await?;
    match cloud.create_change_set(operation, target).await? {
        // Of this name there is none but this run's: an answer was lost on its way.
        Creation::Begun | Creation::NameTaken => {}
    }
    for _ in 0..LOOKS_WHILE_MADE {
        match cloud.change_set(ChangeSetName::Of { stack, name }).await? {
            ChangeSet::Pending => cloud.pause().await,
            ChangeSet::Ready(changes) => return Ok(Some(changes)),
            ChangeSet::Gone => return Err(refused(stack, "somebody has deleted it".to_owned())),
            ChangeSet::Failed(failed) => {
                return after_failure(cloud, target, &failed, progress).await;
            }
        }
    }
    let reason = format!("the service has not finished {name}; give the same command again");
    Err(refused(stack, reason))
}

/// The cause is read before the change set is deleted, with which it goes.
async fn after_failure(
    cloud: &dyn Cloud,
    target: &Target,
    failed: &FailedChangeSet,
    progress: &mut dyn Progress,
) -> Result<Option<Vec<Change>>, Failure> {
    let Target { stack, name, .. } = target;
    if refusal::says_no_changes(&failed.reason) {
        delete(cloud, stack, name, progress).await?;
        return Ok(None);
    }
    let cause = refusal::cause(cloud, failed).await;
    delete(cloud, stack, name, progress).await?;
    Err(refused(stack, cause))
}

/// Begins to carry it out. The service may still be busy with what came before.
pub(super) async fn execute(cloud: &dyn Cloud, stack: &str, name: &str) -> Result<(), Failure> {
    let mut reason = String::new();
    for _ in 0..LOOKS_WHILE_BUSY {
        match cloud.execute_change_set(stack, name).await? {
            Taken::Begun => return Ok(()),
            Taken::NotYet(why) => reason = why,
        }
        cloud.pause().await;
    }
    Err(refused(stack, reason))
}

/// What interrupted runs left, which nobody will carry out: on a stack that was never created each of
/// them keeps nested stacks in review.
async fn delete_what_others_left(
    cloud: &dyn Cloud,
    stack: &str,
    progress: &mut dyn Progress,
) -> Result<(), Failure> {
    let names = cloud.change_sets(stack).await?;
    for name in names.iter().filter(|name| name.starts_with(PREFIX)) {
        delete(cloud, stack, name, progress).await?;
    }
    Ok(())
}

/// Deletes a change set and waits until it is gone. One that does not go changes nothing, and stands
/// in nobody's way: that is said, and no failure.
pub(super) async fn delete(
    cloud: &dyn Cloud,
    stack: &str,
    name: &str,
    progress: &mut dyn Progress,
) -> Result<(), Failure> {
    let mut asked = Taken::NotYet(String::new());
    for _ in 0..LOOKS_WHILE_BUSY {
        if asked != Taken::Begun {
            asked = cloud.delete_change_set(stack, name).await?;
        }
        match cloud.change_set(ChangeSetName::Of { stack, name }).await? {
            ChangeSet::Gone => return Ok(()),
            ChangeSet::Pending | ChangeSet::Ready(_) | ChangeSet::Failed(_) => {
                cloud.pause().await;
            }
        }
    }
    progress.report(Event::Note(format!(
        "  the change set {name} is still there: it changes nothing, and can be deleted by hand"
    )));
    Ok(())
}

fn refused(stack: &str, reason: String) -> Failure {
    Failure::ChangeSetRefused {
        stack: stack.to_owned(),
        reason,
    }
}
