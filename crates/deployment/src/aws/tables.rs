//! The tables: whether they are there, and what a deployment must know of their content.

use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::{AttributeValue, TableDescription, TableStatus};
use serde_json::Value;

use super::{AwsCloud, failed};
use crate::cloud::{Cloud, LiveExecution, Presence};
use crate::error::Failure;

/// What the service says of a table that is not there.
const NOT_FOUND: &str = "ResourceNotFoundException";

impl AwsCloud {
    pub(super) async fn table_presence(&self, table: &str) -> Result<Presence, Failure> {
        Ok(match self.described(table).await? {
            Some(_) => Presence::Present,
            None => Presence::Absent,
        })
    }

    pub(super) async fn remove_table(&self, table: &str) -> Result<(), Failure> {
        self.unprotect(table).await?;
        let deletion = self.dynamodb.delete_table().table_name(table).send().await;
        match deletion {
            Ok(_) => Ok(()),
            Err(error) if error.code() == Some(NOT_FOUND) => Ok(()),
            Err(error) => Err(failed("dynamodb:DeleteTable")(error)),
        }
    }

    /// Production's tables are protected until somebody purges them; an update has to be over before
    /// a table can be deleted.
    async fn unprotect(&self, table: &str) -> Result<(), Failure> {
        let described = self.described(table).await?;
        if described.and_then(|table| table.deletion_protection_enabled) != Some(true) {
            return Ok(());
        }
        let update = self.dynamodb.update_table().table_name(table);
        let update = update.deletion_protection_enabled(false).send().await;
        update.map_err(failed("dynamodb:UpdateTable"))?;
        while let Some(described) = self.described(table).await? {
            if described.table_status == Some(TableStatus::Active) {
                break;
            }
            self.pause().await;
        }
        Ok(())
    }

    async fn described(&self, table: &str) -> Result<Option<TableDescription>, Failure> {
        let look = self.dynamodb.describe_table().table_name(table);
        match look.send().await {
            Ok(found) => Ok(found.table),
            Err(error) if error.code() == Some(NOT_FOUND) => Ok(None),
            Err(error) => Err(failed("dynamodb:DescribeTable")(error)),
        }
    }

    /// The partition `LIVE` of the index `live` holds whatever has work left.
    pub(super) async fn live(&self, table: &str) -> Result<Vec<LiveExecution>, Failure> {
        let query = self
            .dynamodb
            .query()
            .table_name(table)
            .index_name("live")
            .key_condition_expression("#live = :live")
            .expression_attribute_names("#live", "live")
            .expression_attribute_values(":live", AttributeValue::S("LIVE".to_owned()));
        let mut pages = query.into_paginator().send();
        let mut found = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(failed("dynamodb:Query"))?;
            for item in page.items() {
                let text = |name: &str| item.get(name).and_then(|value| value.as_s().ok()).cloned();
                let id = text("pk").unwrap_or_default();
                let id = id.strip_prefix("EXECUTION#").unwrap_or(&id).to_owned();
                found.push(LiveExecution {
                    kind: text("kind").unwrap_or_else(|| "execution".to_owned()),
                    status: text("status").unwrap_or_else(|| "status unknown".to_owned()),
                    plan: plan_name(text("summary"))
                        .or_else(|| text("recoveryPlanId"))
                        .unwrap_or_else(|| "an unknown plan".to_owned()),
                    id,
                });
            }
        }
        found.sort();
        Ok(found)
    }
}

/// The summary is a document of the engine; its plan's name is for people and may be missing.
fn plan_name(summary: Option<String>) -> Option<String> {
    let summary: Value = serde_json::from_str(&summary?).ok()?;
    let name = summary
        .pointer("/value/plan_name")
        .or_else(|| summary.pointer("/value/planName"));
    name?.as_str().map(str::to_owned)
}
