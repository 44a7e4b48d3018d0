//! Change sets of the master stack: made, looked at, deleted, carried out.

use aws_sdk_cloudformation::error::ProvideErrorMetadata;
use aws_sdk_cloudformation::types::{
    Capability, ChangeSetStatus, ChangeSetType, EventFilter, ExecutionStatus, OnStackFailure,
    OperationEvent, Parameter,
};

use super::{AwsCloud, failed, stack};
use crate::cloud::{
    ChangeSet, ChangeSetName, Creation, FailedChangeSet, FailedEvent, Operation, Taken, Target,
    TemplateText,
};
use crate::error::Failure;

pub(super) const DESCRIBING: &str = "cloudformation:DescribeChangeSet";

/// What the service says of a change set that is being made or deleted, or whose stack is changed.
const NOT_NOW: &str = "InvalidChangeSetStatus";

impl AwsCloud {
    pub(super) async fn begin_change_set(
        &self,
        operation: Operation,
        target: &Target,
    ) -> Result<Creation, Failure> {
        let named = target.parameters.iter().map(|(key, value)| {
            Parameter::builder()
                .parameter_key(key)
                .parameter_value(value)
                .build()
        });
        let kept = target.kept.iter().map(|key| {
            Parameter::builder()
                .parameter_key(key)
                .use_previous_value(true)
                .build()
        });
        let kind = match operation {
            Operation::Create | Operation::CreateAdopting => ChangeSetType::Create,
            Operation::Update => ChangeSetType::Update,
        };
        let mut creation = self
            .cloudformation
            .create_change_set()
            .stack_name(&target.stack)
            .change_set_name(&target.name)
            .change_set_type(kind)
            // By its token, a request that is sent again is the same one.
            .client_token(&target.name)
            .set_parameters(Some(named.chain(kept).collect()))
            .include_nested_stacks(true)
            .capabilities(Capability::CapabilityNamedIam)
            .capabilities(Capability::CapabilityAutoExpand);
        creation = match operation {
            // The service takes no other behaviour together with nested change sets.
            Operation::Create | Operation::Update => {
                creation.on_stack_failure(OnStackFailure::Rollback)
            }
            Operation::CreateAdopting => creation
                .on_stack_failure(OnStackFailure::Rollback)
                .import_existing_resources(true),
        };
        creation = match &target.template {
            TemplateText::At(address) => creation.template_url(address),
            TemplateText::AsItStands => creation.use_previous_template(true),
        };
        match creation.send().await {
            Ok(_) => Ok(Creation::Begun),
            Err(error) if error.code() == Some("AlreadyExistsException") => Ok(Creation::NameTaken),
            Err(error) => Err(failed("cloudformation:CreateChangeSet")(error)),
        }
    }

    /// Those that are being carried out, or have been, cannot be deleted.
    pub(super) async fn waiting_change_sets(&self, stack: &str) -> Result<Vec<String>, Failure> {
        let listing = self.cloudformation.list_change_sets().stack_name(stack);
        let mut pages = listing.into_paginator().send();
        let mut found = Vec::new();
        while let Some(page) = pages.next().await {
            let page = match page {
                Err(error) if stack::does_not_exist(&error) => break,
                page => page.map_err(failed("cloudformation:ListChangeSets"))?,
            };
            let summaries = page.summaries.unwrap_or_default().into_iter();
            let waiting = summaries.filter(|summary| !is_executed(summary.execution_status()));
            found.extend(waiting.filter_map(|summary| summary.change_set_name));
        }
        Ok(found)
    }

    pub(super) async fn described_change_set(
        &self,
        name: ChangeSetName<'_>,
    ) -> Result<ChangeSet, Failure> {
        let description = self.cloudformation.describe_change_set();
        let description = match name {
            ChangeSetName::Of { stack, name } => {
                description.stack_name(stack).change_set_name(name)
            }
            ChangeSetName::Id(id) => description.change_set_name(id),
        };
        let described = match description.send().await {
            Ok(described) => described,
            Err(error) if error.code() == Some("ChangeSetNotFound") => return Ok(ChangeSet::Gone),
            Err(error) if stack::does_not_exist(&error) => return Ok(ChangeSet::Gone),
            Err(error) => return Err(failed(DESCRIBING)(error)),
        };
        match described.status {
            Some(ChangeSetStatus::CreateComplete) => {
                let id = described.change_set_id.unwrap_or_default();
                self.all_changes(&id).await.map(ChangeSet::Ready)
            }
            Some(ChangeSetStatus::Failed | ChangeSetStatus::DeleteFailed) => {
                Ok(ChangeSet::Failed(FailedChangeSet {
                    id: described.change_set_id.unwrap_or_default(),
                    stack: described.stack_name.unwrap_or_default(),
                    reason: described.status_reason.unwrap_or_default(),
                }))
            }
            Some(ChangeSetStatus::DeleteComplete) => Ok(ChangeSet::Gone),
            Some(_) | None => Ok(ChangeSet::Pending),
        }
    }

    /// By the id alone: the service does not find the events of a change set by its name.
    pub(super) async fn failures_of_change_set(
        &self,
        id: &str,
    ) -> Result<Vec<FailedEvent>, Failure> {
        let filter = EventFilter::builder().failed_events(true).build();
        let events = self.cloudformation.describe_events();
        let events = events.change_set_name(id).filters(filter);
        let mut pages = events.into_paginator().send();
        let mut found = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(failed("cloudformation:DescribeEvents"))?;
            let events = page.operation_events.unwrap_or_default().into_iter();
            found.extend(events.filter_map(failed_event));
        }
        Ok(found)
    }

    pub(super) async fn forget_change_set(
        &self,
        stack: &str,
        name: &str,
    ) -> Result<Taken, Failure> {
        let removal = self.cloudformation.delete_change_set();
        let removal = removal.stack_name(stack).change_set_name(name).send().await;
        match removal {
            Ok(_) => Ok(Taken::Begun),
            Err(error) if error.code() == Some(NOT_NOW) => Ok(not_yet(&error)),
            Err(error) if error.code() == Some("ChangeSetNotFound") => Ok(Taken::Begun),
            Err(error) if stack::does_not_exist(&error) => Ok(Taken::Begun),
            Err(error) => Err(failed("cloudformation:DeleteChangeSet")(error)),
        }
    }

    /// A request that is sent again after its answer was lost meets what it has begun itself.
    pub(super) async fn begin_execution(&self, stack: &str, name: &str) -> Result<Taken, Failure> {
        let execution = self.cloudformation.execute_change_set();
        let execution = execution
            .stack_name(stack)
            .change_set_name(name)
            .client_request_token(name)
            .send()
            .await;
        match execution {
            Ok(_) => Ok(Taken::Begun),
            Err(error) if error.code() == Some(NOT_NOW) => {
                if self.is_being_executed(stack, name).await? {
                    return Ok(Taken::Begun);
                }
                Ok(not_yet(&error))
            }
            Err(error) => Err(failed("cloudformation:ExecuteChangeSet")(error)),
        }
    }

    async fn is_being_executed(&self, stack: &str, name: &str) -> Result<bool, Failure> {
        let description = self.cloudformation.describe_change_set();
        let description = description.stack_name(stack).change_set_name(name);
        let described = description.send().await.map_err(failed(DESCRIBING))?;
        Ok(is_executed(described.execution_status()))
    }
}

fn is_executed(status: Option<&ExecutionStatus>) -> bool {
    matches!(
        status,
        Some(
            ExecutionStatus::ExecuteInProgress
                | ExecutionStatus::ExecuteComplete
                | ExecutionStatus::ExecuteFailed
        )
    )
}

fn not_yet(error: &impl ProvideErrorMetadata) -> Taken {
    Taken::NotYet(error.message().unwrap_or(NOT_NOW).to_owned())
}

/// Validations, provisioning and hooks each write their findings into members of their own.
fn failed_event(event: OperationEvent) -> Option<FailedEvent> {
    let reasons = [
        event.validation_status_reason,
        event.hook_status_reason,
        event.resource_status_reason,
    ];
    let reason = reasons
        .into_iter()
        .flatten()
        .find(|text| !text.is_empty())?;
    Some(FailedEvent {
        resource: event.logical_resource_id.unwrap_or_default(),
        resource_type: event.resource_type.unwrap_or_default(),
        reason,
        path: event.validation_path.unwrap_or_default(),
    })
}
