//! The table of executions as it lies at the emulator: what a dead function leaves there can be
//! written, and what became of it can be read.

use anyhow::{Context, Result};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::emulator::{Emulator, members, text};
use crate::stack::Stack;

/// The table of executions.
#[derive(Clone, Debug)]
pub struct History {
    emulator: Emulator,
    table: String,
}

impl History {
    /// The table of this stack.
    pub async fn of(stack: &Stack) -> Result<Self> {
        let emulator = stack.emulator();
        let tables = emulator.dynamodb("ListTables", &json!({})).await?;
        let table = members(&tables, "TableNames")
            .iter()
            .filter_map(Value::as_str)
            .find(|name| name.ends_with("-execution-history"))
            .context("no table of executions")?
            .to_owned();
        Ok(Self { emulator, table })
    }

    /// An item; nothing where there is none.
    pub async fn item(&self, partition: &str, sort: &str) -> Result<Option<Value>> {
        let request = json!({
            "TableName": self.table, "Key": key(partition, sort), "ConsistentRead": true,
        });
        let answer = self.emulator.dynamodb("GetItem", &request).await?;
        Ok(answer.get("Item").filter(|item| item.is_object()).cloned())
    }

    /// Writes an item.
    pub async fn put(&self, item: &Value) -> Result<()> {
        let request = json!({ "TableName": self.table, "Item": item });
        self.emulator
            .dynamodb("PutItem", &request)
            .await
            .map(|_| ())
    }

    /// Takes an item away.
    pub async fn remove(&self, partition: &str, sort: &str) -> Result<()> {
        let request = json!({ "TableName": self.table, "Key": key(partition, sort) });
        self.emulator
            .dynamodb("DeleteItem", &request)
            .await
            .map(|_| ())
    }

    /// The head of an execution.
    pub async fn head(&self, execution: &str) -> Result<Option<Value>> {
        self.item(&partition(execution), "META").await
    }

    /// Changes attributes of the head of an execution, and its version with them.
    pub async fn change_head(&self, execution: &str, change: &str, values: &Value) -> Result<()> {
        let request = json!({
            "TableName": self.table,
            "Key": key(&partition(execution), "META"),
            "UpdateExpression": change,
            "ExpressionAttributeValues": values,
            "ConditionExpression": "attribute_exists(pk)",
        });
        self.emulator
            .dynamodb("UpdateItem", &request)
            .await
            .map(|_| ())
    }

    /// How many machines were counted for an execution.
    pub async fn starts(&self, execution: &str) -> Result<u32> {
        let head = self.head(execution).await?.context("no such execution")?;
        text(&head["starts"], "N").parse().context("starts")
    }

    /// The locks of these partitions that are there.
    pub async fn locks(&self, partitions: &[String]) -> Result<Vec<Value>> {
        let mut found = Vec::new();
        for partition in partitions {
            found.extend(self.item(partition, "LOCK").await?);
        }
        Ok(found)
    }
}

/// The partition of an execution's items.
pub fn partition(execution: &str) -> String {
    format!("EXECUTION#{execution}")
}

/// The partitions of the locks on a plan and on servers.
pub fn lock_partitions(account: &str, region: &str, plan: &str, servers: &[String]) -> Vec<String> {
    let servers = servers
        .iter()
        .map(|server| format!("LOCK#SERVER#{account}#{region}#{server}"));
    servers.chain([format!("LOCK#PLAN#{plan}")]).collect()
}

/// A time so long before now, by this machine's clock, which is the stack's as well; as the
/// table sorts it.
#[expect(
    clippy::disallowed_methods,
    reason = "who writes what a function has left needs the functions' clock"
)]
pub fn before_now(age: SignedDuration) -> String {
    format!("{:.9}", Timestamp::now() - age)
}

fn key(partition: &str, sort: &str) -> Value {
    json!({ "pk": { "S": partition }, "sk": { "S": sort } })
}
