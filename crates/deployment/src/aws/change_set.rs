//! Change sets of the master stack, with those of the nested stacks where the service makes them.

use aws_sdk_cloudformation::error::ProvideErrorMetadata;
use aws_sdk_cloudformation::types::{
    Capability, ChangeSetStatus, ChangeSetType, OnStackFailure, Parameter, ResourceChange,
};

use super::{AwsCloud, failed};
use crate::cloud::{ChangeSet, Operation, Target};
use crate::error::Failure;
use crate::progress::Change;

const DESCRIBING: &str = "cloudformation:DescribeChangeSet";

impl AwsCloud {
    pub(super) async fn begin_change_set(
        &self,
        operation: Operation,
        target: &Target,
    ) -> Result<(), Failure> {
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
            .template_url(&target.template)
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
        let creation = creation.send().await;
        creation
            .map(drop)
            .map_err(failed("cloudformation:CreateChangeSet"))
    }

    pub(super) async fn described_change_set(
        &self,
        stack: &str,
        name: &str,
    ) -> Result<ChangeSet, Failure> {
        let description = self.cloudformation.describe_change_set();
        let description = description
            .stack_name(stack)
            .change_set_name(name)
            .send()
            .await;
        let described = description.map_err(failed(DESCRIBING))?;
        match described.status {
            Some(ChangeSetStatus::CreateComplete) => {
                self.all_changes(stack, name).await.map(ChangeSet::Ready)
            }
            Some(ChangeSetStatus::Failed) => Ok(ChangeSet::Failed(
                described.status_reason.unwrap_or_default(),
            )),
            Some(_) | None => Ok(ChangeSet::Pending),
        }
    }

    pub(super) async fn forget_change_set(&self, stack: &str, name: &str) -> Result<(), Failure> {
        let removal = self.cloudformation.delete_change_set();
        let removal = removal.stack_name(stack).change_set_name(name).send().await;
        match removal {
            Err(error) if matches!(error.code(), Some("ValidationError" | "ChangeSetNotFound")) => {
                Ok(())
            }
            removal => removal
                .map(drop)
                .map_err(failed("cloudformation:DeleteChangeSet")),
        }
    }

    pub(super) async fn begin_execution(&self, stack: &str, name: &str) -> Result<(), Failure> {
        let execution = self.cloudformation.execute_change_set();
        let execution = execution
            .stack_name(stack)
            .change_set_name(name)
            .send()
            .await;
        execution
            .map(drop)
            .map_err(failed("cloudformation:ExecuteChangeSet"))
    }

    /// The master's changes, each nested stack's behind its own.
    async fn all_changes(&self, stack: &str, name: &str) -> Result<Vec<Change>, Failure> {
        let description = self.cloudformation.describe_change_set();
        let description = description.stack_name(stack).change_set_name(name);
        let mut pages = description.into_paginator().send();
        let mut found = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(failed(DESCRIBING))?;
            let changes = page.changes.unwrap_or_default().into_iter();
            for change in changes.filter_map(|change| change.resource_change) {
                let nested = change.change_set_id.clone();
                let change = change_of(change, "");
                let parent = change.resource.clone();
                found.push(change);
                if let Some(nested) = nested {
                    found.extend(self.nested_changes(&nested, &parent).await?);
                }
            }
        }
        Ok(found)
    }

    /// Stacks of this product are nested once.
    async fn nested_changes(&self, id: &str, parent: &str) -> Result<Vec<Change>, Failure> {
        let mut pages = self
            .cloudformation
            .describe_change_set()
            .change_set_name(id)
            .into_paginator()
            .send();
        let mut found = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(failed(DESCRIBING))?;
            let changes = page.changes.unwrap_or_default().into_iter();
            let changes = changes.filter_map(|change| change.resource_change);
            found.extend(changes.map(|change| change_of(change, parent)));
        }
        Ok(found)
    }
}

fn change_of(change: ResourceChange, parent: &str) -> Change {
    let resource = change.logical_resource_id.unwrap_or_default();
    Change {
        action: change
            .action
            .map(|action| action.as_str().to_owned())
            .unwrap_or_default(),
        replacement: change
            .replacement
            .map(|replacement| replacement.as_str().to_owned()),
        resource: if parent.is_empty() {
            resource
        } else {
            format!("{parent}/{resource}")
        },
        resource_type: change.resource_type.unwrap_or_default(),
    }
}
