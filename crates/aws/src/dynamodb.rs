//! The three tables. Every promise of the stores' ports rests on conditions of DynamoDB; nothing
//! is decided from an index.

mod condition;
mod document;
mod executions;
mod groups;
mod item;
mod key;
mod names;
mod plans;
mod request;
mod transaction;

use aws_sdk_dynamodb::Client;

/// The names of the tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableNames {
    /// Protection groups and their claims on servers.
    pub protection_groups: String,
    /// Recovery plans, every version.
    pub recovery_plans: String,
    /// Executions, their events, locks, leases and tokens.
    pub execution_history: String,
}

/// The tables of a deployment.
#[derive(Debug, Clone)]
pub struct DynamoStore {
    client: Client,
    tables: TableNames,
}

impl DynamoStore {
    /// The tables of these names. Nothing is asked of them yet.
    pub fn new(client: Client, tables: TableNames) -> Self {
        Self { client, tables }
    }
}
