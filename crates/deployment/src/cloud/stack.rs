//! The master stack: how it stands, its change sets, and the operations that they start.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use aws_sdk_cloudformation::error::ProvideErrorMetadata;
use aws_sdk_cloudformation::types::{
    Capability, ChangeSetStatus, ChangeSetType, OnStackFailure, Parameter,
};
use sha2::{Digest, Sha256};

use super::{Cloud, failed};
use crate::error::Failure;
use crate::failure::{NESTED_STACK, StackEvent, first_cause};
use crate::observation::Stack;
use crate::progress::{Change, Event, Progress};

/// Outputs of the master stack.
pub type Outputs = BTreeMap<String, String>;

/// What a change set is made for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Operation {
    /// A stack that is not there yet.
    Create,
    /// A stack that is.
    Update,
}

/// What a stack operation needs to know.
#[derive(Clone, Debug)]
pub(crate) struct Target<'a> {
    pub stack: &'a str,
    pub template: String,
    pub parameters: &'a BTreeMap<String, String>,
}

impl Cloud {
    /// The stack as it stands, `None` when there is none.
    pub(super) async fn stack(&self, name: &str) -> Result<Option<Stack>, Failure> {
        let Some(described) = self.describe(name).await? else {
            return Ok(None);
        };
        let text = self.cloudformation.get_template().stack_name(name);
        let text = text.template_stage("Original".into()).send().await;
        // A stack without resources has no template yet.
        let text = match text {
            Ok(answer) => answer.template_body.unwrap_or_default(),
            Err(error) if error.code() == Some("ValidationError") => String::new(),
            Err(error) => return Err(failed("cloudformation:GetTemplate")(error)),
        };
        let parameters = described.parameters().iter().filter_map(|parameter| {
            Some((
                parameter.parameter_key.clone()?,
                parameter.parameter_value.clone()?,
            ))
        });
        Ok(Some(Stack {
            status: status_of(&described),
            template_sha256: hex::encode(Sha256::digest(text.as_bytes())),
            parameters: parameters.collect(),
        }))
    }

    /// The outputs of the stack, none when there is no such stack.
    pub async fn outputs(&self, name: &str) -> Result<Outputs, Failure> {
        let described = self.describe(name).await?;
        let outputs = described.iter().flat_map(|stack| stack.outputs().iter());
        Ok(outputs
            .filter_map(|output| Some((output.output_key.clone()?, output.output_value.clone()?)))
            .collect())
    }

    async fn describe(
        &self,
        name: &str,
    ) -> Result<Option<aws_sdk_cloudformation::types::Stack>, Failure> {
        let answer = self
            .cloudformation
            .describe_stacks()
            .stack_name(name)
            .send()
            .await;
        match answer {
            Ok(answer) => Ok(answer.stacks.unwrap_or_default().into_iter().next()),
            // The service has no code of its own for a stack that does not exist.
            Err(error)
                if error.code() == Some("ValidationError")
                    && error
                        .message()
                        .is_some_and(|text| text.contains("does not exist")) =>
            {
                Ok(None)
            }
            Err(error) => Err(failed("cloudformation:DescribeStacks")(error)),
        }
    }

    /// Makes a change set, shows it, carries it out and follows it to its end.
    /// A change set without changes is removed, and that is no failure.
    pub(crate) async fn change(
        &self,
        operation: Operation,
        target: &Target<'_>,
        progress: &mut dyn Progress,
    ) -> Result<(), Failure> {
        let name = change_set_name(target);
        let Some(changes) = self.change_set(operation, target, &name).await? else {
            progress.report(Event::Begins(
                "  the service finds nothing to change".to_owned(),
            ));
            return Ok(());
        };
        progress.report(Event::Changes(changes));
        let known = self.known_events(target.stack).await?;
        let execution = self.cloudformation.execute_change_set();
        let execution = execution
            .stack_name(target.stack)
            .change_set_name(&name)
            .send()
            .await;
        execution.map_err(failed("cloudformation:ExecuteChangeSet"))?;
        self.follow(target.stack, known, progress).await
    }

    /// Deletes the stack and waits until it is gone.
    pub(crate) async fn delete(
        &self,
        name: &str,
        progress: &mut dyn Progress,
    ) -> Result<(), Failure> {
        let began = Instant::now();
        let deletion = self
            .cloudformation
            .delete_stack()
            .stack_name(name)
            .send()
            .await;
        deletion.map_err(failed("cloudformation:DeleteStack"))?;
        while let Some(stack) = self.describe(name).await? {
            let status = status_of(&stack);
            if status == "DELETE_FAILED" {
                let events = self.events(name).await?;
                let cause = first_cause(&events);
                return Err(Failure::StackFailed {
                    stack: name.to_owned(),
                    status,
                    cause,
                });
            }
            tokio::time::sleep(self.pace).await;
        }
        let status = "DELETE_COMPLETE".to_owned();
        progress.report(Event::Stack {
            name: name.to_owned(),
            status,
            after: began.elapsed(),
        });
        Ok(())
    }

    /// Finishes the way back from a failed update.
    pub(crate) async fn continue_rollback(
        &self,
        name: &str,
        progress: &mut dyn Progress,
    ) -> Result<(), Failure> {
        let known = self.known_events(name).await?;
        let rollback = self
            .cloudformation
            .continue_update_rollback()
            .stack_name(name)
            .send()
            .await;
        rollback.map_err(failed("cloudformation:ContinueUpdateRollback"))?;
        let ended = self.wait(name, &known, progress).await?;
        if ended == "UPDATE_ROLLBACK_COMPLETE" {
            return Ok(());
        }
        self.failure(name, ended, &known).await
    }

    async fn change_set(
        &self,
        operation: Operation,
        target: &Target<'_>,
        name: &str,
    ) -> Result<Option<Vec<Change>>, Failure> {
        // What an interrupted deployment left under this name would refuse the new one.
        let removal = self.cloudformation.delete_change_set();
        let removal = removal
            .stack_name(target.stack)
            .change_set_name(name)
            .send()
            .await;
        if let Err(error) = removal
            && !["ValidationError", "ChangeSetNotFound"].contains(&error.code().unwrap_or_default())
        {
            return Err(failed("cloudformation:DeleteChangeSet")(error));
        }
        let parameters = target.parameters.iter().map(|(key, value)| {
            Parameter::builder()
                .parameter_key(key)
                .parameter_value(value)
                .build()
        });
        let kind = match operation {
            Operation::Create => ChangeSetType::Create,
            Operation::Update => ChangeSetType::Update,
        };
        let creation = self
            .cloudformation
            .create_change_set()
            .stack_name(target.stack)
            .change_set_name(name)
            .change_set_type(kind)
            .template_url(&target.template)
            .set_parameters(Some(parameters.collect()))
            .capabilities(Capability::CapabilityNamedIam)
            .capabilities(Capability::CapabilityAutoExpand)
            .on_stack_failure(OnStackFailure::Rollback);
        creation
            .send()
            .await
            .map_err(failed("cloudformation:CreateChangeSet"))?;
        self.changes_when_ready(target.stack, name).await
    }

    async fn changes_when_ready(
        &self,
        stack: &str,
        name: &str,
    ) -> Result<Option<Vec<Change>>, Failure> {
        loop {
            let description = self.cloudformation.describe_change_set();
            let description = description
                .stack_name(stack)
                .change_set_name(name)
                .send()
                .await;
            let described = description.map_err(failed("cloudformation:DescribeChangeSet"))?;
            match described.status() {
                Some(ChangeSetStatus::CreateComplete) => {
                    return self.all_changes(stack, name).await.map(Some);
                }
                Some(ChangeSetStatus::Failed) => {
                    let reason = described.status_reason.unwrap_or_default();
                    let removal = self.cloudformation.delete_change_set();
                    let removal = removal.stack_name(stack).change_set_name(name).send().await;
                    removal.map_err(failed("cloudformation:DeleteChangeSet"))?;
                    if says_no_changes(&reason) {
                        return Ok(None);
                    }
                    return Err(Failure::ChangeSetRefused {
                        stack: stack.to_owned(),
                        reason,
                    });
                }
                _ => tokio::time::sleep(self.pace).await,
            }
        }
    }

    async fn all_changes(&self, stack: &str, name: &str) -> Result<Vec<Change>, Failure> {
        let mut found = Vec::new();
        let description = self.cloudformation.describe_change_set();
        let description = description.stack_name(stack).change_set_name(name);
        let mut pages = description.into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(failed("cloudformation:DescribeChangeSet"))?;
            let changes = page.changes.unwrap_or_default().into_iter();
            found.extend(
                changes
                    .filter_map(|change| change.resource_change)
                    .map(change_of),
            );
        }
        Ok(found)
    }

    async fn follow(
        &self,
        stack: &str,
        known: BTreeSet<String>,
        progress: &mut dyn Progress,
    ) -> Result<(), Failure> {
        let ended = self.wait(stack, &known, progress).await?;
        if ended == "CREATE_COMPLETE" || ended == "UPDATE_COMPLETE" {
            return Ok(());
        }
        self.failure(stack, ended, &known).await
    }

    /// Reports every new status of the nested stacks until the operation has ended.
    async fn wait(
        &self,
        stack: &str,
        known: &BTreeSet<String>,
        progress: &mut dyn Progress,
    ) -> Result<String, Failure> {
        let began = Instant::now();
        let mut reported = known.clone();
        loop {
            // The status first: an event between the two looks is then reported, not missed.
            let status = self.describe(stack).await?.map(|stack| status_of(&stack));
            for event in self.events(stack).await? {
                if reported.insert(event.id.clone()) {
                    report(event, began, progress);
                }
            }
            match status {
                Some(status) if status.ends_with("_IN_PROGRESS") => {}
                Some(status) => return Ok(status),
                None => return Ok("DELETE_COMPLETE".to_owned()),
            }
            tokio::time::sleep(self.pace).await;
        }
    }

    async fn failure(
        &self,
        stack: &str,
        status: String,
        known: &BTreeSet<String>,
    ) -> Result<(), Failure> {
        let mut events = self.events(stack).await?;
        let nested: BTreeSet<String> = events
            .iter()
            .filter(|event| event.resource_type == NESTED_STACK && event.stack == stack)
            .filter(|event| event.physical_id.contains(":stack/") && event.resource != stack)
            .map(|event| event.physical_id.clone())
            .collect();
        for id in nested {
            events.extend(self.events(&id).await?);
        }
        events.retain(|event| !known.contains(&event.id));
        let cause = first_cause(&events);
        Err(Failure::StackFailed {
            stack: stack.to_owned(),
            status,
            cause,
        })
    }

    async fn known_events(&self, stack: &str) -> Result<BTreeSet<String>, Failure> {
        Ok(self
            .events(stack)
            .await?
            .into_iter()
            .map(|event| event.id)
            .collect())
    }

    /// All events of one stack, oldest first.
    async fn events(&self, stack: &str) -> Result<Vec<StackEvent>, Failure> {
        let mut found = Vec::new();
        let mut pages = self
            .cloudformation
            .describe_stack_events()
            .stack_name(stack)
            .into_paginator()
            .send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(failed("cloudformation:DescribeStackEvents"))?;
            found.extend(
                page.stack_events
                    .unwrap_or_default()
                    .into_iter()
                    .map(event_of),
            );
        }
        found.reverse();
        Ok(found)
    }
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

fn status_of(stack: &aws_sdk_cloudformation::types::Stack) -> String {
    stack
        .stack_status()
        .map(|status| status.as_str().to_owned())
        .unwrap_or_default()
}

/// The same change has the same name, so that an interrupted deployment finds its own again.
fn change_set_name(target: &Target<'_>) -> String {
    let mut hasher = Sha256::new();
    hasher.update(&target.template);
    for (name, value) in target.parameters {
        hasher.update(format!("\n{name}={value}"));
    }
    let digest = hex::encode(hasher.finalize());
    format!("deployment-{}", &digest[..16])
}

fn says_no_changes(reason: &str) -> bool {
    reason.contains("didn't contain changes") || reason.contains("No updates are to be performed")
}

fn change_of(change: aws_sdk_cloudformation::types::ResourceChange) -> Change {
    Change {
        action: change
            .action
            .map(|action| action.as_str().to_owned())
            .unwrap_or_default(),
        replacement: change
            .replacement
            .map(|replacement| replacement.as_str().to_owned()),
        resource: change.logical_resource_id.unwrap_or_default(),
        resource_type: change.resource_type.unwrap_or_default(),
    }
}

fn event_of(event: aws_sdk_cloudformation::types::StackEvent) -> StackEvent {
    StackEvent {
        id: event.event_id.unwrap_or_default(),
        at: event
            .timestamp
            .map_or(0, |at| at.to_millis().unwrap_or_default()),
        stack: event.stack_name.unwrap_or_default(),
        resource: event.logical_resource_id.unwrap_or_default(),
        physical_id: event.physical_resource_id.unwrap_or_default(),
        resource_type: event.resource_type.unwrap_or_default(),
        status: event
            .resource_status
            .map(|status| status.as_str().to_owned())
            .unwrap_or_default(),
        reason: event.resource_status_reason.unwrap_or_default(),
    }
}
