//! Operations on the master stack: change sets, and what they start, followed to its end.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use futures::future::try_join_all;

use super::applying::{Applying, Replacements};
use super::change_set;
use crate::cloud::{Cloud, Operation, Target, TemplateText};
use crate::content;
use crate::error::Failure;
use crate::failure::{NESTED_STACK, StackEvent, first_cause};
use crate::progress::{Change, Event, Progress};
use crate::release::Object;
use crate::talk::listed;
use crate::template;

/// Types of resources whose content is gone when they are replaced or removed.
const HOLDING_DATA: [&str; 4] = [
    "AWS::DynamoDB::Table",
    "AWS::Cognito::UserPool",
    "AWS::S3::Bucket",
    NESTED_STACK,
];

/// What the change set of a release is made of.
pub(super) async fn target(
    operation: Operation,
    applying: &Applying<'_>,
) -> Result<Target, Failure> {
    let Applying {
        release, settings, ..
    } = applying;
    let parameters = settings.parameters(release);
    let master = release.master();
    let template = TemplateText::At(settings.address(&master.key));
    let kept = match operation {
        Operation::Create | Operation::CreateAdopting => Vec::new(),
        Operation::Update => kept(applying, master, &parameters).await?,
    };
    let stack = settings.stack();
    Ok(Target {
        name: change_set::name(applying.written, &template, &parameters),
        stack,
        template,
        parameters,
        kept,
    })
}

/// Parameters that nobody names keep their value, as far as the new template still has them.
async fn kept(
    applying: &Applying<'_>,
    master: &Object,
    named: &BTreeMap<String, String>,
) -> Result<Vec<String>, Failure> {
    let Applying {
        settings, cloud, ..
    } = applying;
    let state = cloud.stack(&settings.stack()).await?.unwrap_or_default();
    let unnamed = state.parameters.into_keys();
    let unnamed: Vec<String> = unnamed.filter(|name| !named.contains_key(name)).collect();
    if unnamed.is_empty() {
        return Ok(unnamed);
    }
    let text = text(applying, master).await?;
    let known = template::parameters(&text).into_iter();
    let known: BTreeSet<String> = known.map(|parameter| parameter.name).collect();
    let kept = unnamed.into_iter();
    Ok(kept.filter(|name| known.contains(name)).collect())
}

pub(super) async fn text(applying: &Applying<'_>, object: &Object) -> Result<String, Failure> {
    let bytes = content::bytes(applying.cloud, &applying.settings.bucket, object).await?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Makes a change set, shows it, carries it out and follows it to its end.
/// A change set without changes is removed, and that is no failure.
pub(super) async fn change(
    cloud: &dyn Cloud,
    operation: Operation,
    target: &Target,
    replacements: Replacements,
    progress: &mut dyn Progress,
) -> Result<(), Failure> {
    let Target { stack, name, .. } = target;
    let changes = change_set::prepare(cloud, operation, target, progress).await?;
    let Some(changes) = changes else {
        progress.report(Event::Begins(
            "  the service finds nothing to change".to_owned(),
        ));
        return Ok(());
    };
    let destroyed = holding_data(&changes);
    progress.report(Event::Changes(changes));
    if replacements == Replacements::Refused && !destroyed.is_empty() {
        change_set::delete(cloud, stack, name, progress).await?;
        return Err(Failure::Destructive {
            resources: listed(&destroyed),
        });
    }
    let known = known_events(cloud, stack).await?;
    change_set::execute(cloud, stack, name).await?;
    let ended = wait(cloud, stack, &known, Beginning::IsComing, progress).await?;
    if ended == "CREATE_COMPLETE" || ended == "UPDATE_COMPLETE" {
        return Ok(());
    }
    failure(cloud, stack, ended, &known).await
}

fn holding_data(changes: &[Change]) -> Vec<String> {
    let is_destroyed = |change: &&Change| match change.replacement.as_deref() {
        _ if change.action == "Remove" => true,
        Some("True") => true,
        // A nested stack is updated in place; what becomes of its resources is said of them.
        Some("Conditional") => change.resource_type != NESTED_STACK,
        Some(_) | None => false,
    };
    let destroyed = changes.iter().filter(is_destroyed);
    destroyed
        .filter(|change| HOLDING_DATA.contains(&change.resource_type.as_str()))
        .map(|change| change.resource.clone())
        .collect()
}

/// Deletes the stack and waits until it is gone.
pub async fn delete(
    cloud: &dyn Cloud,
    stack: &str,
    progress: &mut dyn Progress,
) -> Result<(), Failure> {
    let began = Instant::now();
    // Its name can belong to the next stack as soon as this one is gone; failed events cannot.
    let known = known_events(cloud, stack).await?;
    cloud.delete_stack(stack).await?;
    let mut last = String::new();
    let mut looks = 0;
    let mut has_begun = false;
    while let Some(state) = cloud.stack(stack).await? {
        // A stack whose deletion has failed before shows that until the new one has begun.
        has_begun |= state.status != "DELETE_FAILED" || looks > LOOKS_FOR_A_BEGINNING;
        if state.status == "DELETE_FAILED" && has_begun {
            return failure(cloud, stack, state.status, &known).await;
        }
        looks += 1;
        if last != state.status {
            last.clone_from(&state.status);
            progress.report(Event::Stack {
                name: stack.to_owned(),
                status: state.status,
                after: began.elapsed(),
            });
        }
        cloud.pause().await;
    }
    progress.report(Event::Stack {
        name: stack.to_owned(),
        status: "DELETE_COMPLETE".to_owned(),
        after: began.elapsed(),
    });
    Ok(())
}

/// Finishes the way back from a failed update.
pub(super) async fn continue_rollback(
    cloud: &dyn Cloud,
    stack: &str,
    progress: &mut dyn Progress,
) -> Result<(), Failure> {
    let known = known_events(cloud, stack).await?;
    cloud.continue_rollback(stack).await?;
    let ended = wait(cloud, stack, &known, Beginning::IsComing, progress).await?;
    if ended == "UPDATE_ROLLBACK_COMPLETE" {
        return Ok(());
    }
    failure(cloud, stack, ended, &known).await
}

/// Follows whatever goes on to its end.
pub(super) async fn settle(
    cloud: &dyn Cloud,
    stack: &str,
    progress: &mut dyn Progress,
) -> Result<String, Failure> {
    let known = known_events(cloud, stack).await?;
    wait(cloud, stack, &known, Beginning::IsPast, progress).await
}

/// Looks for the first event of an operation that was just asked for: a minute at the pace of AWS.
const LOOKS_FOR_A_BEGINNING: usize = 30;

/// Whether the operation that is followed has begun.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Beginning {
    /// It goes on already.
    IsPast,
    /// It was just asked for: until an event of it is there, the stack may still show how the one
    /// before it ended.
    IsComing,
}

/// Reports every new status of the nested stacks until the operation has ended.
async fn wait(
    cloud: &dyn Cloud,
    stack: &str,
    known: &BTreeSet<String>,
    beginning: Beginning,
    progress: &mut dyn Progress,
) -> Result<String, Failure> {
    let began = Instant::now();
    let mut reported = known.clone();
    let mut looks = 0;
    loop {
        // The status first: an event between the two looks is then reported, not missed.
        let status = cloud.stack(stack).await?.map(|state| state.status);
        let Some(status) = status else {
            return Ok("DELETE_COMPLETE".to_owned());
        };
        let mut is_new = false;
        for event in cloud.events(stack).await? {
            if reported.insert(event.id.clone()) {
                is_new = true;
                report(event, began, progress);
            }
        }
        looks += 1;
        // The status was read before the events: with the first of them it may be the old one still.
        let has_begun = match beginning {
            Beginning::IsPast => true,
            Beginning::IsComing => looks > LOOKS_FOR_A_BEGINNING || (reported != *known && !is_new),
        };
        if has_begun && !status.ends_with("_IN_PROGRESS") {
            return Ok(status);
        }
        cloud.pause().await;
    }
}

async fn failure(
    cloud: &dyn Cloud,
    stack: &str,
    status: String,
    known: &BTreeSet<String>,
) -> Result<(), Failure> {
    let mut events = all_events(cloud, stack).await?;
    events.retain(|event| !known.contains(&event.id));
    let cause = first_cause(&events);
    Err(Failure::StackFailed {
        stack: stack.to_owned(),
        status,
        cause,
    })
}

/// The events of the master and of its nested stacks.
async fn all_events(cloud: &dyn Cloud, stack: &str) -> Result<Vec<StackEvent>, Failure> {
    let mut events = cloud.events(stack).await?;
    let nested: BTreeSet<String> = events
        .iter()
        .filter(|event| event.resource_type == NESTED_STACK && event.stack == stack)
        .filter(|event| event.physical_id.contains(":stack/") && event.resource != stack)
        .map(|event| event.physical_id.clone())
        .collect();
    let inside = try_join_all(nested.iter().map(|id| cloud.events(id))).await?;
    events.extend(inside.into_iter().flatten());
    Ok(events)
}

/// What has happened before: an earlier failure is no cause of a later one.
async fn known_events(cloud: &dyn Cloud, stack: &str) -> Result<BTreeSet<String>, Failure> {
    let events = all_events(cloud, stack).await?;
    Ok(events.into_iter().map(|event| event.id).collect())
}

fn report(event: StackEvent, began: Instant, progress: &mut dyn Progress) {
    if event.is_a_cause() {
        let StackEvent {
            resource, reason, ..
        } = event;
        progress.report(Event::Failed { resource, reason });
    } else if event.resource_type == NESTED_STACK {
        let StackEvent {
            resource, status, ..
        } = event;
        progress.report(Event::Stack {
            name: resource,
            status,
            after: began.elapsed(),
        });
    }
}
