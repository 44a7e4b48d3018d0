//! Stacks: how they stand, their nested stacks and events, and the operations that they start.

use aws_sdk_cloudformation::error::ProvideErrorMetadata;

use super::{AwsCloud, failed};
use crate::cloud::{Nested, StackState};
use crate::error::Failure;
use crate::failure::{NESTED_STACK, StackEvent};

impl AwsCloud {
    pub(super) async fn stack_state(&self, name: &str) -> Result<Option<StackState>, Failure> {
        let answer = self
            .cloudformation
            .describe_stacks()
            .stack_name(name)
            .send()
            .await;
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) if does_not_exist(&error) => return Ok(None),
            Err(error) => return Err(failed("cloudformation:DescribeStacks")(error)),
        };
        let stack = answer.stacks.unwrap_or_default().into_iter().next();
        Ok(stack.map(|stack| StackState {
            status: stack
                .stack_status()
                .map(|status| status.as_str().to_owned())
                .unwrap_or_default(),
            parameters: stack
                .parameters()
                .iter()
                .filter_map(|parameter| {
                    Some((
                        parameter.parameter_key.clone()?,
                        parameter.parameter_value.clone()?,
                    ))
                })
                .collect(),
            outputs: stack
                .outputs()
                .iter()
                .filter_map(|output| {
                    Some((output.output_key.clone()?, output.output_value.clone()?))
                })
                .collect(),
        }))
    }

    /// A stack without resources has no template yet, and neither has one that is not there.
    pub(super) async fn template_text(&self, stack: &str) -> Result<String, Failure> {
        let text = self.cloudformation.get_template().stack_name(stack);
        match text.template_stage("Original".into()).send().await {
            Ok(answer) => Ok(answer.template_body.unwrap_or_default()),
            Err(error) if error.code() == Some("ValidationError") => Ok(String::new()),
            Err(error) => Err(failed("cloudformation:GetTemplate")(error)),
        }
    }

    pub(super) async fn stack_resources(
        &self,
        stack: &str,
    ) -> Result<Vec<(String, String)>, Failure> {
        let listing = self.cloudformation.list_stack_resources().stack_name(stack);
        let mut pages = listing.into_paginator().send();
        let mut found = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(failed("cloudformation:ListStackResources"))?;
            let resources = page.stack_resource_summaries.unwrap_or_default();
            found.extend(resources.into_iter().filter_map(|resource| {
                Some((
                    resource.logical_resource_id?,
                    resource.physical_resource_id?,
                ))
            }));
        }
        Ok(found)
    }

    pub(super) async fn nested_stacks(&self, stack: &str) -> Result<Vec<Nested>, Failure> {
        let resources = self
            .cloudformation
            .describe_stack_resources()
            .stack_name(stack)
            .send()
            .await;
        let resources = match resources {
            Ok(resources) => resources.stack_resources.unwrap_or_default(),
            Err(error) if does_not_exist(&error) => Vec::new(),
            Err(error) => return Err(failed("cloudformation:DescribeStackResources")(error)),
        };
        let nested = resources
            .into_iter()
            .filter(|resource| resource.resource_type() == Some(NESTED_STACK));
        Ok(nested
            .filter_map(|resource| {
                Some(Nested {
                    status: resource
                        .resource_status()
                        .map(|status| status.as_str().to_owned())?,
                    resource: resource.logical_resource_id?,
                    id: resource.physical_resource_id?,
                })
            })
            .collect())
    }

    pub(super) async fn stack_events(&self, stack: &str) -> Result<Vec<StackEvent>, Failure> {
        let mut found = Vec::new();
        let events = self
            .cloudformation
            .describe_stack_events()
            .stack_name(stack);
        let mut pages = events.into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = match page {
                Err(error) if does_not_exist(&error) => break,
                page => page.map_err(failed("cloudformation:DescribeStackEvents"))?,
            };
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

    pub(super) async fn begin_deletion(&self, stack: &str) -> Result<(), Failure> {
        let deletion = self
            .cloudformation
            .delete_stack()
            .stack_name(stack)
            .send()
            .await;
        deletion
            .map(drop)
            .map_err(failed("cloudformation:DeleteStack"))
    }

    pub(super) async fn begin_rollback(&self, stack: &str) -> Result<(), Failure> {
        let rollback = self
            .cloudformation
            .continue_update_rollback()
            .stack_name(stack)
            .send()
            .await;
        rollback
            .map(drop)
            .map_err(failed("cloudformation:ContinueUpdateRollback"))
    }
}

/// The service has no code of its own for a stack that does not exist.
pub(super) fn does_not_exist(error: &impl ProvideErrorMetadata) -> bool {
    error.code() == Some("ValidationError")
        && error
            .message()
            .is_some_and(|text| text.contains("does not exist"))
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
