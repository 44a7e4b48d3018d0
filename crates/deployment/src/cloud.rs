//! The ports of a deployment: what it asks of each service of AWS, in its own words. `aws` answers over the SDKs;
//! tests answer in memory.

mod state;

use std::collections::BTreeMap;
use std::fmt::Debug;

use async_trait::async_trait;

use crate::console::Console;
use crate::error::Failure;
use crate::failure::StackEvent;
use crate::instances::LeftInstance;
use crate::release::Body;
use crate::settings::Settings;

pub use crate::cloud_formation::{
    ChangeSet, ChangeSetName, Creation, Detection, Drifted, FailedChangeSet, FailedEvent,
    Operation, Taken, Target, TemplateText,
};
pub use state::{
    Condition, FunctionState, Keys, Listed, LiveExecution, Nested, Outputs, Presence, StackState,
    Stored, Update, Written,
};

/// S3: the deployment bucket, and what stands in it.
#[async_trait]
pub trait ObjectStore: Debug + Send + Sync {
    /// The current objects below the prefixes; `None` when there is no such bucket.
    async fn keys(&self, bucket: &str, prefixes: &[&str]) -> Result<Option<Keys>, Failure>;
    /// Makes the bucket: private, versioned, encrypted, over TLS only.
    async fn create_bucket(&self, bucket: &str) -> Result<(), Failure>;
    /// An object; `None` when there is no such object or bucket.
    async fn get(&self, bucket: &str, key: &str) -> Result<Option<Stored>, Failure>;
    /// The content that an object of this key had before it was removed or overwritten: the newest
    /// version whose digest the key names.
    async fn earlier(&self, bucket: &str, key: &str) -> Result<Option<Vec<u8>>, Failure>;
    /// Puts an object, with text about it.
    async fn put(
        &self,
        bucket: &str,
        key: &str,
        body: &Body,
        about: &BTreeMap<String, String>,
    ) -> Result<(), Failure>;
    /// Puts a small object if the condition is true.
    async fn put_if(
        &self,
        bucket: &str,
        key: &str,
        bytes: Vec<u8>,
        condition: Condition<'_>,
    ) -> Result<Written, Failure>;
    /// Removes objects; their earlier versions stay.
    async fn remove(&self, bucket: &str, keys: &[String]) -> Result<(), Failure>;
    /// Removes every version of every object, and the bucket.
    async fn purge_bucket(&self, bucket: &str) -> Result<(), Failure>;
}

/// CloudFormation: the stacks and their change sets.
#[async_trait]
pub trait Stacks: Debug + Send + Sync {
    /// The stack, by name or id; `None` when there is none.
    async fn stack(&self, stack: &str) -> Result<Option<StackState>, Failure>;
    /// The text of a stack's template; empty when it has none yet.
    async fn template(&self, stack: &str) -> Result<String, Failure>;
    /// The resources of one stack: name in the template, and id.
    async fn resources(&self, stack: &str) -> Result<Vec<(String, String)>, Failure>;
    /// The nested stacks.
    async fn nested(&self, stack: &str) -> Result<Vec<Nested>, Failure>;
    /// The events of one stack, oldest first.
    async fn events(&self, stack: &str) -> Result<Vec<StackEvent>, Failure>;
    /// Begins to make a change set. The service makes it in its own time.
    async fn create_change_set(
        &self,
        operation: Operation,
        target: &Target,
    ) -> Result<Creation, Failure>;
    /// The names of the change sets of a stack that nobody has carried out.
    async fn change_sets(&self, stack: &str) -> Result<Vec<String>, Failure>;
    /// How far it is.
    async fn change_set(&self, name: ChangeSetName<'_>) -> Result<ChangeSet, Failure>;
    /// What the service wrote down of the failure of a change set, by its id.
    async fn failed_events(&self, change_set: &str) -> Result<Vec<FailedEvent>, Failure>;
    /// Begins to delete it, with those of the nested stacks.
    async fn delete_change_set(&self, stack: &str, name: &str) -> Result<Taken, Failure>;
    /// Begins to carry it out.
    async fn execute_change_set(&self, stack: &str, name: &str) -> Result<Taken, Failure>;
    /// Begins to delete the stack.
    async fn delete_stack(&self, stack: &str) -> Result<(), Failure>;
    /// Begins to finish the way back from a failed update.
    async fn continue_rollback(&self, stack: &str) -> Result<(), Failure>;
    /// Begins CloudFormation's own drift detection of one stack; answers its id.
    async fn begin_drift_detection(&self, stack: &str) -> Result<String, Failure>;
    /// How far the detection is.
    async fn drift_detection(&self, stack: &str, detection: &str) -> Result<Detection, Failure>;
}

/// Lambda: the code that runs.
#[async_trait]
pub trait Functions: Debug + Send + Sync {
    /// A function; `None` when there is none.
    async fn function(&self, function: &str) -> Result<Option<FunctionState>, Failure>;
    /// Begins to update the function's code from the bucket.
    async fn update_code(&self, function: &str, bucket: &str, key: &str) -> Result<(), Failure>;
}

/// CloudFront: the console, published and fetched.
#[async_trait]
pub trait ConsoleDistribution: Debug + Send + Sync {
    /// Publishes the console by the custom resource's own code; answers the invalidation.
    async fn publish_console(&self, console: &Console) -> Result<String, Failure>;
    /// Whether the distribution has forgotten what the invalidation names.
    async fn is_forgotten(&self, distribution: &str, invalidation: &str) -> Result<bool, Failure>;
    /// What a browser gets at a path of the console.
    async fn fetch(&self, console: &Console, path: &str) -> Result<Vec<u8>, Failure>;
}

/// DynamoDB: the tables of the product, and what they say of its executions.
#[async_trait]
pub trait ProductTables: Debug + Send + Sync {
    /// Whether there is such a table.
    async fn table(&self, table: &str) -> Result<Presence, Failure>;
    /// Deletes a table, also where it is protected from that.
    async fn delete_table(&self, table: &str) -> Result<(), Failure>;
    /// Every instance that the product's executions have brought up and nobody has seen go.
    async fn left_instances(&self, settings: &Settings) -> Result<Vec<LeftInstance>, Failure>;
    /// The executions that have work left, by the table's index.
    async fn live_executions(&self, table: &str) -> Result<Vec<LiveExecution>, Failure>;
}

/// Cognito: the pool of the people who sign in.
#[async_trait]
pub trait UserPools: Debug + Send + Sync {
    /// The name of a user pool, by its id; `None` when there is none.
    async fn user_pool(&self, pool: &str) -> Result<Option<String>, Failure>;
    /// Deletes a user pool with its users, also where it is protected from that.
    async fn delete_user_pool(&self, pool: &str) -> Result<(), Failure>;
}

/// AWS, as far as a deployment needs it, in one account and Region.
#[async_trait]
pub trait Cloud:
    ObjectStore + Stacks + Functions + ConsoleDistribution + ProductTables + UserPools
{
    /// The account that the credentials belong to.
    async fn account(&self) -> Result<String, Failure>;
    /// Waits until it is time to look again.
    async fn pause(&self);
}
